import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Session } from '../session.ts';
import { isConflict, translateStoreError } from '../store-errors.ts';
import type { Tables } from '../tables.ts';

const maxAttempts = 5;
/** No new attempt begins after so long. */
const patienceMs = 4000;
const jitterMs = 25;
const lostConnection = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE']);

/**
 * Runs a unit in one transaction, again when another transaction was in its way (deadlock, lock time-out, a row that both
 * inserted, Galera's certification) or when the pool gave it a connection that a restarted server had closed.
 */
export async function runTransaction<T>(
  db: Kysely<Tables>,
  unit: (trx: Session) => Promise<T>,
  isCluster = false,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.connection().execute((connection) => runOnce(connection, unit, isCluster));
    } catch (error) {
      if (attempt === maxAttempts || performance.now() > end || !mayRunAgain(error)) throw translateStoreError(error);
      await wait(randomInt(1, jitterMs * attempt));
    }
  }
}

async function runOnce<T>(
  connection: Kysely<Tables>,
  unit: (trx: Session) => Promise<T>,
  isCluster: boolean,
): Promise<T> {
  await connection.executeQuery(CompiledQuery.raw('begin'));
  try {
    const value = await unit({ ...mysqlSession(connection), isCluster });
    await connection.executeQuery(CompiledQuery.raw('commit'));
    return value;
  } catch (error) {
    // A connection that can't roll back is gone, and the server rolls back by itself.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
    throw error;
  }
}

/** Queries through one connection, or through the pool when it is given a whole Kysely. */
export function mysqlSession(db: Kysely<Tables>): Session {
  return {
    kind: 'mysql',
    db,
    async run(sql, parameters) {
      const result = await db.executeQuery(CompiledQuery.raw(sql, [...parameters]));
      return { rows: result.rows, changes: Number(result.numAffectedRows ?? 0n) };
    },
  };
}

function mayRunAgain(error: unknown): boolean {
  if (isConflict(error)) return true;
  return error instanceof Error && 'code' in error && lostConnection.has(String(error.code));
}
