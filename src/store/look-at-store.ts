import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { migrations, missingMigrations } from './migrations/migrate.ts';
import { countHours } from './reads/call-counts.ts';
import type { Session } from './session.ts';
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
    const missing =
      config.kind === 'sqlite' ? await missingInFile(config.file) : await lookAtServer(config, missingMigrations);
    if (missing.length === 0) return { kind: 'ready' };
    return missing.length === migrations.length ? { kind: 'new' } : { kind: 'old', missing };
  } catch (thrown) {
    const error = translateStoreError(thrown);
    return { kind: 'broken', why: messageOf(error), hint: error instanceof ConnectorError ? error.hint : '' };
  }
}

/** A campaign that calls came from, and how many of them were counted. */
export interface CalledCampaign {
  dialer: string;
  campaign: string;
  calls: number;
}

const calledWithinMs = 7 * 86_400_000;

/**
 * The campaigns of the last seven days, by a look that changes nothing. Rejects where the store is not ready.
 *
 * @param now epoch ms
 */
export async function calledCampaigns(config: StoreConfig, now: number): Promise<CalledCampaign[]> {
  const [from, before] = [now - calledWithinMs, now].map((at) => new Date(at).toISOString()) as [string, string];
  const read = (session: Session) => countHours(session, { from, before, by: ['dialer', 'campaign'] });
  const counts = await (config.kind === 'sqlite' ? lookIntoFile(config.file, read) : lookAtServer(config, read));
  return counts.map(({ dialer, campaign, calls }) => ({ dialer, campaign, calls }));
}

async function missingInFile(file: string): Promise<string[]> {
  mustNotBeRestoring(file);
  const isMade = await isThere(file);
  await mustBeWritable(isMade ? file : await nearestFolder(file));
  if (!isMade) return migrations.map(({ id }) => id);

  return lookIntoFile(file, missingMigrations);
}

// Databases are loaded when needed, as the store itself does.
async function lookIntoFile<T>(file: string, look: (session: Session) => Promise<T>): Promise<T> {
  const { openForReading, sqliteSession } = await import('./sqlite/sqlite-database.ts');
  const database = openForReading(file, 1000);
  try {
    return await look(sqliteSession(database));
  } finally {
    database.close();
  }
}

async function lookAtServer<T>(
  config: Extract<StoreConfig, { kind: 'mysql' }>,
  look: (session: Session) => Promise<T>,
): Promise<T> {
  const { lookAtTables } = await import('./mysql/look-at-tables.ts');
  return lookAtTables(config, look);
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
