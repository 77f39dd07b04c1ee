import type { Instant } from '../../domain/call.ts';
import { restoredCursor, restoredFinding, restoredWaitCursor } from '../../domain/restored.ts';
import { readCursor } from '../reads/cursors.ts';
import type { Session } from '../session.ts';
import { raiseAttention } from './attention.ts';
import { writeCursor } from './cursors.ts';

const openStates = ['held', 'pending', 'claimed', 'submitted'] as const;
/** A statement over all that wait may be cut off by its time. */
const rowsAtOnce = 1000;

/**
 * Notes when an older database was put back. By that alone every write-back of a call of before is looked at first, also
 * where the rest was cut off. Nobody has a lease or a log-in of then: who was logged out since must not be in again.
 *
 * And what a call wanted of its record waits until later calls are known that came since the backup.
 */
export async function beginRestored(trx: Session, { now }: { now: Instant }): Promise<void> {
  await writeCursor(trx, { name: restoredCursor, value: now });
  // Told twice, it is the same backup: what came first tells best how old it is.
  const waited = await readCursor(trx, restoredWaitCursor);
  const callsSince = waited || (await lastKnown(trx)) || now;
  await writeCursor(trx, { name: restoredWaitCursor, value: callsSince });
  const [key, details] = [restoredFinding(callsSince), { since: callsSince, ...whatWaits }];
  // The same backup, put back once more after all was settled.
  if (!waited) await trx.db.deleteFrom('attention').where('kind', '=', 'finding').where('item_key', '=', key).execute();
  await raiseAttention(trx, { items: [{ kind: 'finding', key, details }], now });
  await trx.db.updateTable('leases').set({ holder: '', expires_at: '' }).execute();
  await trx.db.deleteFrom('console_sessions').execute();
}

const whatWaits = {
  why: 'a backup was put back: dispositions, callbacks and fields of calls before it wait, as a later call may have set them since',
  hint: 'Run: npx patchbay reconcile. Where it can not tell of the calls since: npx patchbay store restored --go-on',
};

/** When anything of a call changed last. */
async function lastKnown(trx: Session): Promise<Instant> {
  const last = trx.db.selectFrom('calls').select(({ fn }) => fn.max('changed_at').as('at'));
  return (await last.executeTakeFirst())?.at ?? '';
}

/**
 * Puts the next rows in doubt that may have been sent since the backup was made, and takes them from the worker that had
 * them then: nobody has. Gives how many; none when all are.
 */
export async function doubtOpenRows(trx: Session, _all: object = {}): Promise<number> {
  const rows = await trx.db
    .selectFrom('write_backs')
    .select(['id', 'state'])
    .where('state', 'in', openStates)
    .where((row) => row.or([row('in_doubt', '=', 0), row('claim', '<>', ''), row('state', '=', 'claimed')]))
    .limit(rowsAtOnce)
    .execute();
  if (rows.length === 0) return 0;
  const had = rows.filter(({ state }) => state === 'claimed').map(({ id }) => id);
  const ids = rows.map(({ id }) => id);
  const doubted = trx.db.updateTable('write_backs').set({ in_doubt: 1, claim: '', claimed_until: null });
  await doubted.where('id', 'in', ids).execute();
  if (had.length > 0)
    await trx.db.updateTable('write_backs').set({ state: 'pending' }).where('id', 'in', had).execute();
  return rows.length;
}
