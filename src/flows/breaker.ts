import type { Clock } from '../domain/clock.ts';

/** Keeps a dialer that is down from being asked again and again. Times are of the given clock. */
export interface Breaker {
  /** 0 when work may go; else milliseconds until the next try. */
  waitMs(): number;
  succeeded(): void;
  /** @returns true when this failure opened it */
  failed(): boolean;
  state(): 'closed' | 'open' | 'half-open';
  /** Failures since something got through. */
  inARow(): number;
}

/** Opens after so many failures in a row; after the wait one try decides. */
export function createBreaker(clock: Clock, options: { failures: number; waitMs: number }): Breaker {
  let failures = 0;
  let openUntil = 0;
  return {
    inARow: () => failures,
    waitMs: () => (openUntil === 0 ? 0 : Math.max(0, openUntil - clock.now())),
    succeeded() {
      failures = 0;
      openUntil = 0;
    },
    failed() {
      failures += 1;
      if (failures < options.failures) return false;
      const opens = openUntil === 0;
      openUntil = clock.now() + options.waitMs;
      return opens;
    },
    state() {
      if (openUntil === 0) return 'closed';
      return clock.now() >= openUntil ? 'half-open' : 'open';
    },
  };
}
