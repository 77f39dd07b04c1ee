import type { Kysely } from 'kysely';
import { ConnectorError } from '../../domain/errors.ts';
import { databaseClock } from '../database-clock.ts';
import type { Session } from '../session.ts';
import { firstTables } from './0001-first-tables.ts';
import { dueByAspect } from './0002-due-by-aspect.ts';
import { callsByTime } from './0003-calls-by-time.ts';
import { peopleInCharge } from './0004-people-in-charge.ts';
import { consoleTables } from './0005-console.ts';
import { production } from './0006-production.ts';
import { controlsTable } from './0007-controls.ts';
import { alertTables } from './0008-alerts.ts';
import { mappings } from './0009-mappings.ts';
import { sparedTries } from './0010-spared-tries.ts';
import type { Migration } from './migration.ts';

/** In the order in which they run. */
export const migrations: readonly Migration[] = [
  firstTables,
  dueByAspect,
  callsByTime,
  peopleInCharge,
  consoleTables,
  production,
  controlsTable,
  alertTables,
  mappings,
  sparedTries,
];

/** Stands among the migrations of a database while a move into it is under way. */
export const moveMark = 'move-under-way';

/** Ids of the migrations that this database still lacks. Only reads; no table at all means all of them. */
export async function missingMigrations(session: Session): Promise<string[]> {
  const applied = await appliedMigrations(session);
  const known = new Set(migrations.map((migration) => migration.id));
  const newer = [...applied].filter((id) => !known.has(id));
  if (newer.includes(moveMark)) {
    throw new ConnectorError('config_invalid', 'the store is not whole: a move into it was cut off', {
      hint: 'Run `patchbay store move` again: it goes on where it was.',
    });
  }
  if (newer.length > 0) {
    throw new ConnectorError('config_invalid', `the store was made by a newer version (${newer.join(', ')})`, {
      hint: 'Run that version or a later one; tables are never taken back.',
    });
  }
  return migrations.map((migration) => migration.id).filter((id) => !applied.has(id));
}

/**
 * Brings the tables up to date. The caller holds a lock that keeps a second migrator out. Each migration is noted when
 * it is through, so one that was cut off runs again.
 */
export async function migrate(session: Session): Promise<void> {
  await session.db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('id', 'varchar(64)', (column) => column.notNull().primaryKey())
    .addColumn('applied_at', 'varchar(32)', (column) => column.notNull())
    .execute();

  const missing = new Set(await missingMigrations(session));
  for (const migration of migrations) {
    if (!missing.has(migration.id)) continue;
    await migration.up(session.db as unknown as Kysely<unknown>, session.kind);
    const row = { id: migration.id, applied_at: databaseClock(session.kind) };
    await session.db.insertInto('schema_migrations').values(row).execute();
  }
}

/** For a process that may not change tables. */
export function notMigrated(missing: readonly string[]): ConnectorError {
  return new ConnectorError('config_invalid', `the store's tables are not up to date (${missing.join(', ')} missing)`, {
    hint: 'Start `patchbay serve` of this version once: it brings the tables up to date.',
  });
}

async function appliedMigrations(session: Session): Promise<Set<string>> {
  try {
    const rows = await session.db.selectFrom('schema_migrations').select('id').execute();
    return new Set(rows.map((row) => row.id));
  } catch (error) {
    if (isMissingTable(error)) return new Set();
    throw error;
  }
}

/** MySQL says 1146; SQLite has no number of its own for it, only the words. */
function isMissingTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('errno' in error && error.errno === 1146) || /^no such table/.test(error.message);
}
