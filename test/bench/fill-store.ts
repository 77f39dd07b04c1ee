import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import type { StoreConfig } from '../../src/store/store.ts';
import { openTestStore } from '../contract/store/store-cast.ts';
import { type Batch, type MillionOptions, millionCalls } from './million-calls.ts';

/** Makes the tables and fills them, past the store's own writing: it would take hours. */
export async function fillStore(config: StoreConfig, options: MillionOptions): Promise<void> {
  await (await openTestStore(config)).close();
  if (config.kind === 'sqlite') return fillSqlite(config.file, options);
  return fillMysql(config, options);
}

function fillSqlite(file: string, options: MillionOptions): void {
  const database = new DatabaseSync(file);
  database.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma journal_mode = off');
  const statements = new Map<string, { insert: ReturnType<DatabaseSync['prepare']>; columns: string[] }>();
  for (const batch of millionCalls(options)) {
    database.exec('begin');
    for (const [table, rows] of tablesOf(batch)) {
      const columns = Object.keys(rows[0] ?? {});
      const known = statements.get(table) ?? {
        insert: database.prepare(`insert into ${table} (${columns.join()}) values (${columns.map(() => '?').join()})`),
        columns,
      };
      statements.set(table, known);
      for (const row of rows) known.insert.run(...known.columns.map((column) => row[column] as SQLInputValue));
    }
    database.exec('commit');
  }
  database.exec('pragma journal_mode = wal');
  database.close();
}

async function fillMysql(config: Extract<StoreConfig, { kind: 'mysql' }>, options: MillionOptions): Promise<void> {
  const { host, port, user, password, database } = config;
  const connection = await createConnection({ host, port, user, password, database });
  await connection.query('set unique_checks = 0, foreign_key_checks = 0');
  for (const batch of millionCalls(options)) {
    await connection.beginTransaction();
    for (const [table, rows] of tablesOf(batch)) {
      const columns = Object.keys(rows[0] ?? {});
      for (let start = 0; start < rows.length; start += 500) {
        const part = rows.slice(start, start + 500).map((row) => columns.map((column) => row[column]));
        await connection.query(`insert into ${table} (${columns.join()}) values ?`, [part]);
      }
    }
    await connection.commit();
  }
  for (const table of ['calls', 'facts', 'write_backs', 'call_refs', 'leads']) {
    await connection.query(`analyze table ${table}`);
  }
  await connection.end();
}

function tablesOf(batch: Batch): [table: string, rows: Record<string, unknown>[]][] {
  const tables = Object.entries(batch) as [string, unknown][];
  return tables
    .map(([table, rows]): [string, Record<string, unknown>[]] => [table, rows as Record<string, unknown>[]])
    .filter(([, rows]) => rows.length > 0);
}
