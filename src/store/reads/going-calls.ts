import type { Instant } from '../../domain/call.ts';
import { dialRoute } from '../../domain/dialling.ts';
import type { CallsOfPlatform } from '../../domain/slots.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** Which calls are looked for: those of these campaigns that may be with the AI now. */
export interface GoingQuery {
  of: readonly CallsOfPlatform[];
  now: Instant;
  /** Whatever is told of older ones, they are over. */
  longestMs: number;
}

/** From a registration to the platform's word that the conversation began, generously. */
const ringMs = 60_000;
/** From a committed outcome to the end of the conversation, generously. */
const farewellMs = 120_000;
/** Of a call with one of these nobody is on the line any more, whether or not a length was told. */
const ends = ['', 'hung_up', 'voicemail', 'no_answer', 'busy', 'failed', 'unknown'];
const aiRoutes = ['ai', dialRoute];

/**
 * How many calls the AI has now, as far as was told. Without an outcome a call goes on; so it does for a while where the agent
 * has committed one and nobody told the end. A call of which its platform says nothing never got there, once it told
 * of a later one; while it tells of none they all count, as its webhooks may be away.
 */
export async function goingCalls(session: Session, { of, now, longestMs }: GoingQuery): Promise<number> {
  const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  let going = 0;
  for (const each of of) {
    const span = { dialer: each.dialer, since: before(longestMs) };
    const heard = await selectLastHeard.first(session, span);
    const unheardSince = earlier(before(ringMs), heard?.registered_at ?? span.since);
    const rows = [
      ...(await selectOpen.all(session, { ...span, unheardSince })),
      ...(await selectTakingLeave.all(session, { ...span, changedSince: before(farewellMs) })),
    ];
    for (const { campaign, calls } of rows) if (isOf(each, campaign)) going += Number(calls);
  }
  return going;
}

function isOf({ campaigns, isAllBut }: CallsOfPlatform, campaign: string): boolean {
  return campaigns.includes(campaign) !== isAllBut;
}

function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

interface Span extends Record<string, string> {
  dialer: string;
  since: string;
}

/** By the index alone: `calls_by_time_and_marks` has the agent. */
const selectLastHeard = prepareQuery((db, param: Param<Span>) =>
  db
    .selectFrom('calls')
    .select('registered_at')
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('since'))
    .where('agent', '<>', '')
    .orderBy('registered_at', 'desc')
    .limit(1),
);

/** A platform tells of calls that it places itself when they begin: what waits to be dialled is not with the AI. */
const selectOpen = prepareQuery((db, param: Param<Span & { unheardSince: string }>) =>
  db
    .selectFrom('calls')
    .select(({ fn }) => ['campaign', fn.countAll().as('calls')])
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('since'))
    .where('outcome_code', '=', '')
    .where('is_registered', '=', 1)
    .where(({ and, or, eb }) =>
      or([
        and([eb('agent', '<>', ''), eb('route', 'in', aiRoutes)]),
        and([eb('agent', '=', ''), eb('route', '=', 'ai'), eb('registered_at', '>=', param('unheardSince'))]),
      ]),
    )
    .groupBy('campaign'),
);

const selectTakingLeave = prepareQuery((db, param: Param<Span & { changedSince: string }>) =>
  db
    .selectFrom('calls')
    .select(({ fn }) => ['campaign', fn.countAll().as('calls')])
    .where('changed_at', '>=', param('changedSince'))
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('since'))
    .where('is_registered', '=', 1)
    .where('outcome_code', 'not in', ends)
    .where('route', 'in', aiRoutes)
    // The platform's word of the end tells how long was spoken; people, or a transfer that was done, end the AI's part too.
    .where('talk_sec', '=', 0)
    .where('is_transferred', '=', 0)
    .groupBy('campaign'),
);
