import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import { categoriesOf, type Operation } from '../../connectors/five9/soap/operations.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { committed, entry, registration } from '../contract/store/store-cast.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

/** PATCHBAY_DRAIN_ROWS=50000 runs the full size, which takes minutes of machine time. */
const rows = Number(process.env.PATCHBAY_DRAIN_ROWS ?? 5000);
const refusedEach = 100;
/** Simulated seconds per second of the machine; more when only the refused rows are left, which wait for their next try. */
const speed = 60;
const speedInTheEnd = 300;
const startsAt = '2026-03-02T18:00:00.000Z';
const campaigns = ['Spring', 'Summer', 'Autumn'] as const;
const outcomes = { sale: 'AI - Sale', not_interested: 'AI - Not interested', wrong_number: 'AI - Wrong number' };
const outcomeNames = Object.keys(outcomes) as (keyof typeof outcomes)[];

/** One call of the test: who was called, in which campaign, and how it ended. */
interface DrainCall {
  index: number;
  number: string;
  key: string;
  campaign: string;
  outcome: keyof typeof outcomes;
  isRefused: boolean;
}

let simulator: Five9Simulator | undefined;
let patchbay: TestApp | undefined;

afterEach(async () => {
  await patchbay?.stop();
  await simulator?.stop();
});

describe('a backlog of dispositions over three campaigns', () => {
  it(`is drained within Five9's default limits, each of the ${rows} rows with its own end`, async () => {
    const clock = lapseClock();
    const calls = Array.from({ length: rows }, (_, index) => callOf(index));
    simulator = await startDomain(clock, calls);
    patchbay = await startTestApp({
      clock,
      registry: { dialers: [five9], platforms: [] },
      dialers: { five9: dialerConfig(simulator.url) },
      // The outbox waits until all calls are recorded.
      config: { platforms: {}, outbox: { pollMs: 60_000 } },
    });
    const { store, nudge } = patchbay.app.deps;
    await recordCalls(patchbay, calls);
    const began = { simulated: clock.now(), machine: performance.now() };

    let left = rows;
    while (left > 0) {
      nudge();
      await wait(50);
      const counts = await store.countWriteBacks();
      left = counts
        .filter(({ state }) => ['pending', 'claimed', 'submitted'].includes(state))
        .reduce((sum, { count }) => sum + count, 0);
      if (left <= rows / refusedEach) clock.setSpeed(speedInTheEnd);
    }

    const took = { simulated: clock.now() - began.simulated, machine: performance.now() - began.machine };
    print(simulator, took);
    const verdict = await judge(simulator, patchbay, calls);
    console.log(JSON.stringify(verdict));
    const refusedByLimit = simulator.requests().filter(({ fault }) => fault === 'OperationsLimitExceededFault');
    expect(refusedByLimit).toEqual([]);
    expect(verdict).toEqual({
      confirmed: rows - rows / refusedEach,
      reported: rows / refusedEach,
      lost: 0,
      double: 0,
      wrong: 0,
      others: 0,
    });
  }, 900_000);
});

function callOf(index: number): DrainCall {
  return {
    index,
    number: `${200 + Math.floor(index / 100)}5550${100 + (index % 100)}`,
    key: `pk-${index}`,
    campaign: campaigns[index % campaigns.length] ?? campaigns[0],
    outcome: outcomeNames[Math.floor(index / 7) % outcomeNames.length] ?? 'sale',
    isRefused: index % refusedEach === 42,
  };
}

async function startDomain(clock: Clock, calls: readonly DrainCall[]): Promise<Five9Simulator> {
  const five9Domain = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    seed: {
      campaigns: campaigns.map((name) => ({ name, lists: [`${name} list`] })),
      lists: campaigns.map((name) => `${name} list`),
      dispositions: Object.values(outcomes),
      contactFields: [{ name: 'patchbay_key' }],
      contacts: calls.map(({ number, key, campaign }) => ({
        fields: { number1: number, patchbay_key: key },
        lists: [`${campaign} list`],
      })),
    },
  });
  const refused = new Set(calls.filter(({ isRefused }) => isRefused).map(({ number }) => number));
  five9Domain.refuseRows((number) => refused.has(number));
  return five9Domain;
}

function dialerConfig(host: string) {
  return {
    type: 'five9',
    soap: { host, users: [{ user: 'ada', password: 'engine' }], timeoutMs: 20_000 },
    domainTimeZone: 'America/New_York',
    campaigns: Object.fromEntries(campaigns.map((name) => [name, { dispositions: outcomes, fields: {} }])),
  };
}

