import { z } from 'zod';
import type { CheckResult } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import { tablesRead } from '../tables/tables-read.ts';
import type { Vicidial } from '../vicidial.ts';

const Anything = z.object({});
const List = z.object({ list_id: z.string() });

/** Whether the database user may SELECT from every table that is read; names those that it may not. */
export async function checkTables(
  { config }: Pick<Vicidial, 'config'>,
  database: VicidialDatabase,
): Promise<CheckResult> {
  // Alone and first: an unreachable server or a wrong password is an error of its own.
  await database.select(Anything, 'SELECT lead_id FROM vicidial_list LIMIT 1', []);
  const denied: string[] = [];
  const lacking: string[] = [];
  for (const table of tablesRead) {
    const code = await troubleWith(database, table);
    if (code === 'dialer_denied') denied.push(table);
    if (code === 'dialer_odd') lacking.push(table);
  }
  const custom = denied.includes('vicidial_lists_fields') ? [] : await customTables(config, database);
  for (const table of custom) if (await troubleWith(database, table)) denied.push(table);

  if (denied.length > 0) {
    return {
      status: 'fail',
      found: `no SELECT on ${denied.join(', ')}`,
      why: 'Leads are not read, or results not written, for want of what these hold.',
      fix: 'Grant it as `npx patchbay <id> snippets grants` prints it.',
    };
  }
  const found = `all ${tablesRead.length + custom.length} tables can be read`;
  if (lacking.length === 0) return { status: 'ok', found };
  return {
    status: 'warn',
    found: `there is no ${lacking.join(', ')}`,
    why: 'A very old release lacks tables, and what they would tell.',
    fix: 'Check database.name, or upgrade VICIdial.',
  };
}

/** Asks for no row: the right is looked at all the same. The code of what went wrong, or null. */
async function troubleWith(database: VicidialDatabase, table: string): Promise<ConnectorError['code'] | null> {
  try {
    await database.select(Anything, `SELECT 1 FROM \`${table}\` LIMIT 0`, []);
    return null;
  } catch (error) {
    if (error instanceof ConnectorError && ['dialer_denied', 'dialer_odd'].includes(error.code)) return error.code;
    throw error;
  }
}

/** Tables of custom fields that the configured lists really have: one without fields has no table. */
async function customTables({ customFields, sync }: Vicidial['config'], database: VicidialDatabase): Promise<string[]> {
  if (customFields.length === 0 || sync.lists.length === 0) return [];
  const rows = await database.select(List, 'SELECT DISTINCT list_id FROM vicidial_lists_fields WHERE list_id IN (?)', [
    sync.lists,
  ]);
  return rows.map(({ list_id }) => `custom_${list_id}`).filter((table) => /^custom_\d+$/.test(table));
}
