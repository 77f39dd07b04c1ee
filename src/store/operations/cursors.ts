import { fitKey } from '../fit-key.ts';
import type { Session } from '../session.ts';

/** Writes a small value under a name, whatever was there. */
export async function writeCursor(trx: Session, input: { name: string; value: string }): Promise<void> {
  const name = fitKey(input.name);
  const { value } = input;
  const result = await trx.db.updateTable('cursors').set({ value }).where('name', '=', name).executeTakeFirst();
  if (result.numUpdatedRows > 0n) return;
  await trx.db.insertInto('cursors').values({ name, value }).execute();
}
