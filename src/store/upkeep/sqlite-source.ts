import { access } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from '../../domain/errors.ts';
import { missingMigrations, notMigrated } from '../migrations/migrate.ts';
import { sqliteSession } from '../sqlite/sqlite-database.ts';
import { isBusy } from '../store-errors.ts';
import { type AnyRow, type TableName, tableKeys } from './all-tables.ts';

/** A process that told of itself within this time runs. */
const silentMs = 30_000;

/** A database file from which everything is read while nobody may write to it. */
export interface SqliteSource {
  /** Rows in the order of their key, those after one of them. Only one is held at a time. */
  rows(table: TableName, after?: AnyRow): Iterable<AnyRow>;
  close(): void;
}

/** Takes the file for itself. Rejects while a service runs on it. */
export async function openSqliteSource(file: string): Promise<SqliteSource> {
  await mustBeThere(file);
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    const missing = await missingMigrations(sqliteSession(database));
    if (missing.length > 0) throw notMigrated(missing);
    takeForItself(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    rows(table, after) {
      const key = tableKeys[table];
      const order = key.join(', ');
      const marks = key.map(() => '?').join(', ');
      const where = after ? `where (${order}) > (${marks})` : '';
      const values = after ? key.map((column) => after[column] ?? null) : [];
      const query = database.prepare(`select * from ${table} ${where} order by ${order}`);
      return query.iterate(...values) as Iterable<AnyRow>;
    },
    close: () => database.close(),
  };
}

/** Rejects while a service runs on the file. What else is wrong with it is no matter: another is to be put in its place. */
export function mustNotRun(file: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 1000 });
    takeForItself(database, file);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
  } finally {
    database?.close();
  }
}

export async function mustBeThere(file: string): Promise<void> {
  await access(file).catch((cause: unknown) => {
    throw new ConnectorError('bad_request', `${file} is not there, or can not be read`, {
      hint: 'Name the file of the database.',
      cause,
    });
  });
}

/** A writer keeps out until this process lets go. */
function takeForItself(database: DatabaseSync, file: string): void {
  try {
    database.exec('begin immediate');
  } catch (error) {
    if (isBusy(error)) throw isRunning(file);
    throw error;
  }
  const since = new Date(Date.now() - silentMs).toISOString();
  if (database.prepare('select id from processes where seen_at > ? limit 1').get(since)) throw isRunning(file);
}

function isRunning(file: string): ConnectorError {
  return new ConnectorError('bad_request', `${file} is in use: a service writes to it, or did half a minute ago`, {
    hint: 'Stop the service first. If it was killed, wait half a minute.',
  });
}
