import { sql } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { Aspect, WriteBackState } from '../../domain/write-back.ts';
import type { Session } from '../session.ts';
import { campaignOfTarget } from '../target-campaign.ts';

/** Write-backs of one dialer, aspect and state that are not at their end, or at one that an operator can mend. */
export interface OpenWriteBacks {
  dialer: string;
  aspect: Aspect;
  state: WriteBackState;
  count: number;
  /** Those whose time has come. */
  due: number;
  oldestDueAt: Instant;
}

export const openStates = ['held', 'pending', 'claimed', 'submitted', 'refused', 'dead'] as const;

/** Counts what is open from the index alone: millions that are confirmed cost nothing. */
export async function countOpenWriteBacks(session: Session, now: Instant): Promise<OpenWriteBacks[]> {
  const rows = await session.db
    .selectFrom('write_backs')
    .select((expression) => [
      'state',
      'dialer',
      'aspect',
      expression.fn.countAll().as('count'),
      sql<number>`sum(case when due_at <= ${now} then 1 else 0 end)`.as('due'),
      expression.fn.min('due_at').as('oldest'),
    ])
    .where('state', 'in', [...openStates])
    .groupBy(['state', 'dialer', 'aspect'])
    .execute();
  return rows
    .map(({ state, dialer, aspect, count, due, oldest }) => ({
      dialer,
      aspect: aspect as Aspect,
      state: state as WriteBackState,
      count: Number(count),
      due: Number(due),
      oldestDueAt: oldest,
    }))
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

function nameOf({ dialer, aspect, state }: OpenWriteBacks): string {
  return `${dialer} ${aspect} ${openStates.indexOf(state as (typeof openStates)[number])}`;
}

export interface CountUpTo {
  states: readonly WriteBackState[];
  dialer?: string;
  aspect?: Aspect;
  /** Goes through all rows of the state, as no index has it. */
  campaign?: string;
  /** Of one state no more than these are counted. */
  most: number;
}

/** The same for some states, and no further than somebody reads: a backlog of millions costs no more than a short one. */
export async function countWriteBacksUpTo(
  session: Session,
  { states, dialer, aspect, campaign, most }: CountUpTo,
): Promise<Omit<OpenWriteBacks, 'due'>[]> {
  const counts: Omit<OpenWriteBacks, 'due'>[] = [];
  for (const state of states) {
    let some = session.db
      .selectFrom('write_backs')
      .select(['dialer', 'aspect', 'due_at'])
      .where('state', '=', state)
      .limit(most);
    if (dialer) some = some.where('dialer', '=', dialer);
    if (aspect) some = some.where('aspect', '=', aspect);
    if (campaign) some = some.where(campaignOfTarget(session.kind), '=', campaign);
    const rows = await session.db
      .selectFrom(some.as('some'))
      .select(({ fn }) => ['dialer', 'aspect', fn.countAll().as('count'), fn.min('due_at').as('oldest')])
      .groupBy(['dialer', 'aspect'])
      .execute();
    for (const row of rows) {
      const count = Number(row.count);
      counts.push({ dialer: row.dialer, aspect: row.aspect as Aspect, state, count, oldestDueAt: row.oldest });
    }
  }
  return counts;
}

/** More open rows than these are not put in order: those that failed come before them, then those that are due first. */
const mostOrdered = 5000;

/** Calls with an opt-out that some of these dialers does not hold yet, at most so many, those told first before others. */
export async function callsWithOpenOptOut(
  session: Session,
  { dialers, limit }: { dialers: readonly string[]; limit: number },
): Promise<string[]> {
  if (dialers.length === 0) return [];
  const open = session.db
    .selectFrom('write_backs')
    .select('correlation_id')
    .where('state', 'in', [...openStates])
    .where('dialer', 'in', [...dialers])
    .where('aspect', '=', 'dnc')
    .limit(mostOrdered)
    .as('open');
  const rows = await session.db
    .selectFrom(open)
    .innerJoin('opt_outs', 'opt_outs.correlation_id', 'open.correlation_id')
    .select(({ fn }) => ['open.correlation_id', fn.min('opt_outs.at').as('told')])
    .where('opt_outs.undone', '=', 0)
    .groupBy('open.correlation_id')
    .orderBy('told')
    .orderBy('open.correlation_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.correlation_id);
}
