import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { DatabasePlace } from './tables.ts';

/**
 * Holds a table for so many milliseconds of the machine, as a long report does on MyISAM: who wants to write, and soon
 * who wants to read, waits for it. Resolves when the table is held; the lock goes by itself.
 */
export async function holdTable(place: DatabasePlace, table: string, ms: number, stopping: AbortSignal): Promise<void> {
  const { host, port, user, password, name } = place;
  const connection = await createConnection({ host, port, user, password, database: name });
  await connection.query('LOCK TABLES ?? WRITE', [table]);
  void wait(ms, undefined, { ref: false, signal: stopping })
    .catch(() => undefined)
    .then(() => connection.end())
    .catch(() => undefined);
}
