import { Counter, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createTally, createTiming } from '../../../src/http/metrics/tallies.ts';

const head = { name: 'patchbay_things', help: 'Things.', labelNames: ['dialer', 'result'] };

it('counts as the library does, also between two looks', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const tally = createTally(ours, head);
  const counter = new Counter({ ...head, registers: [theirs] });

  tally.begin('five9', 'ok');
  counter.inc({ dialer: 'five9', result: 'ok' }, 0);
  for (const result of ['ok', 'error', 'ok']) {
    tally.add('five9', result);
    counter.inc({ dialer: 'five9', result });
    expect(await ours.metrics()).toBe(await theirs.metrics());
  }
  expect(await ours.metrics()).toContain('patchbay_things{dialer="five9",result="ok"} 2');
});

it('tells times as the library does, those on a bound and beyond all of them too', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const timing = createTiming(ours, head, [0.5, 1, 5]);
  const histogram = new Histogram({ ...head, buckets: [0.5, 1, 5], registers: [theirs] });

  for (const [dialer, seconds] of [
    ['five9', 0.25],
    ['five9', 0.5],
    ['vicidial', 4],
    ['five9', 7],
  ] as const) {
    timing(seconds, dialer, 'ok');
    histogram.observe({ dialer, result: 'ok' }, seconds);
  }

  expect(await ours.metrics()).toBe(await theirs.metrics());
});

it('tells nothing of what never was', async () => {
  const registry = new Registry();
  createTally(registry, head);
  createTiming(registry, { ...head, name: 'patchbay_times' }, [1]);

  expect(await registry.metrics()).not.toMatch(/^patchbay/m);
});
