import { setTimeout as wait } from 'node:timers/promises';
import type { VicidialDatabase } from '../tables/database.ts';

/** Runs reads one after the other, with as much rest between them as the dialer's other work needs. */
export interface Pace {
  run<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** No read begins within so many milliseconds from now. */
  rest(ms: number): void;
}

/** The machine's own time: what counts is the load on a real server, also where a test moves the clock by hand. */
const machineTime: PaceTime = {
  now: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
};

export interface PaceTime {
  now(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Never reads for more than `maxShare` (0 to 1) of the time: a read of t ms is followed by a rest in proportion. */
export function gentlePace(maxShare: number, time: PaceTime = machineTime): Pace {
  let restsUntil = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(before: Promise<unknown>, read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await before.catch(() => undefined);
    const restMs = restsUntil - time.now();
    if (restMs > 0) await time.wait(restMs, signal);
    const startedAt = time.now();
    try {
      return await read();
    } finally {
      const tookMs = time.now() - startedAt;
      restsUntil = Math.max(restsUntil, time.now() + (tookMs * (1 - maxShare)) / maxShare);
    }
  }

  return {
    run(read, signal) {
      const turn = inTurn(last, read, signal);
      last = turn;
      return turn;
    },
    rest(ms) {
      restsUntil = Math.max(restsUntil, time.now() + ms);
    },
  };
}

export const fullPace: Pace = { run: (read) => read(), rest: () => undefined };

/** The same database, read at this pace. */
export function pacedDatabase(database: VicidialDatabase, pace: Pace): VicidialDatabase {
  return {
    select: (row, sql, values, signal) => pace.run(() => database.select(row, sql, values, signal), signal),
    selectAll: (row, sql, values, signal) => pace.run(() => database.selectAll(row, sql, values, signal), signal),
    selectCells: (sql, values, signal) => pace.run(() => database.selectCells(sql, values, signal), signal),
    close: () => database.close(),
  };
}
