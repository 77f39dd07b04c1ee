import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Control, everywhere } from '../../../src/domain/controls.ts';
import { type ControlWatch, createControlWatch } from '../../../src/flows/control-watch.ts';
import { eventually } from '../../support/eventually.ts';

const pause: Control = {
  kind: 'pause',
  scope: everywhere,
  percent: 0,
  note: 'their server moves',
  by: 'cli:ada',
  at: '2026-11-21T12:00:00.000Z',
};
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

let held: readonly Control[];
let isAway: boolean;
let reads: number;
let watch: ControlWatch;

beforeEach(() => {
  [held, isAway, reads] = [[], false, 0];
  watch = createControlWatch({
    async read() {
      reads += 1;
      if (isAway) throw new Error('the store is away');
      return held;
    },
    log,
  });
});
afterEach(() => watch.stop());

function isPaused(): boolean {
  return watch.now().pauseOf('five9', 'Spring', 'dnc') !== undefined;
}

it('knows what is set before it has started for good, and hears of a change within a second', async () => {
  held = [pause];
  await watch.start();
  expect(isPaused()).toBe(true);

  held = [];
  const changedAt = performance.now();
  await eventually(() => expect(isPaused()).toBe(false));

  expect(performance.now() - changedAt).toBeLessThan(1000);
});

it('tells of each change once, and of nothing when nothing changed', async () => {
  const told = vi.fn();
  watch.onChange(told);
  held = [pause];

  await watch.look();
  await watch.look();
  held = [];
  await watch.look();

  expect(told).toHaveBeenCalledTimes(2);
});

it('goes on by what it knew last while the store is away', async () => {
  held = [pause];
  await watch.look();
  isAway = true;

  await watch.look();

  expect(isPaused()).toBe(true);
});

it('never reads twice at once: who asks meanwhile gets a look of their own after it', async () => {
  let letGo = () => {};
  let running = 0;
  let most = 0;
  const slow = createControlWatch({
    async read() {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      running -= 1;
      return held;
    },
    log,
  });

  const first = slow.look();
  await eventually(() => expect(running).toBe(1));
  const second = slow.look();
  letGo();
  await first;
  held = [pause];
  await eventually(() => expect(running).toBe(1));
  letGo();
  await second;

  expect(most).toBe(1);
  expect(slow.now().all).toEqual([pause]);
});

it('reads on by itself, and no more once it is stopped', async () => {
  vi.useFakeTimers();
  try {
    await watch.start();
    await vi.advanceTimersByTimeAsync(1000);
    const before = reads;
    watch.stop();
    await vi.advanceTimersByTimeAsync(5000);

    expect(before).toBeGreaterThanOrEqual(4);
    expect(reads).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