/** Straight into the store, as its own operation: calls by HTTP would take most of the test. */
async function recordCalls({ app }: TestApp, calls: readonly DrainCall[]): Promise<void> {
  const now = new Date(app.deps.clock.now()).toISOString();
  const atOnce = 100;
  for (let start = 0; start < calls.length; start += atOnce) {
    const facts = calls.slice(start, start + atOnce).flatMap(({ index, number, key, campaign, outcome }) => {
      const callKey = String(30_000_000_000 + index);
      const refs = [{ instance: 'five9', kind: 'call', key: callKey }];
      const leg = {
        dialer: 'five9',
        callKey,
        campaign,
        list: '',
        leadKey: key,
        number,
        phone: `+1${number}`,
        agent: '',
      };
      return [
        entry(refs, `registered:${callKey}`, registration({ ...leg, calledAt: now }), { source: 'five9', at: now }),
        entry(refs, 'commit', committed(outcome), { at: now }),
      ];
    });
    await app.deps.store.recordFacts({ facts, now });
  }
}

async function judge(five9Domain: Five9Simulator, { app }: TestApp, calls: readonly DrainCall[]) {
  const verdict = { confirmed: 0, reported: 0, lost: 0, double: 0, wrong: 0, others: 0 };
  const byNumber = new Map(calls.map((call) => [call.number, call]));
  const writes = new Map<string, number>();
  for (const { kind, by, record, campaign, value } of five9Domain.effects()) {
    if (kind !== 'disposition' || by !== 'api') continue;
    writes.set(record, (writes.get(record) ?? 0) + 1);
    const call = byNumber.get(record);
    const isMeant = call && !call.isRefused && campaign === call.campaign && value === outcomes[call.outcome];
    if (!isMeant) verdict.wrong += 1;
  }
  for (const call of calls) {
    const state = five9Domain.state(call.number).dispositions[call.campaign] ?? '';
    if (!call.isRefused && state !== outcomes[call.outcome]) verdict.lost += 1;
    if ((writes.get(call.number) ?? 0) > 1) verdict.double += 1;
  }
  const callOfKey = new Map(calls.map((call) => [call.key, call]));
  for (const row of await app.deps.store.writeBacks({ limit: calls.length * 2 })) {
    const isRefused = callOfKey.get(row.target.leadKey)?.isRefused ?? false;
    if (!isRefused && row.state === 'confirmed') verdict.confirmed += 1;
    else if (isRefused && row.state === 'refused' && row.why !== '') verdict.reported += 1;
    else verdict.others += 1;
  }
  return verdict;
}

function print(five9Domain: Five9Simulator, took: { simulated: number; machine: number }): void {
  const byOperation = Map.groupBy(five9Domain.requests(), ({ operation }) => operation);
  const byCategory = new Map<string, number>();
  for (const [operation, requests] of byOperation) {
    for (const category of categoriesOf(operation as Operation)) {
      byCategory.set(category, (byCategory.get(category) ?? 0) + requests.length);
    }
  }
  const minutes = (ms: number) => `${(ms / 60_000).toFixed(1)} min`;
  console.log(
    [
      `${rows} dispositions, ${rows / refusedEach} of them refused; PATCHBAY_DRAIN_ROWS=50000 runs the full size`,
      `simulated time ${minutes(took.simulated)}, machine time ${(took.machine / 1000).toFixed(0)} s (clock at ${speed} times, ${speedInTheEnd} in the end)`,
      ...[...byCategory].map(([category, count]) => `${category}: ${count} requests`),
      ...[...byOperation].map(([operation, requests]) => `  ${operation}: ${requests.length}`),
    ].join('\n'),
  );
}

/** A clock that runs faster than the machine's. */
function lapseClock() {
  let began = { simulated: Date.parse(startsAt), machine: performance.now() };
  let factor = speed;
  const now = () => Math.floor(began.simulated + (performance.now() - began.machine) * factor);
  return {
    now,
    sleep: (ms, signal) => wait(Math.max(0, ms / factor), undefined, { signal, ref: false }).catch(() => undefined),
    setSpeed(wanted: number) {
      if (factor === wanted) return;
      began = { simulated: now(), machine: performance.now() };
      factor = wanted;
    },
  } satisfies Clock & { setSpeed(wanted: number): void };
}
