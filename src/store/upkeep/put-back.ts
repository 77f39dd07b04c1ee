import { cp, rename, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../migrations/migrate.ts';
import { beginRestored, doubtOpenRows } from '../operations/doubt-open-rows.ts';
import { restoringFile } from '../sqlite/restoring.ts';
import { sqliteSession } from '../sqlite/sqlite-database.ts';
import { flush, isThere } from './back-up.ts';

const ends = ['', '-wal', '-shm'];

/**
 * Puts a backup in the place of the database, which is kept beside it. The service must be stopped. Gives where.
 *
 * What comes there is in doubt already, and until it is there nothing starts: so this may be cut off anywhere, and is done
 * again from the beginning.
 */
export async function putBack({ file, from, at }: { file: string; from: string; at: string }): Promise<string> {
  const old = `${file}.before-${at.replaceAll(/[:.]/g, '-')}`;
  const fresh = restoringFile(file);
  const part = `${fresh}.part`;
  for (const end of ends) await rm(`${part}${end}`, { force: true });
  await cp(from, part);
  await putInDoubt(part, at);
  // On the disk as a whole before the old one goes.
  await flush(part);
  await rename(part, fresh);
  let isReplaced = false;
  // What the log still holds belongs to the old file, and would spoil the new one.
  for (const end of ends) {
    if (!(await isThere(`${file}${end}`))) continue;
    await rename(`${file}${end}`, `${old}${end}`);
    isReplaced ||= end === '';
  }
  await rename(fresh, file);
  return isReplaced ? old : '';
}

/** As `doubtOpenRows` of the store does; a backup of an earlier release gets its tables first. */
async function putInDoubt(file: string, now: string): Promise<void> {
  const database = new DatabaseSync(file);
  try {
    const session = sqliteSession(database);
    await migrate(session);
    database.exec('begin immediate');
    await beginRestored(session, { now });
    while ((await doubtOpenRows(session)) > 0);
    database.exec('commit');
  } finally {
    database.close();
  }
}
