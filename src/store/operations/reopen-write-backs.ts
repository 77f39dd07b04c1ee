import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { OperationContext, Session } from '../session.ts';
import { replanCall } from './replan.ts';
import { lockCalls } from './resolve-call.ts';

/**
 * Makes dead, refused and cancelled rows pending again; gives how many. What was only shown is released by a fact. From now on
 * their calls go by today's mapping: a person replays what failed once the mapping is mended.
 */
export async function replayWriteBacks(
  trx: Session,
  { ids, now }: { ids: readonly string[]; now: Instant },
  context: OperationContext,
): Promise<number> {
  return (await reopen(trx, ids, now, context, (id) => revive(trx, id, now, context))).length;
}

async function revive(trx: Session, id: string, now: Instant, { mapping = '' }: OperationContext): Promise<number> {
  const changes = await reviveRow.change(trx, { id, now });
  if (changes === 1) await remapCall.change(trx, { id, mapping });
  return changes;
}

/**
 * Makes confirmed rows due again that their dialer turned out not to hold; gives the ids of those that are. They come in
 * doubt, so that the dialer is read before it is written to.
 */
export async function redoWriteBacks(
  trx: Session,
  { ids, why, now }: { ids: readonly string[]; why: string; now: Instant },
  context: OperationContext,
): Promise<string[]> {
  return reopen(trx, ids, now, context, (id) => doubtRow.change(trx, { id, why, now }));
}

/**
 * The rows that are pending now. One that a later revision followed stays as it is: it would bring an old value back. One
 * whose wish the facts no longer hold ends again and does not count: a callback for somebody who opted out since, or a value
 * in the place of a human's.
 */
async function reopen(
  trx: Session,
  ids: readonly string[],
  now: Instant,
  context: OperationContext,
  change: (id: string) => Promise<number>,
): Promise<string[]> {
  const due: string[] = [];
  for (const id of ids) {
    const row = await selectRow.first(trx, { id });
    if (!row) continue;
    await lockCalls(trx, [row.correlation_id]);
    const later = await selectLater.all(trx, row);
    // What was planned after a row and taken back again says nothing, unless that row was taken back itself.
    if (later.some(({ state }) => row.state === 'cancelled' || state !== 'cancelled')) continue;
    if ((await change(id)) !== 1) continue;
    await replanCall(trx, row.correlation_id, now, context);
    if ((await selectRow.first(trx, { id }))?.state === 'pending') due.push(id);
  }
  return due;
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
      spared: 0,
      settled_at: null,
      claim: '',
      claimed_until: null,
      cancelled_by: '',
    })
    .where('id', '=', param('id'))
    .where('state', 'in', ['dead', 'refused', 'cancelled']),
);

const remapCall = prepareQuery((db, param: Param<{ id: string; mapping: string }>) =>
  db
    .updateTable('calls')
    .set({ mapping: param('mapping') })
    .where('correlation_id', '=', (of) =>
      of.selectFrom('write_backs').select('correlation_id').where('id', '=', param('id')),
    ),
);

const doubtRow = prepareQuery((db, param: Param<{ id: string; why: string; now: string }>) =>
  db
    .updateTable('write_backs')
    .set({
      state: 'pending',
      due_at: param('now'),
      attempts: 0,
      spared: 0,
      in_doubt: 1,
      settled_at: null,
      why: param('why'),
    })
    .where('id', '=', param('id'))
    .where('state', '=', 'confirmed'),
);
