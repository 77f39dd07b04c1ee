import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult } from 'kysely';
import type { Pool, PoolConnection } from 'mysql2';
import { storeAway } from '../store-errors.ts';

export interface PoolLimits {
  /** How long to wait for a connection, a new one's greeting included. */
  acquireMs: number;
  /** How long one statement may take. Its connection is given up then: its answer could still come. */
  statementMs: number;
  /** Run once on each new connection. */
  setup: readonly string[];
}

type Callback = (error: unknown, result: MysqlQueryResult) => void;

/**
 * A pool on which nothing waits for ever: a server that is frozen answers neither a statement nor a greeting, and keeps
 * its connections open all the same.
 */
export function guardPool(pool: Pool, limits: PoolLimits): MysqlPool {
  const guarded = new WeakMap<PoolConnection, MysqlPoolConnection>();

  function prepare(raw: PoolConnection, callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    const known = guarded.get(raw);
    if (known) {
      callback(null, known);
      return;
    }
    const connection = guardConnection(raw, limits.statementMs);
    runSetup(connection, limits.setup, (error) => {
      if (error) raw.destroy();
      else guarded.set(raw, connection);
      callback(error, connection);
    });
  }

  return {
    getConnection(callback) {
      let isGivenUp = false;
      const giveUp = (error: unknown) => callback(error, undefined as unknown as MysqlPoolConnection);
      const timer = setTimeout(() => {
        isGivenUp = true;
        giveUp(storeAway('no connection came free in time'));
      }, limits.acquireMs);

      pool.getConnection((error, raw) => {
        if (isGivenUp) {
          raw?.release();
          return;
        }
        clearTimeout(timer);
        if (error) giveUp(error);
        else prepare(raw, callback);
      });
    },
    end: (callback) => pool.end(callback),
  };
}

function guardConnection(raw: PoolConnection, statementMs: number): MysqlPoolConnection {
  return {
    config: raw.config,
    threadId: raw.threadId ?? 0,
    connect: () => undefined,
    destroy: () => raw.destroy(),
    release: () => raw.release(),
    query(sql, parameters, callback) {
      let isOver = false;
      const timer = setTimeout(() => {
        isOver = true;
        raw.destroy();
        callback?.(storeAway(`a statement took longer than ${statementMs} ms`), []);
      }, statementMs);
      raw.query(sql, parameters as unknown[], (error: unknown, result: unknown) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        callback?.(error, result as MysqlQueryResult);
      });
      return { stream: notStreamed };
    },
  };
}

function runSetup(connection: MysqlPoolConnection, setup: readonly string[], done: (error: unknown) => void): void {
  const [statement, ...rest] = setup;
  if (statement === undefined) {
    done(null);
    return;
  }
  const next: Callback = (error) => {
    if (error) done(error);
    else runSetup(connection, rest, done);
  };
  connection.query(statement, [], next);
}

function notStreamed(): never {
  throw new Error('the store streams no rows');
}
