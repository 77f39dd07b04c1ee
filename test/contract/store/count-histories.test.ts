import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hourOf } from '../../../src/domain/call-hours.ts';
import { type CountedMarks, keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import type { FactToRecord, Store } from '../../../src/store/store.ts';
import { keepCounts } from './counting.ts';
import { callerCode, committed, entry, legOf, openTestStore, platformCall, registration } from './store-cast.ts';

const zone = 'America/New_York';
const minuteMs = 60_000;
const start = Date.parse('2026-11-01T12:00:00.000Z');

let store: Store;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-count-histories-'));
  store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

interface Step {
  what:
    | 'registered'
    | 'earlier leg'
    | 'started'
    | 'sale'
    | 'callback'
    | 'corrected'
    | 'erased'
    | 'counted'
    | 'counted late';
  call: number;
  hour: number;
  /** How much the clock of who tells it is behind. */
  behindMin: number;
  process: 0 | 1;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    ...(['registered', 'earlier leg', 'started', 'sale', 'callback', 'corrected', 'erased'] as const),
    ...(['registered', 'counted', 'counted', 'counted late'] as const),
  ),
  call: fc.integer({ min: 0, max: 2 }),
  hour: fc.integer({ min: 0, max: 1 }),
  behindMin: fc.integer({ min: 0, max: 2 }),
  process: fc.constantFrom(0 as const, 1 as const),
});

/** Nothing was ever counted, and calls lie in an hour that has not begun by the clock of who counts first. */
const firstCountBeforeItsCalls: Step[] = [
  { what: 'registered', call: 2, hour: 1, behindMin: 2, process: 0 },
  { what: 'started', call: 0, hour: 1, behindMin: 0, process: 1 },
  { what: 'registered', call: 1, hour: 0, behindMin: 1, process: 0 },
  { what: 'sale', call: 2, hour: 0, behindMin: 2, process: 1 },
  { what: 'earlier leg', call: 0, hour: 1, behindMin: 2, process: 0 },
  { what: 'corrected', call: 1, hour: 0, behindMin: 2, process: 0 },
];

it('counts what there is, whatever happened to calls meanwhile, by two processes whose clocks differ', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      run += 1;
      await play(run, steps);
    }),
    { numRuns: 60, examples: [[firstCountBeforeItsCalls]] },
  );
}, 120_000);

async function play(run: number, steps: readonly Step[]): Promise<void> {
  const from = start + run * 12 * 60 * minuteMs;
  const processes: CountedMarks[] = [new Map(), new Map()];
  const late: { release(): void; done: Promise<unknown> }[] = [];
  let nowMs = from;
  for (const { what, call, hour, behindMin, process } of steps) {
    nowMs += 20_000;
    const now = instant(nowMs - behindMin * minuteMs);
    const marks = processes[process] as CountedMarks;
    if (what === 'counted') await keepCallCounts(depsOf(store, nowMs), marks);
    else if (what === 'counted late') late.push(countLate(nowMs, marks));
    else if (what === 'erased') await erase(`V${run}-${call}`, now);
    else await store.recordFacts({ facts: [factOf(`${run}-${call}`, what, from + hour * 60 * minuteMs)], now });
    if (late.length > 1) await end(late.shift());
  }
  for (const each of late) await end(each);
  // When both have counted since everybody's changes are over, no more is to come.
  for (const minutes of [3, 10, 12]) {
    for (const marks of processes)
      await keepCounts(store, instant(nowMs + minutes * minuteMs), { marks, timeZone: zone });
  }

  const range = { from: instant(from - 180 * minuteMs), before: instant(from + 240 * minuteMs) };
  const counted = await store.countHours({ ...range, by: ['hour', 'dialer', 'agent', 'outcome'] });
  const words = counted.map((each) => [each.hour, each.dialer, each.agent, each.outcome, each.calls].join());
  expect(words.sort()).toEqual(await naiveCount(range));
}

/** What one process read is kept only after others went on. */
function countLate(nowMs: number, marks: CountedMarks): { release(): void; done: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow: Pick<Store, 'keepCounts'> = {
    keepCounts: async (input) => {
      await promise;
      return store.keepCounts(input);
    },
  };
  const done = keepCallCounts(depsOf({ ...store, ...slow }, nowMs), marks);
  return { release: resolve, done };
}

async function end(late: { release(): void; done: Promise<unknown> } | undefined): Promise<void> {
  late?.release();
  await late?.done;
}

async function naiveCount(range: { from: string; before: string }): Promise<string[]> {
  const { calls, next } = await store.searchCalls({ ...range, limit: 100 });
  expect(next).toBeNull();
  const counts = new Map<string, number>();
  for (const { registeredAt, dialer, marks, outcome } of calls) {
    const name = [hourOf(zone, registeredAt), dialer, marks.agent, outcome?.code ?? ''].join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, calls]) => `${name},${calls}`).sort();
}

async function erase(key: string, now: string): Promise<void> {
  const call = await store.callByRef(callerCode(key));
  if (!call) return;
  const names = { correlationId: call.correlationId, platforms: [], names: {} };
  await store.eraseCall({ ...names, by: 'joan', now });
}

function factOf(
  key: string,
  what: Exclude<Step['what'], 'erased' | 'counted' | 'counted late'>,
  at: number,
): FactToRecord {
  const names = [callerCode(`V${key}`), platformCall(key)];
  const times = { at: instant(at), receivedAt: instant(at) };
  if (what === 'registered' || what === 'earlier leg') {
    const calledAt = instant(what === 'registered' ? at : at - 90 * minuteMs);
    const leg = legOf(`${key}-${calledAt}`, { dialer: what === 'registered' ? 'vicidial' : 'five9', calledAt });
    return entry(names, `registered:${calledAt}`, registration(leg), { ...times, source: leg.dialer });
  }
  // The platform may know a call by its own name alone, so that a shell is there before the call is.
  if (what === 'started') return entry([platformCall(key)], 'started', { kind: 'started', agent: 'agent_1' }, times);
  if (what === 'corrected') {
    const body = { kind: 'corrected', outcome: 'wrong_number', by: 'joan', why: 'heard it' } as const;
    return entry(names, `corrected:${at}`, body, times);
  }
  return entry([platformCall(key)], `commit:${what}`, committed(what), times);
}

function depsOf(kept: Store, nowMs: number): Parameters<typeof keepCallCounts>[0] {
  return { store: kept, clock: { now: () => nowMs }, settings: { console: { timeZone: zone } } };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
