import { createPool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import type { ZodType } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { VicidialConfig } from '../config.ts';

export type SqlValue = string | number | readonly (string | number)[];

export interface VicidialDatabase {
  /** Runs one SELECT and checks its rows one by one; those that don't fit are left out. */
  select<Row>(row: ZodType<Row>, sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Row[]>;
  /** The same, and says how many rows came, fit or not, and the raw last one. */
  selectAll<Row>(row: ZodType<Row>, sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Page<Row>>;
  close(): Promise<void>;
}

export interface Page<Row> {
  rows: Row[];
  count: number;
  last: Readonly<Record<string, string | null>> | undefined;
}

/** Reads VICIdial's tables; never writes. Every query ends within the configured time. */
export function openDatabase(config: VicidialConfig['database']): VicidialDatabase {
  const pool = createPool({
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    database: config.name,
    // Our values are compared in the tables' own character set, else their indexes could not be used.
    charset: 'LATIN1_SWEDISH_CI',
    connectTimeout: config.timeoutMs,
    connectionLimit: 6,
    maxIdle: 2,
    typeCast: (field) => decodeBytes(field.buffer()),
  });
  const prepared = new WeakSet<object>();

  /** Results come as the bytes that are stored: latin1 tables hold UTF-8 from the web side, and true latin1 as well. */
  async function prepare(connection: PoolConnection): Promise<void> {
    if (prepared.has(connection.connection)) return;
    await connection.query('SET character_set_results = NULL');
    prepared.add(connection.connection);
  }

  async function run(sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<TextRow[]> {
    const acquiring = pool.getConnection();
    const connection = await inTime(acquiring, config.timeoutMs, signal, () => {
      void acquiring.then((late) => late.release()).catch(() => undefined);
    });
    const query = prepare(connection).then(() => connection.query<RowDataPacket[]>(sql, [...values]));
    try {
      const [rows] = await inTime(query, config.timeoutMs, signal, () => connection.destroy());
      return rows as TextRow[];
    } finally {
      connection.release();
    }
  }

  async function selectAll<Row>(
    row: ZodType<Row>,
    sql: string,
    values: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Page<Row>> {
    const raw = await run(sql, values, signal).catch((cause: unknown) => {
      throw databaseError(cause);
    });
    const rows: Row[] = [];
    for (const each of raw) {
      const read = row.safeParse(each);
      if (read.success) rows.push(read.data);
    }
    return { rows, count: raw.length, last: raw.at(-1) };
  }

  return {
    selectAll,
    select: async (row, sql, values, signal) => (await selectAll(row, sql, values, signal)).rows,
    close: () => pool.end(),
  };
}

type TextRow = Record<string, string | null>;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('windows-1252');

/** Bytes of a column as text: UTF-8 when they are valid as such, else windows-1252. */
export function decodeBytes(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

const late = 'PATCHBAY_LATE';

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
    reject(Object.assign(new Error('no answer in time'), { code: late }));
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

/** The driver's message may quote the query with its values, so only its code is kept. */
function databaseError(cause: unknown): ConnectorError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  if (/ACCESS_DENIED|DBACCESS|TABLEACCESS|COLUMNACCESS/.test(code)) {
    return new ConnectorError('dialer_denied', `VICIdial's database did not let us read (${code})`, {
      retryable: true,
      hint: 'Check database.user and database.password, and grant SELECT as the README of this connector lists it.',
    });
  }
  if (/^ER_(NO_SUCH_TABLE|BAD_FIELD|PARSE)/.test(code)) {
    return new ConnectorError('dialer_odd', `VICIdial's database lacks a table or column that we read (${code})`, {
      retryable: true,
      hint: 'Check database.name; a very old release of VICIdial may need an upgrade.',
    });
  }
  const what = code === late ? 'did not answer in time' : `can't be reached (${code})`;
  return new ConnectorError('dialer_away', `VICIdial's database ${what}`, {
    retryable: true,
    hint: 'Check that the database runs, and database.host and database.port.',
  });
}
