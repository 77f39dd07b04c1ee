import type { Kysely } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { AgedKind } from '../../domain/purged.ts';
import { isOld, keyOfOld, type OldRow } from '../reads/old-rows.ts';
import type { Session } from '../session.ts';

/** Drops rows that were read as old, each only if it still is, and no lead of somebody who opted out. Gives how many. */
export async function dropOldRows(
  trx: Session,
  input: { kind: AgedKind; before: Instant; rows: readonly OldRow[] },
): Promise<number> {
  const { kind, before, rows } = input;
  // One shape for five tables: their names and keys are constants of ours.
  const db = trx.db as unknown as Kysely<Record<string, OldRow>>;
  let count = 0;
  for (const row of rows) {
    let now = db.selectFrom(kind as string).selectAll();
    let gone = db.deleteFrom(kind as string);
    for (const column of keyOfOld(kind)) {
      now = now.where(column, '=', row[column] as string);
      gone = gone.where(column, '=', row[column] as string);
    }
    const held = (await (trx.kind === 'mysql' ? now.forUpdate() : now).executeTakeFirst()) as OldRow | undefined;
    if (!held || !isOld(kind, held, before)) continue;
    if (kind === 'leads' && (await isOptedOut(trx, row))) continue;
    count += Number((await gone.executeTakeFirst()).numDeletedRows);
    if (kind !== 'leads') continue;
    const numbers = trx.db.deleteFrom('lead_phones').where('dialer', '=', String(row.dialer));
    await numbers.where('lead_key', '=', String(row.lead_key)).execute();
  }
  return count;
}

/** Whose name is evidence, as long as the opt-out stands. */
async function isOptedOut(trx: Session, { dialer, lead_key: key }: OldRow): Promise<boolean> {
  const found = await trx.db
    .selectFrom('lead_phones')
    .innerJoin('opt_outs', 'opt_outs.phone', 'lead_phones.phone')
    .select('opt_outs.phone')
    .where('lead_phones.dialer', '=', String(dialer))
    .where('lead_phones.lead_key', '=', String(key))
    .where('opt_outs.undone', '=', 0)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
