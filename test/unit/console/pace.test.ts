import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPace } from '../../../src/console/live/pace.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes 100 ms. */
function piece(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

it('works no more than its share of the time, however much is due', async () => {
  let pieces = 0;
  const pace = createPace({
    share: 0.1,
    nextDue: () => 0,
    work() {
      pieces += 1;
      return piece();
    },
  });

  for (let look = 0; look < 20; look += 1) pace.look();
  await vi.advanceTimersByTimeAsync(9950);

  expect(pieces).toBe(10);
});

it('rests only for a while after what took long: it waited for somebody else', async () => {
  let pieces = 0;
  const pace = createPace({
    share: 0.1,
    nextDue: () => 0,
    work() {
      pieces += 1;
      return new Promise((resolve) => setTimeout(resolve, 10_000));
    },
  });

  pace.look();
  await vi.advanceTimersByTimeAsync(15_500);

  expect(pieces).toBe(2);
});

it('waits until something is due, and looks again when it is told to', async () => {
  let dueAt = performance.now() + 60_000;
  let pieces = 0;
  const pace = createPace({
    nextDue: () => dueAt,
    async work() {
      pieces += 1;
      dueAt += 60_000;
    },
  });

  pace.look();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(pieces).toBe(0);
  dueAt = performance.now();
  pace.look();
  await vi.advanceTimersByTimeAsync(10);

  expect(pieces).toBe(1);
});

it('keeps no timer while nothing is due', () => {
  createPace({ nextDue: () => undefined, work: piece }).look();

  expect(vi.getTimerCount()).toBe(0);
});
