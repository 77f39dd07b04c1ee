import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { OperationContext, Session } from '../session.ts';
import { replanCall } from './replan.ts';
import { lockCalls } from './resolve-call.ts';

/**
 * Makes dead, refused and cancelled rows pending again; gives how many. A row that a later revision followed stays: it
 * would bring an old value back. One whose wish the facts no longer hold ends again and is not counted: a callback for
 * somebody who opted out since, or a value in the place of a human's.
 */
export async function replayWriteBacks(
  trx: Session,
  input: { ids: readonly string[]; now: Instant },
  context: OperationContext,
): Promise<number> {
  let count = 0;
  for (const id of input.ids) if (await replay(trx, id, input.now, context)) count += 1;
  return count;
}

async function replay(trx: Session, id: string, now: Instant, context: OperationContext): Promise<boolean> {
  const found = await selectRow.first(trx, { id });
  if (!found) return false;
  await lockCalls(trx, [found.correlation_id]);
  const later = await selectLater.all(trx, found);
  // What was planned after a failed row and taken back again says nothing: the facts are asked below.
  if (later.some(({ state }) => found.state === 'cancelled' || state !== 'cancelled')) return false;
  if ((await reviveRow.change(trx, { id, now })) !== 1) return false;
  await replanCall(trx, found.correlation_id, now, context);
  const after = await selectRow.first(trx, { id });
  return after?.state === 'pending';
}

const selectRow = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('write_backs')
    .select(['correlation_id', 'dialer', 'aspect', 'revision', 'state'])
    .where('id', '=', param('id')),
);

const selectLater = prepareQuery(
  (db, param: Param<{ correlation_id: string; dialer: string; aspect: string; revision: number; state: string }>) =>
    db
      .selectFrom('write_backs')
      .select('state')
      .where('correlation_id', '=', param('correlation_id'))
      .where('dialer', '=', param('dialer'))
      .where('aspect', '=', param('aspect'))
      .where('revision', '>', param('revision'))
      .where('state', '!=', 'superseded'),
);

const reviveRow = prepareQuery((db, param: Param<{ id: string; now: string }>) =>
  db
    .updateTable('write_backs')
    .set({
      state: 'pending',
      due_at: param('now'),
      attempts: 0,
      settled_at: null,
      claim: '',
      claimed_until: null,
      cancelled_by: '',
    })
    .where('id', '=', param('id'))
    .where('state', 'in', ['dead', 'refused', 'cancelled']),
);
