import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../../src/domain/clock.ts';

/** A clock that begins at an instant and runs so many times as fast as the machine's. */
export function startFastClock(startsAt: number, rate: number): Clock {
  const began = performance.now();
  return {
    now: () => Math.floor(startsAt + (performance.now() - began) * rate),
    async sleep(ms, signal) {
      await wait(ms / rate, undefined, { signal, ref: false }).catch(() => undefined);
    },
  };
}
