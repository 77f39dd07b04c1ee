import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Control, type ControlScope, controlsOf } from '../../../src/domain/controls.ts';
import { type ControlWatch, createControlWatch } from '../../../src/flows/control-watch.ts';
import { eventually } from '../../support/eventually.ts';

const pauseOf = (scope: Partial<ControlScope>): Control => ({
  kind: 'pause',
  scope: { dialer: '', campaign: '', aspect: '', ...scope },
  percent: 0,
  note: 'test',
  by: 'olga',
  at: '2026-11-21T12:00:00.000Z',
});
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let kept: Control[];
let reads: number;
let isAway: boolean;
let watch: ControlWatch;

beforeEach(() => {
  kept = [];
  reads = 0;
  isAway = false;
  const read = async () => {
    reads += 1;
    if (isAway) throw new Error('away');
    return kept;
  };
  watch = createControlWatch({ read, log: quiet });
});
afterEach(() => watch.stop());

it('hears of a change within a moment, keeps what it knows while the store is away, and tells who listens', async () => {
  let changes = 0;
  const stopListening = watch.onChange(() => (changes += 1));
  await watch.start();
  kept = [pauseOf({ dialer: 'vicidial' })];
  await eventually(() => expect(watch.now().all).toHaveLength(1), 1000);
  isAway = true;
  const readsThen = reads;
  await eventually(() => expect(reads).toBeGreaterThan(readsThen + 1));
  const known = watch.now().pauseOf('vicidial', 'SPRING', 'dnc');
  stopListening();
  isAway = false;
  kept = [];
  await eventually(() => expect(watch.now().all).toEqual([]));

  expect(known).toBeDefined();
  expect(changes).toBe(1);
});

it('is asked by who has no service running, and reads then; not each time of many', async () => {
  kept = [pauseOf({})];

  const first = await watch.fresh();
  await Promise.all(Array.from({ length: 50 }, () => watch.fresh()));

  expect(first.pauseOfCalls('five9', 'Spring')).toBeDefined();
  expect(reads).toBe(1);
});

it('names the widest pause, and those that touch a dialer', () => {
  const narrow = pauseOf({ dialer: 'vicidial', campaign: 'SPRING', aspect: 'dnc' });
  const controls = controlsOf([narrow, pauseOf({ campaign: 'SPRING' }), pauseOf({ dialer: 'five9' })]);

  expect(controls.pauseOf('vicidial', 'SPRING', 'dnc')?.scope).toEqual(pauseOf({ campaign: 'SPRING' }).scope);
  expect(controls.pauseOf('vicidial', 'AUTUMN', 'dnc')).toBeUndefined();
  expect(controls.pausesOn('vicidial')).toHaveLength(2);
  expect(controls.pausesOn('carousel')).toHaveLength(1);
});
