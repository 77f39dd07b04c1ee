import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../../src/domain/connector.ts';
import { createJobRunner } from '../../../src/workers/jobs.ts';
import { eventually } from '../../support/eventually.ts';
import { type OpenDeps, openDeps } from '../flows/open-deps.ts';

let open: OpenDeps;
let gate: PromiseWithResolvers<void>;
let running: number;

beforeEach(async () => {
  open = await openDeps();
  gate = Promise.withResolvers();
  running = 0;
});
afterEach(() => open.close());

/** Ends when the test lets it, whatever its signal says. */
function slow(schedule: Job['schedule']): { owner: string; job: Job } {
  const run: Job['run'] = async () => {
    running += 1;
    await gate.promise;
    running -= 1;
  };
  return { owner: 'carousel', job: { name: 'slow', schedule, isExclusive: false, run } };
}

it.each([
  ['by cron', { cron: '* * * * * *' }],
  ['at intervals', { everyMs: 10 }],
])('waits at its stop for a job %s that goes on', async (_what, schedule) => {
  const runner = createJobRunner(open.deps, [slow(schedule)]);
  runner.start();
  await eventually(() => expect(running).toBe(1));

  let isStopped = false;
  const stopping = runner.stop().then(() => {
    isStopped = true;
  });
  await open.deps.store.ping();
  const wasStoppedEarly = isStopped;
  gate.resolve();
  await stopping;

  expect(wasStoppedEarly).toBe(false);
  expect(running).toBe(0);
});

it('names what goes on by cron, and runs it out of turn, once at a time and not after its stop', async () => {
  const runner = createJobRunner(open.deps, [slow({ cron: '0 0 1 1 *' })]);
  runner.start();

  runner.begin('job:carousel:another');
  runner.begin('job:carousel:slow');
  runner.begin('job:carousel:slow');
  expect([...runner.running().keys()]).toEqual(['job:carousel:slow']);
  expect(running).toBe(1);
  gate.resolve();
  await runner.running().get('job:carousel:slow');
  expect(runner.running().size).toBe(0);
  await runner.stop();
  runner.begin('job:carousel:slow');

  expect(runner.running().size).toBe(0);
});
