import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/domain/clock.ts';

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
  },
};
