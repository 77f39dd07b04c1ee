import { setTimeout as wait } from 'node:timers/promises';
import type { Tables } from './tables.ts';

const codes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_SERVER_SHUTDOWN_IN_PROGRESS',
];

/** True when a statement failed because the database's process is gone, not because of the statement. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, fatal } = error as { code?: string; fatal?: boolean };
  return fatal === true || codes.includes(code ?? '') || /closed state/.test(error.message);
}

/** A row of that key is there already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as { code?: string }).code === 'ER_DUP_ENTRY';
}

/** How AGI scripts and PHP meet a dead database: they die, and what they had not done yet stays undone. */
export async function orDie(step: () => Promise<void>): Promise<'done' | 'died'> {
  try {
    await step();
    return 'done';
  } catch (error) {
    if (isAway(error)) return 'died';
    throw error;
  }
}

const retryMs = 50;

/** How daemons, which are started anew every minute, and people meet it: each statement is tried until it gets through. */
export function patient(tables: Tables, stopping: AbortSignal): Tables {
  async function persist<T>(statement: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await statement();
      } catch (error) {
        if (!isAway(error) || stopping.aborted) throw error;
        await wait(retryMs, undefined, { ref: false });
      }
    }
  }
  return {
    ...tables,
    read: (sql, values) => persist(() => tables.read(sql, values)),
    first: (sql, values) => persist(() => tables.first(sql, values)),
    change: (sql, values) => persist(() => tables.change(sql, values)),
    insert: (table, row) => persist(() => tables.insert(table, row)),
  };
}

/** The tables of one web request: when its web server is killed, the script is cut before its next statement. */
export function untilKilled(tables: Tables, killed: AbortSignal): Tables {
  async function unlessKilled<T>(statement: () => Promise<T>): Promise<T> {
    killed.throwIfAborted();
    return statement();
  }
  return {
    ...tables,
    read: (sql, values) => unlessKilled(() => tables.read(sql, values)),
    first: (sql, values) => unlessKilled(() => tables.first(sql, values)),
    change: (sql, values) => unlessKilled(() => tables.change(sql, values)),
    insert: (table, row) => unlessKilled(() => tables.insert(table, row)),
  };
}
