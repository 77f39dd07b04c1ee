import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/domain/clock.ts';

/**
 * A clock that goes on only by hand. Sleepers wake in the order of their times, each with a moment for its work, and
 * longer while `isBusy` says so: on a slow machine too, no step is overtaken by the clock.
 */
export interface HandClock extends Clock {
  leapTo(instant: string): Promise<void>;
}

/** Real time that whoever wakes gets before the clock goes on. */
const momentMs = 15;

export function handClock(at: string, isBusy: () => boolean = () => false): HandClock {
  let now = Date.parse(at);
  const sleepers = new Set<{ until: number; wake(): void }>();

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper = {
        until: now + ms,
        wake() {
          sleepers.delete(sleeper);
          resolve();
        },
      };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      return promise;
    },
    async leapTo(instant) {
      const end = Date.parse(instant);
      await quiet(isBusy);
      for (;;) {
        const next = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (!next) break;
        now = Math.max(now, next.until);
        next.wake();
        await wait(momentMs);
        await quiet(isBusy);
      }
      now = Math.max(now, end);
    },
  };
}

async function quiet(isBusy: () => boolean): Promise<void> {
  while (isBusy()) await wait(1);
}
