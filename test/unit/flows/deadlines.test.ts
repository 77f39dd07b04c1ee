import { expect, it } from 'vitest';
import { createDeadlines } from '../../../src/flows/deadlines.ts';
import { eventually } from '../../support/eventually.ts';

it('tells each whose time is up, and nobody who ended before', async () => {
  const deadlines = createDeadlines();
  const told: string[] = [];
  const now = performance.now();
  const wait = (name: string, ms: number) => deadlines.add(now + ms, () => told.push(`${name} ${overdue(now + ms)}`));

  wait('third', 60);
  const endSecond = wait('second', 20);
  const endFirst = wait('first', 5);
  const isInTime = endSecond();

  await eventually(() => expect(told.toSorted()).toEqual(['first true', 'third true']));
  expect(isInTime).toBe(true);
  expect(endFirst()).toBe(false);
});

it('looks again for who comes when nobody waits any more', async () => {
  const deadlines = createDeadlines();
  const told: string[] = [];

  deadlines.add(performance.now() + 5, () => told.push('one'));
  await eventually(() => expect(told).toEqual(['one']));
  deadlines.add(performance.now() + 5, () => told.push('other'));

  await eventually(() => expect(told).toEqual(['one', 'other']));
});

function overdue(at: number): boolean {
  return performance.now() >= at;
}
