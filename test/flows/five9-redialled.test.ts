import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Aspect } from '../../src/domain/write-back.ts';
import { committed, entry, registration } from '../contract/store/store-cast.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { writeCalls } from '../support/five9-calls.ts';
import { dialerConfig, domainSeed } from '../support/five9-fault-day.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const startsAt = '2026-03-03T08:00:00.000Z';
const operation = 'asyncUpdateCampaignDispositions';
const adding = 'asyncAddRecordsToList';
const friday = '2026-03-06T17:00:00.000Z';
const saturday = '2026-03-07T17:00:00.000Z';
const [ada] = writeCalls(1, startsAt, 'sale');
if (!ada) throw new Error('nobody is called');

let clock: Clock;
let simulator: Five9Simulator;
let patchbay: TestApp;

beforeEach(async () => {
  clock = startFastClock(Date.parse(startsAt), 200);
  simulator = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    seed: domainSeed([ada]),
  });
  patchbay = await startTestApp({
    registry: { dialers: [five9], platforms: [] },
    clock,
    dialers: { five9: dialerConfig(simulator.url) },
    config: { platforms: {}, outbox: { pollMs: 20, backoff: { firstMs: 60_000, maxMs: 60_000 } } },
  });
});
afterEach(async () => {
  await patchbay?.stop();
  await simulator?.stop();
});

describe("a lead's second call", () => {
  it('has the last word where the import of the first was lost on its way and takes effect late', async () => {
    simulator.failNext('timeoutAfterEffect', { operation });
    simulator.failNext('importRunningFor', { operation, ms: 170_000 });
    await tell('30000000001', 'sale');
    await untilTried();

    await tell('30000000002', 'not_interested');
    await allHome();

    expect(written()).toEqual(['AI - Sale', 'AI - Not interested']);
    expect(simulator.state(ada.number).dispositions).toEqual({ [ada.campaign]: 'AI - Not interested' });
    expect(simulator.state(ada.number).contact?.fields.ai_outcome).toBe('not_interested');
  });

  it('has the only word where the first could not be sent until then', async () => {
    simulator.failNext('serverFault', { operation });
    await tell('30000000001', 'sale');
    await untilTried();

    await tell('30000000002', 'not_interested');
    await allHome();

    expect(written()).toEqual(['AI - Not interested']);
  });

  it('keeps its word where the callback of the first is scheduled late', async () => {
    simulator.failNext('serverFault', { operation: adding });
    await tell('30000000001', 'callback', friday);
    await untilTried('callback');

    await tell('30000000002', 'not_interested');
    await allHome();

    expect(simulator.state(ada.number).dispositions).toEqual({ [ada.campaign]: 'AI - Not interested' });
  });

  it('has its callback where the import of that of the first was lost on its way and takes effect late', async () => {
    simulator.failNext('timeoutAfterEffect', { operation: adding });
    simulator.failNext('importRunningFor', { operation: adding, ms: 170_000 });
    await tell('30000000001', 'callback', friday);
    await untilTried('callback');

    await tell('30000000002', 'callback', saturday);
    await allHome();

    expect(callbacks()).toEqual([friday, saturday]);
  });

  it('keeps its callback where that of the first is taken back', async () => {
    await tell('30000000001', 'callback', friday);
    await allHome();
    await tell('30000000002', 'callback', saturday);
    await allHome();

    await correct('30000000001');
    await allHome();

    expect(callbacks()).toEqual([friday, saturday]);
  });
});

/** An operator heard that the customer is not interested: the callback is taken back. */
async function correct(callKey: string): Promise<void> {
  const { deps } = patchbay.app;
  const at = new Date(clock.now()).toISOString();
  const body = { kind: 'corrected', outcome: 'not_interested', by: 'joan', why: 'heard it' } as const;
  const fact = entry([{ instance: 'five9', kind: 'call', key: callKey }], 'corrected', body, { at });
  await deps.store.recordFacts({ facts: [fact], now: at });
  deps.nudge();
}

async function tell(callKey: string, outcome: string, callbackAt = ''): Promise<void> {
  const { deps } = patchbay.app;
  const at = new Date(clock.now()).toISOString();
  const refs = [{ instance: 'five9', kind: 'call', key: callKey }];
  const { campaign, key: leadKey, number } = ada as NonNullable<typeof ada>;
  const leg = { dialer: 'five9', callKey, campaign, list: '', leadKey, number, phone: `+1${number}`, agent: '' };
  const facts = [
    entry(refs, `registered:${callKey}`, registration({ ...leg, calledAt: at }), { source: 'five9', at }),
    entry(refs, 'commit', committed(outcome, callbackAt), { at }),
  ];
  await deps.store.recordFacts({ facts, now: at });
  deps.nudge();
}

const rows = () => patchbay.app.deps.store.writeBacks({ limit: 99 });

/** Until what the first call wants was tried, and comes again. */
async function untilTried(wanted: Aspect = 'disposition'): Promise<void> {
  await eventually(async () => {
    expect((await rows()).filter(({ aspect, attempts }) => aspect === wanted && attempts > 0)).toHaveLength(1);
  });
}

async function allHome(): Promise<void> {
  await eventually(async () => {
    expect((await rows()).filter(({ state }) => state !== 'confirmed')).toEqual([]);
  }, 20_000);
}

function written(): string[] {
  return simulator
    .effects()
    .filter(({ by, kind }) => by === 'api' && kind === 'disposition')
    .map(({ value }) => value);
}

/** What was done to the callback list. */
function callbacks(): string[] {
  return simulator
    .effects()
    .filter(({ by, kind }) => by === 'api' && kind.startsWith('callback'))
    .map(({ kind, value }) => (kind === 'callback' ? value : kind));
}
