import { describe, expect, it } from 'vitest';
import { nextDncWindow } from '../../chaos/nights.ts';
import { readChaosOptions } from '../../chaos/options.ts';
import { planFaults, planPoints } from '../../chaos/plan.ts';

const options = readChaosOptions(['--seed', '3', '--minutes', '10']);

describe('the plan of a chaos run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(options)).toEqual(planFaults(options));
    expect(planPoints(options)).toEqual(planPoints(options));
    expect(planFaults({ ...options, seed: 4 })).not.toEqual(planFaults(options));
  });

  it.each(['sqlite', 'mysql'] as const)('has every fault that %s can have', (store) => {
    const kinds = new Set(planFaults({ ...options, store }).map(({ kind }) => kind));

    expect(kinds.size).toBe(store === 'sqlite' ? 22 : 23);
    expect(kinds.has('store-locked')).toBe(store === 'sqlite');
  });

  it('gives a target one fault at a time, and none at the end', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const ends = new Map<string, number>();
      for (const { target, atMs, forMs } of planFaults({ ...options, seed })) {
        expect(atMs).toBeGreaterThanOrEqual(ends.get(target) ?? 0);
        expect(atMs + forMs).toBeLessThanOrEqual(600_000);
        ends.set(target, atMs + forMs);
      }
    }
  });

  it.each([
    ['2026-03-08T05:00:00.000Z', '2026-03-08T07:01:00.000Z'],
    ['2026-03-08T07:30:00.000Z', '2026-03-09T06:01:00.000Z'],
    ['2026-11-01T06:30:00.000Z', '2026-11-02T07:01:00.000Z'],
  ])('finds the night after %s on days on which clocks change', (now, window) => {
    expect(new Date(nextDncWindow(Date.parse(now))).toISOString()).toBe(window);
  });
});
