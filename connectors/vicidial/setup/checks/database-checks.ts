import { z } from 'zod';
import type { Check } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { VicidialDatabase } from '../../tables/database.ts';
import { columnsRead, tablesRead } from '../../tables/tables-read.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { Site } from '../site-tables/site.ts';
import { columnGrant } from '../snippets/grants.ts';
import { placeholders } from '../snippets/site.ts';
import { type CheckRun, checkOf, type Fault, type Findings, tableCheck } from './check-of.ts';
import { judgeGrant, readGrant } from './read-grants.ts';

const Anything = z.object({});
const List = z.object({ list_id: z.string() });

/** Whether the tables can be read, all that are needed and no more. */
export function databaseChecks(run: CheckRun): Check[] {
  const { vicidial, site } = run;
  return [
    checkOf(
      {
        id: 'database.reachable',
        title: 'The database answers',
        looksAt: 'SELECT 1 on the configured database',
        why: 'Leads, calls and the whole set-up are read from it.',
      },
      () => lookAtServer(vicidial),
    ),
    tableCheck(
      run,
      {
        id: 'database.tables',
        title: 'Every table and column that is needed can be read',
        looksAt: 'information_schema.columns as our user sees it',
        why: 'Leads are not read, or results not written, for want of what these hold.',
        byHand: 'without a database user there is nothing to grant',
      },
      (open) => lookAtTables(vicidial, open),
    ),
    tableCheck(
      run,
      {
        id: 'database.grants-too-many',
        title: 'The database user may do no more than read what is needed',
        looksAt: 'SHOW GRANTS of our own user',
        why: 'Whoever gets hold of this log-in could change the dialer, or read the passwords of its users.',
        byHand: 'without a database user there is nothing to grant',
      },
      ({ database }) => lookAtGrants(vicidial, database),
    ),
  ].map((check) => (site || check.id === 'database.reachable' ? check : notUsed(check)));
}

/** A site without access to the tables has no grants that could be wrong. */
function notUsed(check: Check): Check {
  return { ...check, run: async () => ({ status: 'ok', found: 'not used: no database is configured' }) };
}

async function lookAtServer({ database, reads }: Vicidial): Promise<Findings> {
  if (!database) {
    return { found: `not used: everything is read through the API; what that can't tell: ${reads.gaps.join(' ')}` };
  }
  try {
    await database.select(Anything, 'SELECT 1', []);
    return { found: 'it answers' };
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    return { found: '', faults: [{ found: thrown.message, fix: thrown.hint || 'See the log.' }] };
  }
}

async function lookAtTables({ config }: Vicidial, site: Site): Promise<Findings> {
  const { database } = site;
  const seen = await site.columns();
  const faults: Fault[] = [];
  const denied: string[] = [];
  const lacking: string[] = [];
  for (const table of [...tablesRead, ...(await customTables(config, site))]) {
    if (seen.has(table)) continue;
    const why = await isDenied(database, table, '1');
    if (why) (why === 'denied' ? denied : lacking).push(table);
  }
  const { user = 'patchbay', name = 'asterisk' } = config.database ?? {};
  const account = `'${user}'@'${placeholders.patchbayHost}'`;
  if (denied.length > 0) {
    const grants = denied.map((table) => `GRANT SELECT ON \`${name}\`.\`${table}\` TO ${account};`);
    faults.push({ found: `no SELECT on ${denied.join(', ')}`, fix: `On the database server: ${grants.join(' ')}` });
  }
  for (const [table, columns] of Object.entries(columnsRead)) {
    const missing = await missingColumns(database, seen.get(table), table, columns);
    if (missing.denied.length > 0) {
      const grant = columnGrant({ name, account, table, columns: missing.denied });
      faults.push({
        found: `no SELECT on ${table} (${missing.denied.join(', ')})`,
        fix: `On the database server: ${grant}`,
      });
    }
    lacking.push(...missing.lacking.map((column) => `${table}.${column}`));
  }
  if (lacking.length > 0) {
    const fix = 'Check database.name, or upgrade VICIdial: an old release lacks what these would tell.';
    faults.push({ found: `there is no ${lacking.join(', ')}`, fix, isWarning: true });
  }
  const count = tablesRead.length + Object.keys(columnsRead).length;
  return { found: `all ${count} tables can be read`, faults };
}

async function missingColumns(
  database: VicidialDatabase,
  seen: ReadonlySet<string> | undefined,
  table: string,
  columns: readonly string[],
): Promise<{ denied: string[]; lacking: string[] }> {
  const missing = columns.filter((column) => !seen?.has(column));
  const denied: string[] = [];
  const lacking: string[] = [];
  for (const column of missing) {
    const why = await isDenied(database, table, `\`${column}\``);
    if (why) (why === 'denied' ? denied : lacking).push(column);
  }
  return { denied, lacking };
}

/** Asks for no row: the right is looked at all the same. Null when it can be read after all. */
async function isDenied(database: VicidialDatabase, table: string, what: string): Promise<'denied' | 'lacking' | null> {
  try {
    await database.select(Anything, `SELECT ${what} FROM \`${table}\` LIMIT 0`, []);
    return null;
  } catch (error) {
    if (!(error instanceof ConnectorError) || !['dialer_denied', 'dialer_odd'].includes(error.code)) throw error;
    return error.code === 'dialer_denied' ? 'denied' : 'lacking';
  }
}

/** Tables of custom fields that the configured lists really have: one without fields has no table. */
async function customTables(
  { customFields, sync }: Vicidial['config'],
  { database, columns }: Site,
): Promise<string[]> {
  if (customFields.length === 0 || sync.lists.length === 0 || !(await columns()).has('vicidial_lists_fields'))
    return [];
  const rows = await database.select(List, 'SELECT DISTINCT list_id FROM vicidial_lists_fields WHERE list_id IN (?)', [
    sync.lists,
  ]);
  return rows.map(({ list_id }) => `custom_${list_id}`).filter((table) => /^custom_\d+$/.test(table));
}

/** The first line of SHOW GRANTS holds the hash of the password: no line is shown as it is. */
async function lookAtGrants({ config }: Vicidial, database: VicidialDatabase): Promise<Findings> {
  const rows = await database.selectCells('SHOW GRANTS', []);
  const read = rows.map(([text]) => readGrant(text ?? ''));
  const grants = read.filter((each) => each.kind === 'grant');
  const fix = `Take it away: REVOKE … FROM '${config.database?.user ?? ''}'@'${placeholders.patchbayHost}', and leave what \`npx patchbay <id> snippets grants\` prints.`;
  const faults = grants.flatMap(judgeGrant).map((found): Fault => ({ found, fix, isWarning: true }));
  // MariaDB lists what a role in force may do; MySQL names the role alone.
  const roles = read.flatMap((each) => (each.kind === 'role' ? [each.role] : []));
  const untold = roles.filter((role) => !grants.some(({ to }) => to === role));
  if (untold.length > 0 && faults.length === 0) {
    return {
      found: `it has the role ${untold.join(', ')}, whose rights are not shown to it`,
      isUnknown: true,
      fix: `On the database server: SHOW GRANTS FOR ${untold[0]}; it should have no more than \`npx patchbay <id> snippets grants\` prints.`,
    };
  }
  return {
    found: `SELECT alone, on ${grants.filter(({ rights }) => rights.includes('SELECT')).length} tables`,
    faults,
  };
}
