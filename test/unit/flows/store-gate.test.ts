import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createStoreGate } from '../../../src/flows/store-gate.ts';

describe('the store gate', () => {
  it('gives up at the budget, and asks only briefly until the store is back', async () => {
    const changes: boolean[] = [];
    const gate = createStoreGate({ awayBudgetMs: 10, onChange: (isAway) => changes.push(isAway) });
    const never = () => new Promise<number>(() => undefined);

    const first = await gate.read(60, never);
    const before = performance.now();
    const second = await gate.read(5000, never);
    const took = performance.now() - before;
    const third = await gate.read(5000, async () => 7);

    expect(first.kind).toBe('away');
    expect(second.kind).toBe('away');
    expect(took).toBeLessThan(1000);
    expect(third).toEqual({ kind: 'answer', value: 7 });
    expect(changes).toEqual([true, false]);
  });

  it('notices by a late answer that the store is back', async () => {
    const gate = createStoreGate({ onChange: () => undefined });
    let finish: (value: number) => void = () => undefined;

    await gate.read(5, () => new Promise<number>((resolve) => (finish = resolve)));
    expect(gate.isAway()).toBe(true);
    finish(1);
    await wait(1);

    expect(gate.isAway()).toBe(false);
  });

  it('keeps reads and writes apart: a locked file still answers reads', async () => {
    const gate = createStoreGate({ awayBudgetMs: 10, onChange: () => undefined });

    await gate.write(20, () => new Promise<number>(() => undefined));
    await gate.read(20, async () => 1);
    const before = performance.now();
    await gate.write(5000, () => new Promise<number>(() => undefined));

    expect(performance.now() - before).toBeLessThan(1000);
    expect(gate.isAway()).toBe(true);
  });

  it('tells why the store failed', async () => {
    const gate = createStoreGate({ onChange: () => undefined });

    const answer = await gate.read(50, () => Promise.reject(new Error('disk is full')));

    expect(answer).toEqual({ kind: 'away', why: 'disk is full' });
  });
});
