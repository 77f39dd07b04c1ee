import type { Instant } from '../../domain/call.ts';
import { decideOutcome } from '../../domain/outcome.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { selectFacts } from '../reads/calls.ts';
import { factOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { CallRow } from '../tables.ts';
import { keepOptOuts } from './keep-opt-outs.ts';
import { leaveHour } from './left-hours.ts';
import { planCall } from './plan-call.ts';
import { shapeCall } from './shape-call.ts';

export interface DeriveOptions {
  expiresAt: Instant;
  /** The time by `deps.clock`. */
  now: Instant;
  /** In a drill: everything that is wanted is written again, whatever was written before. */
  isForced: boolean;
}

/** More leads than a person and their family have under one number. */
export const defaultSharedNumberLeads = 20;

/** Judges a call anew from all its facts: its row, its opt-outs, its write-backs. */
export async function deriveCall(
  trx: Session,
  call: CallRow,
  options: DeriveOptions,
  context: OperationContext,
): Promise<{ call: CallRow; hasChanged: boolean; optedOut?: readonly string[] }> {
  const facts = (await selectFacts.all(trx, { id: call.correlation_id })).map(factOf);
  const outcome = decideOutcome(facts);
  const shaped = { ...shapeCall(call, facts, outcome), expires_at: options.expiresAt };
  if (!isSame(shaped, call)) {
    shaped.changed_at = options.now;
    await updateCall.change(trx, valuesOf(shaped));
    if (shaped.registered_at !== call.registered_at) await leaveHour(trx, call);
  }
  if (outcome === null && call.outcome === null) return { call: shaped, hasChanged: false };

  const { now, isForced } = options;
  const { sharedNumberLeads = defaultSharedNumberLeads } = context.rules;
  const kept = await keepOptOuts(trx, call.correlation_id, facts, outcome, { now, sharedNumberLeads });
  const hasChanged = await planCall(
    trx,
    { correlationId: call.correlation_id, facts, outcome, now, isForced, ...kept },
    context,
  );
  return { call: shaped, hasChanged, ...(kept.person && { optedOut: kept.person.phones }) };
}

function isSame(one: CallRow, other: CallRow): boolean {
  for (const key of Object.keys(one) as (keyof CallRow)[]) if (one[key] !== other[key]) return false;
  return true;
}

type CallValues = { [K in Exclude<keyof CallRow, 'created_at'>]: CallRow[K] };

function valuesOf({ created_at: _, ...row }: CallRow): CallValues {
  return row;
}

const updateCall = prepareQuery((db, param: Param<CallValues>) =>
  db
    .updateTable('calls')
    .set({
      dialer: param('dialer'),
      campaign: param('campaign'),
      lead_key: param('lead_key'),
      phone: param('phone'),
      route: param('route'),
      reason: param('reason'),
      registered_at: param('registered_at'),
      expires_at: param('expires_at'),
      is_registered: param('is_registered'),
      outcome: param('outcome'),
      outcome_code: param('outcome_code'),
      agent: param('agent'),
      agent_version: param('agent_version'),
      person: param('person'),
      talk_sec: param('talk_sec'),
      first_word_ms: param('first_word_ms'),
      is_transferred: param('is_transferred'),
      changed_at: param('changed_at'),
    })
    .where('correlation_id', '=', param('correlation_id')),
);
