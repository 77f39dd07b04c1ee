import type { Instant } from '../../domain/call.ts';
import type { NamedMapping } from '../../domain/mapping.ts';
import type { Session } from '../session.ts';
import { isDuplicate } from '../store-errors.ts';

/** Keeps a mapping under its version, before any call begins with it. One that is there already is the same. */
export async function keepMapping(
  trx: Session,
  { version, mapping, now }: NamedMapping & { now: Instant },
): Promise<void> {
  const known = await trx.db.selectFrom('mappings').select('version').where('version', '=', version).executeTakeFirst();
  if (known) return;
  try {
    await trx.db
      .insertInto('mappings')
      .values({ version, mapping: JSON.stringify(mapping), kept_at: now })
      .execute();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
