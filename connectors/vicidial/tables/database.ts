import { createRequire } from 'node:module';
import type { FieldPacket, Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { ZodType } from 'zod';
import type { DatabaseConfig } from '../config.ts';
import { databaseError, lateCode } from './database-error.ts';
import { type Cell, rowsToText } from './texts.ts';

const require = createRequire(import.meta.url);

export type SqlValue = string | number | readonly (string | number)[];

export interface VicidialDatabase {
  /** Runs one SELECT and checks its rows one by one; those that don't fit are left out. */
  select<Row>(row: ZodType<Row>, sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Row[]>;
  /** The same, and says how many rows came, fit or not. */
  selectAll<Row>(row: ZodType<Row>, sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Page<Row>>;
  /** The rows as they are, in the order of the query's columns: for the long reads, which check them by themselves. */
  selectCells(sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Cell[][]>;
  close(): Promise<void>;
}

export interface Page<Row> {
  rows: Row[];
  count: number;
}

export type DatabasePlace = Pick<DatabaseConfig, 'host' | 'port' | 'user' | 'password' | 'name' | 'timeoutMs'>;

/** How errors speak of a database, and of its keys in the configuration. */
export interface DatabaseNames {
  what: string;
  keys: string;
}

const masterNames: DatabaseNames = { what: "VICIdial's database", keys: 'database' };

/** Of what has time: results, leads, checks. */
const usualConnections = 6;
/** Of what a customer waits for on the line. One look-up asks one question after the other, and each takes milliseconds. */
const liveConnections = 3;

/**
 * Reads VICIdial's tables; never writes. Every query ends within the configured time. Nothing is connected before the
 * first one.
 */
export function openDatabase(
  place: DatabasePlace,
  names: DatabaseNames = masterNames,
  connectionLimit = usualConnections,
): VicidialDatabase {
  let pool: Pool | undefined;
  const openPool = () =>
    mysql2().createPool({
      host: place.host,
      port: place.port,
      user: place.user,
      password: place.password,
      database: place.name,
      // Our values are compared in the tables' own character set, else their indexes could not be used.
      charset: 'LATIN1_SWEDISH_CI',
      connectTimeout: place.timeoutMs,
      connectionLimit,
      maxIdle: 2,
      dateStrings: true,
      supportBigNumbers: true,
      jsonStrings: true,
      rowsAsArray: true,
    });
  const prepared = new WeakSet<object>();

  /** Results come as the bytes that are stored: latin1 tables hold UTF-8 from the web side, and true latin1 as well. */
  async function prepare(connection: PoolConnection): Promise<void> {
    if (prepared.has(connection.connection)) return;
    await connection.query('SET character_set_results = NULL');
    prepared.add(connection.connection);
  }

  async function run(sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<TextTable> {
    try {
      pool ??= openPool();
      const acquiring = pool.getConnection();
      const connection = await inTime(acquiring, place.timeoutMs, signal, () => {
        void acquiring.then((late) => late.release()).catch(() => undefined);
      });
      const query = prepare(connection).then(() => connection.query<RowDataPacket[][]>(sql, [...values]));
      try {
        const [rows, fields] = await inTime(query, place.timeoutMs, signal, () => connection.destroy());
        return { rows: rowsToText(rows, fields), fields };
      } finally {
        connection.release();
      }
    } catch (cause) {
      throw databaseError(names.what, names.keys, cause);
    }
  }

  async function selectAll<Row>(
    row: ZodType<Row>,
    sql: string,
    values: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Page<Row>> {
    const table = await run(sql, values, signal);
    const columns = table.fields.map((field) => field.name);
    const rows: Row[] = [];
    for (const cells of table.rows) {
      const read = row.safeParse(Object.fromEntries(columns.map((name, index) => [name, cells[index]])));
      if (read.success) rows.push(read.data);
    }
    return { rows, count: table.rows.length };
  }

  return {
    selectAll,
    select: async (row, sql, values, signal) => (await selectAll(row, sql, values, signal)).rows,
    selectCells: async (sql, values, signal) => (await run(sql, values, signal)).rows,
    // A connection that never came about rejects here: there is nothing left to give back then.
    close: async () => pool?.end().catch(() => undefined),
  };
}

/** Connections of their own for what live calls ask: behind results that wait for a locked table they would be late. */
export function openLiveDatabase(place: DatabasePlace): VicidialDatabase {
  return openDatabase(place, masterNames, liveConnections);
}

/** Loaded by the first query: a start does not wait for it. */
function mysql2(): typeof import('mysql2/promise') {
  return require('mysql2/promise') as typeof import('mysql2/promise');
}

interface TextTable {
  rows: Cell[][];
  fields: readonly FieldPacket[];
}

/** A network wait: it counts time of the machine, not of the clock, which may be a simulated one. */
async function inTime<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
  giveUp: () => void,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => {
    giveUp();
    reject(Object.assign(new Error('no answer in time'), { code: lateCode }));
  };
  const timer = setTimeout(stop, ms);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
