import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { OperationContext, Session } from '../session.ts';
import { replanCall } from './replan.ts';
import { lockCalls } from './resolve-call.ts';

/**
 * Makes confirmed rows due again that their dialer turned out not to hold; gives the ids of those that are. They come in
 * doubt, so that the dialer is read before it is written to. A row that a later revision followed stays as it is, and one
 * whose wish the facts no longer hold is cancelled.
 */
export async function redoWriteBacks(
  trx: Session,
  input: { ids: readonly string[]; why: string; now: Instant },
  context: OperationContext,
): Promise<string[]> {
  const due: string[] = [];
  for (const id of input.ids) if (await redo(trx, id, input, context)) due.push(id);
  return due;
}

async function redo(
  trx: Session,
  id: string,
  { why, now }: { why: string; now: Instant },
  context: OperationContext,
): Promise<boolean> {
  const row = await selectRow.first(trx, { id });
  if (row?.state !== 'confirmed') return false;
  await lockCalls(trx, [row.correlation_id]);
  if (await selectLater.first(trx, row)) return false;
  if ((await reopenRow.change(trx, { id, why, now })) !== 1) return false;
  await replanCall(trx, row.correlation_id, now, context);
  return (await selectRow.first(trx, { id }))?.state === 'pending';
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
      .select('id')
      .where('correlation_id', '=', param('correlation_id'))
      .where('dialer', '=', param('dialer'))
      .where('aspect', '=', param('aspect'))
      .where('revision', '>', param('revision'))
      .where('state', 'not in', ['superseded', 'cancelled'])
      .limit(1),
);

const reopenRow = prepareQuery((db, param: Param<{ id: string; why: string; now: string }>) =>
  db
    .updateTable('write_backs')
    .set({ state: 'pending', due_at: param('now'), attempts: 0, in_doubt: 1, settled_at: null, why: param('why') })
    .where('id', '=', param('id'))
    .where('state', '=', 'confirmed'),
);
