import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import { type CallCount, firstWordSteps } from '../../domain/call-marks.ts';
import {
  type CallChoices,
  type CountedHour,
  type CountQuery,
  countCursor,
  countDimensions,
  readCountPlace,
} from '../../domain/call-search.ts';
import { addDays, dayOf, startOfDay } from '../../domain/day-span.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { CallHourRow, FirstWordsColumn, LeftHourRow, Tables } from '../tables.ts';
import { readCursor } from './cursors.ts';

/** One for each step of `firstWordSteps`, and one above. */
export const firstWordsColumns = [...firstWordSteps, Number.POSITIVE_INFINITY].map(
  (_, step) => `first_words_${step}` as FirstWordsColumn,
);

const columns = {
  dialer: 'dialer',
  campaign: 'campaign',
  agent: 'agent',
  agentVersion: 'agent_version',
  outcome: 'outcome_code',
} as const;
const sums = ['calls', 'transferred', 'talk_sec', ...firstWordsColumns] as const;
type Mark = keyof typeof columns;

/** How many calls were counted, by what is asked for; in the order of that. Whole days are summed up from their own rows. */
export async function countHours(session: Session, query: CountQuery): Promise<CallCount[]> {
  const by = countDimensions.filter((dimension) => query.by?.includes(dimension) ?? true);
  const marks = by.filter((dimension): dimension is Mark => dimension !== 'hour');
  if (by.includes('hour')) return sumHours(session, query, marks, true);
  if (query.by?.includes('day')) return sumDays(session, query, marks, true);
  const days = await wholeDays(session, query);
  if (!days) return sumHours(session, query, marks, false);
  return merged([
    ...(await sumHours(session, { from: query.from, before: days.from }, marks, false)),
    ...(await sumDays(session, days, marks, false)),
    ...(await sumHours(session, { from: days.before, before: query.before }, marks, false)),
  ]);
}

type Span = Pick<CountQuery, 'from' | 'before'>;

async function wholeDays(session: Session, { from, before }: Span): Promise<Span | null> {
  const place = readCountPlace(await readCursor(session, countCursor));
  if (!place) return null;
  const first = dayOf(place.timeZone, from);
  const start = startOfDay(place.timeZone, first);
  const days = {
    from: start === from ? from : startOfDay(place.timeZone, addDays(first, 1)),
    before: startOfDay(place.timeZone, dayOf(place.timeZone, before)),
  };
  return days.from < days.before ? days : null;
}

async function sumHours(
  session: Session,
  { from, before }: Span,
  marks: readonly Mark[],
  isByHour: boolean,
): Promise<CallCount[]> {
  if (from >= before) return [];
  let query = session.db.selectFrom('call_hours').where('hour', '>=', from).where('hour', '<', before).select(summed);
  if (isByHour) query = query.select('hour').groupBy('hour').orderBy('hour');
  for (const mark of marks) query = query.select(columns[mark]).groupBy(columns[mark]).orderBy(columns[mark]);
  return (await query.execute()).filter(({ calls }) => calls !== null).map(countOf);
}

async function sumDays(
  session: Session,
  { from, before }: Span,
  marks: readonly Mark[],
  isByDay: boolean,
): Promise<CallCount[]> {
  let query = session.db.selectFrom('call_days').where('day', '>=', from).where('day', '<', before).select(summed);
  if (isByDay) query = query.select('day as hour').groupBy('day').orderBy('day');
  for (const mark of marks) query = query.select(columns[mark]).groupBy(columns[mark]);
  return (await query.execute()).filter(({ calls }) => calls !== null).map(countOf);
}

function summed(expression: ExpressionBuilder<Tables, 'call_hours' | 'call_days'>) {
  return sums.map((column) => expression.fn.sum<number>(column).as(column));
}

/** Puts the parts of a span together. */
function merged(counts: readonly CallCount[]): CallCount[] {
  const byName = new Map<string, CallCount>();
  for (const count of counts) {
    const { dialer, campaign, agent, agentVersion, outcome } = count;
    const name = [dialer, campaign, agent, agentVersion, outcome].join('\n');
    const known = byName.get(name);
    byName.set(name, known ? added(known, count) : count);
  }
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
}

function added(one: CallCount, other: CallCount): CallCount {
  return {
    ...one,
    calls: one.calls + other.calls,
    transferred: one.transferred + other.transferred,
    talkSec: one.talkSec + other.talkSec,
    firstWords: one.firstWords.map((count, step) => count + (other.firstWords[step] ?? 0)),
  };
}

/** What was counted within a span of time can be looked for. */
export async function callChoices(session: Session, { from }: { from: Instant }): Promise<CallChoices> {
  const rows = await session.db
    .selectFrom('call_days')
    .select(['dialer', 'campaign', 'agent', 'outcome_code'])
    .distinct()
    // A day that began earlier may reach into the span.
    .where('day', '>', new Date(Date.parse(from) - 86_400_000).toISOString())
    .execute();
  const all = (name: 'dialer' | 'campaign' | 'agent' | 'outcome_code') =>
    [...new Set(rows.map((row) => row[name]))].filter(Boolean).sort();
  return { dialers: all('dialer'), campaigns: all('campaign'), agents: all('agent'), outcomes: all('outcome_code') };
}

