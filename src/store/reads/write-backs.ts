import { sql } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { Backlog } from '../../domain/delivery.ts';
import type { Aspect, WriteBack, WriteBackState } from '../../domain/write-back.ts';
import { prepareByIds, rowsByIds } from '../prepared-query.ts';
import { writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { WriteBackFilter } from '../store.ts';
import { callById } from './calls.ts';

/** All revisions that were ever wanted for a call. */
export async function writeBacksOf(session: Session, correlationId: string): Promise<WriteBack[]> {
  const call = await callById(session, correlationId);
  const id = call?.correlationId ?? correlationId;
  return (await writeBacksOfCalls(session, [id])).get(id) ?? [];
}

/** The latest write-backs that fit, newest first. */
export async function writeBacks(session: Session, filter: WriteBackFilter): Promise<WriteBack[]> {
  let query = session.db.selectFrom('write_backs').selectAll();
  if (filter.states) query = query.where('state', 'in', [...filter.states]);
  if (filter.dialer) query = query.where('dialer', '=', filter.dialer);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(filter.limit).execute();
  return rows.map(writeBackOf);
}

export async function countWriteBacks(
  session: Session,
): Promise<{ dialer: string; state: WriteBackState; count: number; oldestDueAt: Instant | null }[]> {
  const rows = await session.db
    .selectFrom('write_backs')
    .select((expression) => [
      'dialer',
      'state',
      expression.fn.countAll().as('count'),
      expression.fn.min('due_at').as('oldest'),
    ])
    .groupBy(['dialer', 'state'])
    .orderBy('dialer')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({
    dialer: row.dialer,
    state: row.state as WriteBackState,
    count: Number(row.count),
    oldestDueAt: row.oldest,
  }));
}

/** What waits for a dialer, per aspect. */
export async function backlog(session: Session, input: { dialer: string; now: Instant }): Promise<Backlog[]> {
  const rows = await session.db
    .selectFrom('write_backs')
    .select((expression) => [
      'aspect',
      'state',
      expression.fn.countAll().as('count'),
      sql<number>`sum(case when due_at <= ${input.now} then 1 else 0 end)`.as('due'),
    ])
    .where('state', 'in', ['pending', 'submitted'])
    .where('dialer', '=', input.dialer)
    .groupBy(['aspect', 'state'])
    .orderBy('aspect')
    .execute();
  const byAspect = new Map<string, Backlog>();
  for (const { aspect, state, count, due } of rows) {
    const entry = byAspect.get(aspect) ?? { aspect: aspect as Aspect, waiting: 0, due: 0, submitted: 0 };
    if (state === 'submitted') entry.submitted = Number(count);
    else Object.assign(entry, { waiting: Number(count), due: Number(due) });
    byAspect.set(aspect, entry);
  }
  return [...byAspect.values()];
}

/** Calls with a write-back that waits for its mapping, in the order of their IDs, a page at a time. */
export async function heldCalls(session: Session, { after, limit, aspect }: HeldPage): Promise<string[]> {
  let query = session.db
    .selectFrom('write_backs')
    .select('correlation_id')
    .distinct()
    .where('state', '=', 'held')
    .where('correlation_id', '>', after)
    .orderBy('correlation_id')
    .limit(limit);
  if (aspect) query = query.where('aspect', '=', aspect);
  const rows = await query.execute();
  return rows.map((row) => row.correlation_id);
}

export interface HeldPage {
  after: string;
  limit: number;
  /** Of this aspect only. */
  aspect?: Aspect;
}

/** Calls whose plan must be looked at anew by now. */
export async function plansToRenew(session: Session, now: Instant): Promise<string[]> {
  const rows = await session.db
    .selectFrom('plans_to_renew')
    .select('correlation_id')
    .where('due_at', '<=', now)
    .execute();
  return rows.map((row) => row.correlation_id);
}

/** Ids of the rows that a bulk replay means: what failed, not what is no longer wanted. */
export async function replayable(session: Session, dialer: string | undefined): Promise<string[]> {
  let query = session.db.selectFrom('write_backs').select('id').where('state', 'in', ['dead', 'refused']);
  if (dialer) query = query.where('dialer', '=', dialer);
  const rows = await query.orderBy('correlation_id').orderBy('revision').execute();
  return rows.map((row) => row.id);
}

/** All revisions that were ever wanted for some calls, by their IDs. */
export async function writeBacksOfCalls(
  session: Session,
  correlationIds: readonly string[],
): Promise<Map<string, WriteBack[]>> {
  const rows = await rowsByIds(selectWriteBacks, session, correlationIds);
  return Map.groupBy(rows.map(writeBackOf), ({ correlationId }) => correlationId);
}

const selectWriteBacks = prepareByIds((db, ids) =>
  db
    .selectFrom('write_backs')
    .selectAll()
    .where('correlation_id', 'in', ids)
    .orderBy('correlation_id')
    .orderBy('dialer')
    .orderBy('aspect')
    .orderBy('revision'),
);
