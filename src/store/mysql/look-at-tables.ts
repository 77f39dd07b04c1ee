import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, MysqlDialect } from 'kysely';
import { createPool } from 'mysql2';
import type { Session } from '../session.ts';
import type { StoreConfig } from '../store.ts';
import type { Tables } from '../tables.ts';
import { guardPool } from './guarded-pool.ts';
import { mysqlSession } from './run-transaction.ts';

const patienceMs = 3000;
const setup = ['set session transaction read only'];

/** Reads something by one connection that only reads, and is closed after it. */
export async function lookAtTables<T>(
  config: Extract<StoreConfig, { kind: 'mysql' }>,
  look: (session: Session) => Promise<T>,
): Promise<T> {
  const { host, port, user, password, database } = config;
  const pool = createPool({ host, port, user, password, database, connectionLimit: 1, connectTimeout: patienceMs });
  const guard = guardPool(pool, { acquireMs: patienceMs, statementMs: patienceMs, setup });
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: guard }) });
  try {
    return await look(mysqlSession(db));
  } finally {
    // A server that does not answer the farewell must not keep us.
    await Promise.race([db.destroy(), wait(patienceMs, undefined, { ref: false })]);
  }
}
