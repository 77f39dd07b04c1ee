import { type GivenCall, givenCallOf } from '../../domain/ai-health.ts';
import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { factsOfCalls } from '../reads/calls.ts';
import type { Session } from '../session.ts';

export interface GivenCallsQuery {
  dialer: string;
  /** Registered from one instant on, and before another. */
  from: Instant;
  before: Instant;
  /** Whose word counts. */
  platforms: readonly string[];
  /** What was told later than so after it happened did not come by a webhook in time. */
  silentMs: number;
}

/** The newest calls that a dialer gave to the AI, at most 60, the newest first, with what was told of each. */
export async function givenCalls(session: Session, query: GivenCallsQuery): Promise<GivenCall[]> {
  const { dialer, from, before, platforms, silentMs } = query;
  const rows = await selectGiven.all(session, { dialer, from, before });
  const facts = await factsOfCalls(
    session,
    rows.map(({ correlation_id }) => correlation_id),
  );
  const calls = rows.flatMap(({ correlation_id, first_word_ms }) => {
    const told = facts.get(correlation_id) ?? [];
    return givenCallOf(told, { firstWordMs: first_word_ms, platforms, silentMs }) ?? [];
  });
  return calls.sort((a, b) => b.givenAt - a.givenAt);
}

const selectGiven = prepareQuery((db, param: Param<{ dialer: string; from: string; before: string }>) =>
  db
    .selectFrom('calls')
    .select(['correlation_id', 'first_word_ms'])
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('from'))
    .where('registered_at', '<', param('before'))
    .where('is_registered', '=', 1)
    .where('route', '=', 'ai')
    .orderBy('registered_at', 'desc')
    .limit(60),
);
