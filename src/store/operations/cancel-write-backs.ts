import type { Instant } from '../../domain/call.ts';
import type { Desired, WriteBackState } from '../../domain/write-back.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import { lockCalls } from './resolve-call.ts';

export interface CancelInput {
  ids: readonly string[];
  /** Who takes them back: it keeps them from being planned again. */
  by: string;
  why: string;
  now: Instant;
}

export interface CancelledWriteBacks {
  cancelled: string[];
  /** What stays as it is: `under-way` is with the dialer, an `opt-out` is taken back in another way, the rest is `over`. */
  kept: { id: string; because: 'under-way' | 'opt-out' | 'over' | 'unknown' }[];
}

const open: readonly WriteBackState[] = ['held', 'pending', 'refused', 'dead'];

/**
 * Takes back what waits or failed, because a person says so: the same value is not planned again. What a worker or the
 * dialer has stays, and so does the last word of an opt-out.
 */
export async function cancelWriteBacks(trx: Session, input: CancelInput): Promise<CancelledWriteBacks> {
  const result: CancelledWriteBacks = { cancelled: [], kept: [] };
  for (const id of input.ids) {
    const because = await cancel(trx, id, input);
    if (because === null) result.cancelled.push(id);
    else result.kept.push({ id, because });
  }
  return result;
}

async function cancel(
  trx: Session,
  id: string,
  { by, why, now }: CancelInput,
): Promise<CancelledWriteBacks['kept'][number]['because'] | null> {
  const row = await selectRow.first(trx, { id });
  if (!row) return 'unknown';
  // Facts of the call may be planning it anew right now: one of the two must wait for the other.
  await lockCalls(trx, [row.correlation_id]);
  if (row.state === 'claimed' || row.state === 'submitted') return 'under-way';
  if (!open.includes(row.state as WriteBackState)) return 'over';
  const desired = JSON.parse(row.desired) as Desired;
  if (desired.aspect === 'dnc' && desired.listed && !(await selectFollower.first(trx, row))) return 'opt-out';
  const values = { id, by: fitKey(by, keyLengths.name), why: why.slice(0, maxWhyLength).toWellFormed(), now };
  // A worker may have taken it, or the plan replaced it, since it was read.
  return (await endRow.change(trx, values)) === 1 ? null : 'under-way';
}

const maxWhyLength = 1000;

const selectRow = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('write_backs')
    .select(['correlation_id', 'dialer', 'aspect', 'revision', 'state', 'desired'])
    .where('id', '=', param('id')),
);

/** A later revision that stands for the same. */
const selectFollower = prepareQuery(
  (
    db,
    param: Param<{
      correlation_id: string;
      dialer: string;
      aspect: string;
      revision: number;
      state: string;
      desired: string;
    }>,
  ) =>
    db
      .selectFrom('write_backs')
      .select('id')
      .where('correlation_id', '=', param('correlation_id'))
      .where('dialer', '=', param('dialer'))
      .where('aspect', '=', param('aspect'))
      .where('revision', '>', param('revision'))
      .where('state', 'not in', ['superseded', 'cancelled'])
      .limit(1),
);

const endRow = prepareQuery((db, param: Param<{ id: string; by: string; why: string; now: string }>) =>
  db
    .updateTable('write_backs')
    .set({ state: 'cancelled', settled_at: param('now'), cancelled_by: param('by'), why: param('why'), hint: '' })
    .where('id', '=', param('id'))
    .where('state', 'in', ['held', 'pending', 'refused', 'dead']),
);
