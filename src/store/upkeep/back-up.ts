import { open, rename, rm, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from '../../domain/errors.ts';
import { migrations, missingMigrations } from '../migrations/migrate.ts';
import { measure } from '../reads/measure.ts';
import { copySpool } from '../spool/copy-spool.ts';
import { openForReading, sqliteSession } from '../sqlite/sqlite-database.ts';
import { translateStoreError } from '../store-errors.ts';
import { mustBeThere } from './sqlite-source.ts';

/** What a backup holds. */
export interface BackupState {
  /** SQLite's own findings; empty when it is whole. */
  faults: readonly string[];
  /** The last of our migrations that it has. */
  level: string;
  /** Migrations that this version adds when it starts on it. */
  missing: readonly string[];
  tables: readonly { table: string; count: number }[];
}

/**
 * Writes the database as it is at one moment into a new file, while the service goes on. What lies in the spool was
 * acknowledged too: it is copied first, into `<file>.spool`, so that nothing falls between the two.
 */
export async function backUpSqlite({ file, spool, to }: { file: string; spool: string; to: string }): Promise<void> {
  await mustBeThere(file);
  if (await isThere(to)) {
    throw new ConnectorError('bad_request', `${to} is there already`, { hint: 'Name a file that is not there yet.' });
  }
  const part = `${to}.part`;
  await rm(part, { force: true });
  await rm(`${to}.spool`, { recursive: true, force: true });
  await copySpool(spool, `${to}.spool`);
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
    try {
      database.prepare('vacuum into ?').run(part);
    } finally {
      database.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    throw translateStoreError(error);
  }
  await flush(part);
  await rename(part, to);
}

/** Opens a backup, and looks through all of it. Changes nothing. */
export async function checkBackup(file: string): Promise<BackupState> {
  await mustBeThere(file);
  try {
    const database = openForReading(file, 1000);
    try {
      const session = sqliteSession(database);
      const found = database.prepare('pragma integrity_check').all() as { integrity_check: string }[];
      const missing = await missingMigrations(session);
      const level = migrations.filter(({ id }) => !missing.includes(id)).at(-1)?.id ?? '';
      if (level === '') throw notOurs(file);
      const faults = found.map(({ integrity_check }) => integrity_check).filter((text) => text !== 'ok');
      // An earlier release has fewer tables.
      const tables = missing.length === 0 ? (await measure(session)).tables : [];
      return { faults, level, missing, tables };
    } finally {
      database.close();
    }
  } catch (error) {
    throw translateStoreError(error);
  }
}

/** Waits until a file is on the disk, and closes it to others. */
export async function flush(path: string): Promise<void> {
  const written = await open(path, 'r+');
  try {
    await written.chmod(0o600);
    await written.sync();
  } finally {
    await written.close();
  }
}

function notOurs(file: string): ConnectorError {
  return new ConnectorError('bad_request', `${file} is no database of Patchbay`, { hint: 'Name a backup.' });
}

/** Whether there is such a file. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
