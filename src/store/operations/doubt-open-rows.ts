import type { Instant } from '../../domain/call.ts';
import { restoredCursor } from '../../domain/restored.ts';
import type { Session } from '../session.ts';
import { writeCursor } from './cursors.ts';

/**
 * Puts every row in doubt that may have been sent since the backup was made, and takes it from the worker that had it
 * then: nobody has. Gives how many.
 */
export async function doubtOpenRows(trx: Session, { now }: { now: Instant }): Promise<number> {
  await writeCursor(trx, { name: restoredCursor, value: now });
  const { numUpdatedRows } = await trx.db
    .updateTable('write_backs')
    .set({ in_doubt: 1, claim: '', claimed_until: null })
    .where('state', 'in', ['held', 'pending', 'claimed', 'submitted'])
    .executeTakeFirst();
  await trx.db.updateTable('write_backs').set({ state: 'pending' }).where('state', '=', 'claimed').execute();
  return Number(numUpdatedRows);
}
