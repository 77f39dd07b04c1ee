import type { CallCount } from '../../domain/call-marks.ts';
import { type CountedHour, countCursor } from '../../domain/call-search.ts';
import { prepareInsert } from '../prepared-insert.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { firstWordsColumns } from '../reads/call-counts.ts';
import type { Session } from '../session.ts';
import type { CallHourRow, LeftHourRow } from '../tables.ts';
import { writeCursor } from './cursors.ts';

export interface KeepCountsInput {
  /** The cursor's value as it was when the counting began, and what it is to be. */
  was: string;
  is: string;
  hours: readonly CountedHour[];
  /** Every day that has a part in them. */
  days: readonly CountedHour[];
  counts: readonly CallCount[];
  /** What was looked at by this. */
  left: readonly LeftHourRow[];
}

/** Puts the counts of whole hours in the place of earlier ones. False, and nothing is kept, when another counted meanwhile. */
export async function keepCounts(trx: Session, input: KeepCountsInput): Promise<boolean> {
  const { was, is, hours, days, counts, left } = input;
  const { db } = trx;
  const lock = db.selectFrom('cursors').select('value').where('name', '=', countCursor);
  const held = await (trx.kind === 'mysql' ? lock.forUpdate() : lock).executeTakeFirst();
  if ((held?.value ?? '') !== was) return false;
  await writeCursor(trx, { name: countCursor, value: is });
  for (const hour of hours) await deleteHour.change(trx, { ...hour });
  await insertCounts(trx, counts.map(rowOf));
  for (const { hour: day, before } of days) {
    await deleteDay.change(trx, { day, before });
    const sums = await sumDay.all(trx, { day, before });
    await insertDays(
      trx,
      sums.map((row) => ({ ...row, day })),
    );
  }
  for (const each of left) await deleteLeft.change(trx, { ...each });
  return true;
}

function rowOf(count: CallCount): CallHourRow {
  const firstWords = firstWordsColumns.map((column, step) => [column, count.firstWords[step] ?? 0]);
  return {
    hour: count.hour,
    dialer: count.dialer,
    campaign: count.campaign,
    agent: count.agent,
    agent_version: count.agentVersion,
    outcome_code: count.outcome,
    calls: count.calls,
    transferred: count.transferred,
    talk_sec: count.talkSec,
    ...(Object.fromEntries(firstWords) as Pick<CallHourRow, (typeof firstWordsColumns)[number]>),
  };
}

const marks = ['dialer', 'campaign', 'agent', 'agent_version', 'outcome_code'] as const;
const sums = ['calls', 'transferred', 'talk_sec', ...firstWordsColumns] as const;
const insertCounts = prepareInsert('call_hours', ['hour', ...marks, ...sums]);
const insertDays = prepareInsert('call_days', ['day', ...marks, ...sums]);

const sumDay = prepareQuery((db, param: Param<{ day: string; before: string }>) =>
  db
    .selectFrom('call_hours')
    .select([...marks])
    .select((expression) => sums.map((column) => expression.fn.sum<number>(column).as(column)))
    .where('hour', '>=', param('day'))
    .where('hour', '<', param('before'))
    .groupBy([...marks]),
);

const deleteDay = prepareQuery((db, param: Param<{ day: string; before: string }>) =>
  db.deleteFrom('call_days').where('day', '>=', param('day')).where('day', '<', param('before')),
);

const deleteHour = prepareQuery((db, param: Param<{ hour: string; before: string }>) =>
  db.deleteFrom('call_hours').where('hour', '>=', param('hour')).where('hour', '<', param('before')),
);

const deleteLeft = prepareQuery((db, param: Param<{ correlation_id: string; registered_at: string }>) =>
  db
    .deleteFrom('left_hours')
    .where('correlation_id', '=', param('correlation_id'))
    .where('registered_at', '=', param('registered_at')),
);
