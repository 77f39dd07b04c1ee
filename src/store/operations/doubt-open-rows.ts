import type { Instant } from '../../domain/call.ts';
import { restoredCursor } from '../../domain/restored.ts';
import type { Session } from '../session.ts';
import { writeCursor } from './cursors.ts';

const openStates = ['held', 'pending', 'claimed', 'submitted'] as const;
/** A statement over all that wait may be cut off by its time. */
const rowsAtOnce = 1000;

/**
 * Notes when an older database was put back. By that alone every write-back of a call of before is looked at first, also
 * where the rest was cut off. Nobody has a lease or a log-in of then: who was logged out since must not be in again.
 */
export async function beginRestored(trx: Session, { now }: { now: Instant }): Promise<void> {
  await writeCursor(trx, { name: restoredCursor, value: now });
  await trx.db.updateTable('leases').set({ holder: '', expires_at: '' }).execute();
  await trx.db.deleteFrom('console_sessions').execute();
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
