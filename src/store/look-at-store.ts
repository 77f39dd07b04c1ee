import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { migrations, missingMigrations } from './migrations/migrate.ts';
import { mustNotBeRestoring } from './sqlite/restoring.ts';
import type { StoreConfig } from './store.ts';
import { storeAway, translateStoreError } from './store-errors.ts';

/** How our own database stands, by a look that changes nothing. */
export type StoreState =
  | { kind: 'ready' }
  /** No service has run on it yet: its tables are not made. */
  | { kind: 'new' }
  /** Made by an earlier version. */
  | { kind: 'old'; missing: readonly string[] }
  | { kind: 'broken'; why: string; hint: string };

/** Looks whether the store is there and its tables are up to date. Never rejects. */
export async function lookAtStore(config: StoreConfig): Promise<StoreState> {
  try {
    const missing = config.kind === 'sqlite' ? await missingInFile(config.file) : await missingInServer(config);
    if (missing.length === 0) return { kind: 'ready' };
    return missing.length === migrations.length ? { kind: 'new' } : { kind: 'old', missing };
  } catch (thrown) {
    const error = translateStoreError(thrown);
    return { kind: 'broken', why: messageOf(error), hint: error instanceof ConnectorError ? error.hint : '' };
  }
}

async function missingInFile(file: string): Promise<string[]> {
  mustNotBeRestoring(file);
  const isMade = await isThere(file);
  await mustBeWritable(isMade ? file : await nearestFolder(file));
  if (!isMade) return migrations.map(({ id }) => id);

  // Loaded when needed, as the store itself does.
  const { openForReading, sqliteSession } = await import('./sqlite/sqlite-database.ts');
  const database = openForReading(file, 1000);
  try {
    return await missingMigrations(sqliteSession(database));
  } finally {
    database.close();
  }
}

async function missingInServer(config: Extract<StoreConfig, { kind: 'mysql' }>): Promise<string[]> {
  const { lookAtTables } = await import('./mysql/look-at-tables.ts');
  return lookAtTables(config);
}

/** The folder in which the file will be made, or the one above that is there. */
async function nearestFolder(path: string): Promise<string> {
  let folder = dirname(path);
  while (folder !== dirname(folder) && !(await isThere(folder))) folder = dirname(folder);
  return folder;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function mustBeWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch {
    throw storeAway(`${path} can not be written`);
  }
}
