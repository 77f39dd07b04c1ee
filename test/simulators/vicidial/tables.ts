import {
  createPool,
  type PoolConnection,
  type QueryValues,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { ServerTime } from './server-time.ts';

export interface DatabasePlace {
  host: string;
  port: number;
  user: string;
  password: string;
  name: string;
}

/** A row as PHP would see it: texts are bytes (one character each), times are text. */
export type Row = Record<string, string | number | null>;
export type Value = string | number | null;
/** What stands for the question marks: a value, a list for IN, or columns for SET. */
export type Values = readonly (Value | readonly Value[] | Readonly<Record<string, Value>>)[];

/** VICIdial's own way into its tables: latin1 connection, lax sql_mode, and NOW() by the simulated clock. */
export interface Tables {
  read(sql: string, values?: Values): Promise<Row[]>;
  first(sql: string, values?: Values): Promise<Row | undefined>;
  /** Gives the rows really changed, which is what PHP's affected_rows counts. */
  change(sql: string, values?: Values): Promise<number>;
  insert(table: string, row: Readonly<Record<string, Value>>): Promise<number>;
  /** True while the database works for the dialer. */
  isBusy(): boolean;
  close(): Promise<void>;
}

export function openTables(place: DatabasePlace, time: ServerTime): Tables {
  const pool = createPool({
    host: place.host,
    port: place.port,
    user: place.user,
    password: place.password,
    database: place.name,
    charset: 'LATIN1_SWEDISH_CI',
    flags: ['-FOUND_ROWS'],
    dateStrings: true,
    connectionLimit: 6,
  });
  const setFor = new WeakMap<object, string>();

  /** TIMESTAMP columns are filled by the server's own clock: it is told the simulated second and the site's offset. */
  async function prepare(connection: PoolConnection): Promise<void> {
    const moment = `${time.epochSec()} ${time.offset()}`;
    if (setFor.get(connection.connection) === moment) return;
    setFor.set(connection.connection, moment);
    await connection.query("SET SESSION sql_mode='', timestamp=?, time_zone=?", [time.epochSec(), time.offset()]);
  }

  let running = 0;
  async function run<T>(sql: string, values: Values): Promise<T> {
    running += 1;
    try {
      const connection = await pool.getConnection();
      try {
        await prepare(connection);
        const [result] = await connection.query(sql, values as QueryValues);
        return result as T;
      } finally {
        connection.release();
      }
    } finally {
      running -= 1;
    }
  }

  const read: Tables['read'] = async (sql, values = []) => (await run<(RowDataPacket & Row)[]>(sql, values)) as Row[];
  return {
    read,
    first: async (sql, values) => (await read(sql, values))[0],
    change: async (sql, values = []) => (await run<ResultSetHeader>(sql, values)).affectedRows,
    insert: async (table, row) => (await run<ResultSetHeader>('INSERT INTO ?? SET ?', [table, { ...row }])).insertId,
    isBusy: () => running > 0,
    close: () => pool.end(),
  };
}

/** Text of a column; NULL is empty. */
export function text(value: Value | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** A text as the bytes that a web server stores over a latin1 connection: UTF-8, one character a byte. */
export function utf8Bytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

/** The other way round, for answers of the simulator's own interface. */
export function fromBytes(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}
