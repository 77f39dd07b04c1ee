import { purgedCursor, purgedOwner, type WhyKept } from '../../domain/purged.ts';
import { readCursor } from '../reads/cursors.ts';
import { type PurgeTerms, tablesOfCall, whyKept } from '../reads/purge.ts';
import type { Session } from '../session.ts';
import { writeCursor } from './cursors.ts';
import { lockCalls } from './resolve-call.ts';

/**
 * Purges those of some calls that may go, judged anew under their lock, with all that belongs to them. Their names stay as
 * those of purged calls; the counts of their hours stay, and are never counted anew. Gives how many rows of each table went.
 */
export async function purgeCalls(
  trx: Session,
  input: PurgeTerms & { correlationIds: readonly string[] },
): Promise<{ rows: Record<string, number>; kept: WhyKept[] }> {
  const kept: WhyKept[] = [];
  const gone: string[] = [];
  for (const call of await lockCalls(trx, input.correlationIds)) {
    const why = await whyKept(trx, call, input);
    if (why) kept.push(why);
    else gone.push(call.correlation_id);
  }
  const rows: Record<string, number> = {};
  if (gone.length === 0) return { rows, kept };

  // Before the first call is missing from its hour: who counts meanwhile must know.
  if ((await readCursor(trx, purgedCursor)) < input.before) {
    await writeCursor(trx, { name: purgedCursor, value: input.before });
  }
  for (const table of tablesOfCall) {
    if (table === 'call_refs') continue;
    const query = trx.db.deleteFrom(table as 'calls').where('correlation_id', 'in', gone);
    const { numDeletedRows } = await query.executeTakeFirst();
    if (numDeletedRows > 0n) rows[table] = Number(numDeletedRows);
  }
  const names = trx.db.updateTable('call_refs').set({ correlation_id: purgedOwner(input.now) });
  await names.where('correlation_id', 'in', gone).execute();
  return { rows, kept };
}
