import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Session, Value } from '../session.ts';
import type { Tables } from '../tables.ts';

/**
 * Opens the file for the one writing thread. FULL: a commit has reached the disk when it returns. The log may grow to
 * 64 MB before it goes into the file: pages that many calls touch are then written back once, and live calls rarely wait for it.
 * Each commit goes through all pages that are held: so few are, and those that lie at random places are read again.
 *
 * @param busyMs how long one statement may block this thread while another process holds the lock
 */
export function openForWriting(file: string, busyMs: number): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: busyMs });
  keepFromOthers(file);
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -4000; pragma wal_autocheckpoint = 16000',
  );
  return database;
}

/** It holds people's numbers. What SQLite puts beside it takes its mode; the owner's group may have been let in on purpose. */
function keepFromOthers(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o007) !== 0) chmodSync(file, mode & 0o770);
}

/** Opens the file for reads only; in WAL mode they see the last commit and wait for nobody. */
export function openForReading(file: string, busyMs: number): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: busyMs });
  database.exec('pragma query_only = 1; pragma temp_store = memory; pragma cache_size = -4000');
  return database;
}

/** Queries run at once on the calling thread; the promises are there for the sake of the other databases. */
export function sqliteSession(database: DatabaseSync): Session {
  const statements = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const fresh = { statement, isReader: statement.columns().length > 0 };
    statements.set(sql, fresh);
    return fresh;
  }

  return {
    kind: 'sqlite',
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) }),
    async run(sql, parameters) {
      const { statement, isReader } = prepare(sql);
      if (isReader) return { rows: statement.all(...parameters), changes: 0 };
      return { rows: [], changes: Number(statement.run(...parameters).changes) };
    },
  };
}

interface Prepared {
  statement: StatementSync;
  isReader: boolean;
}

/** What Kysely's SQLite dialect wants of a driver, over the built-in one. */
function kyselyDatabase(database: DatabaseSync) {
  return {
    close: () => undefined,
    prepare(sql: string) {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as Value[])),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as Value[])),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as Value[])),
      };
    },
  };
}
