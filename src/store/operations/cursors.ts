import { fitKey } from '../fit-key.ts';
import type { Session } from '../session.ts';
import type { Place } from '../store.ts';
import { requireLease } from './leases.ts';

/** Writes a small value under a name, whatever was there; with a fence only while that lease is held. */
export async function writeCursor(trx: Session, input: Place): Promise<void> {
  if (input.under) await requireLease(trx, input.under);
  const name = fitKey(input.name);
  const { value } = input;
  const result = await trx.db.updateTable('cursors').set({ value }).where('name', '=', name).executeTakeFirst();
  if (result.numUpdatedRows > 0n) return;
  await trx.db.insertInto('cursors').values({ name, value }).execute();
}