/** Counts the registered calls of some hours, from the calls themselves. */
export async function countCallsOf(
  session: Session,
  input: { hours: readonly CountedHour[]; dialers: readonly string[] },
): Promise<CallCount[]> {
  const counts: CallCount[] = [];
  for (const { hour, before } of input.hours) {
    for (const dialer of input.dialers) {
      const rows = await selectCounts.all(session, { dialer, hour, before });
      counts.push(...rows.map((row) => countOf({ ...(row as Partial<CallHourRow>), hour, dialer })));
    }
  }
  return counts;
}

/** When the calls were registered that changed since an instant: the minute, how many, and the last change. */
export async function changedMinutes(
  session: Session,
  since: Instant,
): Promise<{ minute: string; calls: number; changedAt: Instant }[]> {
  const rows = await selectChanged.all(session, { since });
  return rows.map(({ minute, calls, changedAt }) => ({ minute, calls: Number(calls), changedAt }));
}

/** Where calls were counted that are elsewhere by now, or nowhere. */
export async function leftHours(session: Session, limit: number): Promise<LeftHourRow[]> {
  return session.db.selectFrom('left_hours').selectAll().limit(limit).execute();
}

/** Calls that an earlier release wrote have no time of change. */
export async function unmarkedCalls(
  session: Session,
  limit: number,
): Promise<{ correlationId: string; registeredAt: Instant }[]> {
  const calls = session.db.selectFrom('calls').where('changed_at', '=', '').orderBy('registered_at', 'desc');
  return calls.select(['correlation_id as correlationId', 'registered_at as registeredAt']).limit(limit).execute();
}

/** When the last call before an instant was registered; null when there is none. */
export async function lastCallBefore(
  session: Session,
  input: { before: Instant; dialers: readonly string[] },
): Promise<Instant | null> {
  let last: Instant | null = null;
  for (const dialer of input.dialers) {
    const row = await selectLast.first(session, { dialer, before: input.before });
    if (row && (last === null || row.registered_at > last)) last = row.registered_at;
  }
  return last;
}

function countOf(row: Partial<CallHourRow>): CallCount {
  return {
    hour: row.hour ?? '',
    dialer: row.dialer ?? '',
    campaign: row.campaign ?? '',
    agent: row.agent ?? '',
    agentVersion: row.agent_version ?? '',
    outcome: row.outcome_code ?? '',
    calls: Number(row.calls),
    transferred: Number(row.transferred),
    talkSec: Number(row.talk_sec),
    firstWords: firstWordsColumns.map((column) => Number(row[column])),
  };
}

function within(step: number): RawBuilder<number> {
  const from = firstWordSteps[step - 1];
  const to = firstWordSteps[step];
  const isAbove = from === undefined ? sql`first_word_ms is not null` : sql`first_word_ms > ${sql.lit(from)}`;
  const isBelow = to === undefined ? sql`1 = 1` : sql`first_word_ms <= ${sql.lit(to)}`;
  return sql<number>`sum(case when ${isAbove} and ${isBelow} then 1 else 0 end)`;
}

const selectCounts = prepareQuery((db, param: Param<{ dialer: string; hour: string; before: string }>) =>
  db
    .selectFrom('calls')
    .select(['campaign', 'agent', 'agent_version', 'outcome_code'])
    .select((expression) => [
      expression.fn.countAll<number>().as('calls'),
      expression.fn.sum<number>('is_transferred').as('transferred'),
      expression.fn.sum<number>('talk_sec').as('talk_sec'),
      ...firstWordsColumns.map((column, step) => within(step).as(column)),
    ])
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('hour'))
    .where('registered_at', '<', param('before'))
    .where('is_registered', '=', 1)
    .groupBy(['campaign', 'agent', 'agent_version', 'outcome_code']),
);

const selectChanged = prepareQuery((db, param: Param<{ since: string }>) =>
  db
    .selectFrom('calls')
    .select((expression) => [
      sql<string>`substr(registered_at, 1, 16)`.as('minute'),
      expression.fn.countAll<number>().as('calls'),
      expression.fn.max('changed_at').as('changedAt'),
    ])
    .where('changed_at', '>=', param('since'))
    .where('is_registered', '=', 1)
    .groupBy(sql`substr(registered_at, 1, 16)`),
);

const selectLast = prepareQuery((db, param: Param<{ dialer: string; before: string }>) =>
  db
    .selectFrom('calls')
    .select('registered_at')
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '<', param('before'))
    .orderBy('registered_at', 'desc')
    .limit(1),
);
