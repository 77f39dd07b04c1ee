import type { Clock } from '../../../../src/domain/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface TestClock extends Clock {
  leapTo(instant: string): void;
  advance(ms: number): void;
}

export function createTestClock(start: string): TestClock {
  let now = Date.parse(start);
  const sleepers = new Set<{ until: number; wake: () => void }>();

  function wakeDue(): void {
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        if (ms <= 0 || signal?.aborted) wake();
        signal?.addEventListener('abort', wake, { once: true });
      }),
    leapTo(instant) {
      now = Date.parse(instant);
      wakeDue();
    },
    advance(ms) {
      now += ms;
      wakeDue();
    },
  };
}
