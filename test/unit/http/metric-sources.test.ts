import { expect, it } from 'vitest';
import { readInTime } from '../../../src/metric-sources.ts';
import { eventually } from '../../support/eventually.ts';

it('asks the store once at a time, however many ask for metrics', async () => {
  let asked = 0;
  const ask = readInTime(async () => {
    asked += 1;
    return asked;
  }, 1000);

  expect(await Promise.all(Array.from({ length: 50 }, ask))).toEqual(Array(50).fill(1));
  expect(await ask()).toBe(2);
});

it('waits for no store that is slow, and tells what it said in the end to the next one who asks', async () => {
  const slow = Promise.withResolvers<string>();
  const ask = readInTime(() => slow.promise, 10);

  expect(await ask()).toBeUndefined();
  slow.resolve('three wait');
  await eventually(async () => expect(await ask()).toBe('three wait'));
});

it('knows nothing after a failure, and asks anew', async () => {
  const answers = [Promise.resolve('three wait'), Promise.reject(new Error('it is away')), Promise.resolve('two wait')];
  const ask = readInTime(() => answers.shift() ?? Promise.reject(new Error('nobody is there')), 1000);

  expect([await ask(), await ask(), await ask()]).toEqual(['three wait', undefined, 'two wait']);
});
