import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './domain/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
  },
};

/** What a clock file holds: at machine time `realMs` it was `simulatedMs`, and time runs `rate` times as fast since. */
export interface ClockFile {
  realMs: number;
  simulatedMs: number;
  rate: number;
}

const lookEveryMs = 25;

/**
 * A simulated clock that several processes share through a small JSON file. Whoever owns the file may change the rate
 * or leap ahead; sleepers notice within 25 ms of machine time.
 */
export function fileClock(path: string): Clock {
  let file = read();
  let lookedAt = Date.now();

  function read(): ClockFile {
    return JSON.parse(readFileSync(path, 'utf8')) as ClockFile;
  }

  function now(): number {
    const real = Date.now();
    if (real - lookedAt >= lookEveryMs) {
      lookedAt = real;
      try {
        file = read();
      } catch {
        // The owner is just replacing the file: the old line goes on.
      }
    }
    return file.simulatedMs + (real - file.realMs) * file.rate;
  }

  return {
    now: () => Math.floor(now()),
    async sleep(ms, signal) {
      const until = now() + ms;
      while (!signal?.aborted) {
        const left = until - now();
        if (left <= 0) return;
        const realMs = Math.max(1, Math.min(left / file.rate, lookEveryMs));
        await wait(realMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
  };
}
