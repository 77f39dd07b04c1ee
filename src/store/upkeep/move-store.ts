import { ConnectorError } from '../../domain/errors.ts';
import { databaseClock } from '../database-clock.ts';
import { moveMark } from '../migrations/migrate.ts';
import { openStore } from '../open-store.ts';
import type { StoreConfig } from '../store.ts';
import { translateStoreError } from '../store-errors.ts';
import { type AnyRow, movedTables, startSum, type TableName } from './all-tables.ts';
import { type MysqlTarget, openMysqlTarget } from './mysql-target.ts';
import { openSqliteSource, type SqliteSource } from './sqlite-source.ts';

export interface MovedTable {
  table: string;
  rows: number;
}

export interface MoveOptions {
  /** Told of each table when its rows, or the rest of them, have arrived: a large one takes minutes. */
  onCopied?(copied: MovedTable): unknown;
  /** Told of each table when it was compared. */
  onSame?(moved: MovedTable): unknown;
}

const rowsAtOnce = 500;
/** A statement of a few megabytes passes every server's limit. */
const bytesAtOnce = 2_000_000;

/**
 * Moves everything from a file to an empty database of a server, and compares both to the last row. One that was cut off goes
 * on behind the last row that arrived; until all is there no service starts on it.
 */
export async function moveStore(
  from: Extract<StoreConfig, { kind: 'sqlite' }>,
  to: Extract<StoreConfig, { kind: 'mysql' }>,
  { onCopied, onSame }: MoveOptions = {},
): Promise<MovedTable[]> {
  const source = await openSqliteSource(from.file);
  const target = openMysqlTarget(to);
  try {
    await prepare(target, to);
    for (const table of movedTables) {
      const rows = await copy(source, target, table);
      onCopied?.({ table, rows });
    }
    const moved: MovedTable[] = [];
    for (const table of movedTables) {
      const rows = await compare(source, target, table);
      moved.push({ table, rows });
      onSame?.({ table, rows });
    }
    await target.session.db.deleteFrom('schema_migrations').where('id', '=', moveMark).execute();
    return moved;
  } catch (error) {
    throw translateStoreError(error);
  } finally {
    source.close();
    await target.close();
  }
}

/** Makes the tables, and marks that they are not whole. */
async function prepare(target: MysqlTarget, to: StoreConfig): Promise<void> {
  if (await isBegun(target)) return;
  const rules = { dialers: {}, technicalEndWaitSec: 0, humanWaitSec: 0, handOverOutcomes: [] };
  const newId = () => 'move';
  const store = await openStore({ config: to, rules, newId, ignoresIdempotency: false, onWarning: () => undefined });
  await store.close();
  for (const table of movedTables) {
    if (!(await target.last(table))) continue;
    throw new ConnectorError('bad_request', `the database is not empty: ${table} has rows`, {
      hint: 'Name an empty database. Nothing was changed in this one.',
    });
  }
  const mark = { id: moveMark, applied_at: databaseClock('mysql') };
  await target.session.db.insertInto('schema_migrations').values(mark).execute();
}

async function isBegun({ session }: MysqlTarget): Promise<boolean> {
  const tables = await session.db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'schema_migrations')) return false;
  const mark = session.db.selectFrom('schema_migrations').select('id').where('id', '=', moveMark);
  return (await mark.executeTakeFirst()) !== undefined;
}

async function copy(source: SqliteSource, target: MysqlTarget, table: TableName): Promise<number> {
  let count = 0;
  let rows: AnyRow[] = [];
  let bytes = 0;
  for (const row of source.rows(table, await target.last(table))) {
    rows.push({ ...row });
    count += 1;
    bytes += sizeOf(row);
    if (rows.length < rowsAtOnce && bytes < bytesAtOnce) continue;
    await target.insert(table, rows);
    rows = [];
    bytes = 0;
  }
  if (rows.length > 0) await target.insert(table, rows);
  return count;
}

function sizeOf(row: AnyRow): number {
  let bytes = 0;
  for (const value of Object.values(row)) bytes += typeof value === 'string' ? value.length : 8;
  return bytes;
}

async function compare(source: SqliteSource, target: MysqlTarget, table: TableName): Promise<number> {
  const here = startSum();
  for (const row of source.rows(table)) here.add({ ...row });
  const there = startSum();
  for await (const row of target.rows(table)) there.add({ ...row });
  const [one, other] = [here.result(), there.result()];
  if (one.rows === other.rows && one.sum === other.sum) return one.rows;
  throw new ConnectorError(
    'bad_request',
    `${table} is not the same on both sides: ${one.rows} and ${other.rows} rows`,
    {
      hint: 'Empty the database and move again. The service goes on with the file; nothing was changed in it.',
    },
  );
}
