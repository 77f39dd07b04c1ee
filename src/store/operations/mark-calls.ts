import type { Instant } from '../../domain/call.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { factsOfCalls } from '../reads/calls.ts';
import type { Session } from '../session.ts';
import { codeOf, marksOf } from './shape-call.ts';

export interface MarkCallsInput {
  correlationIds: readonly string[];
  /** Calls that were registered from then on are counted already: they are to be counted again. */
  countedFrom: Instant;
  now: Instant;
}

/** Gives calls of an earlier release their marks. What was told of a call meanwhile has marked it. */
export async function markCalls(trx: Session, { correlationIds, countedFrom, now }: MarkCallsInput): Promise<void> {
  for (const id of correlationIds) {
    const row = await selectUnmarked.first(trx, { id });
    if (!row) continue;
    const facts = (await factsOfCalls(trx, [id])).get(id) ?? [];
    const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome);
    const changedAt = row.registered_at < countedFrom ? row.registered_at : now;
    await markRow.change(trx, { id, outcome_code: codeOf(outcome), ...marksOf(facts), changed_at: changedAt || now });
  }
}

const selectUnmarked = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('calls')
    .select(['outcome', 'registered_at'])
    .where('correlation_id', '=', param('id'))
    .where('changed_at', '=', ''),
);

type MarkValues = ReturnType<typeof marksOf> & { id: string; outcome_code: string; changed_at: string };

const markRow = prepareQuery((db, param: Param<{ [K in keyof MarkValues]: MarkValues[K] }>) =>
  db
    .updateTable('calls')
    .set({
      outcome_code: param('outcome_code'),
      agent: param('agent'),
      agent_version: param('agent_version'),
      person: param('person'),
      talk_sec: param('talk_sec'),
      first_word_ms: param('first_word_ms'),
      is_transferred: param('is_transferred'),
      changed_at: param('changed_at'),
    })
    .where('correlation_id', '=', param('id'))
    .where('changed_at', '=', ''),
);
