import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const evening = '2026-11-21T22:00:00.000Z';
const outageHours = 4;
const stepSec = 15;

let clock: TestClock;
let opened: OpenDeps;
let state: DeliveryState;

beforeEach(async () => {
  clock = createTestClock(evening);
  opened = await openDeps({ clock });
  const { breakerFailures: failures, breakerWaitMs: waitMs } = opened.deps.settings.outbox;
  const breaker = () => createBreaker(clock, { failures, waitMs });
  state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
});
afterEach(() => opened.close());

const errors = {
  'nobody is there': new ConnectorError('dialer_away', 'no answer', { retryable: true }),
  'it falls silent each time': new ConnectorError('dialer_away', 'no answer', { retryable: true, inDoubt: true }),
  'a proxy answers for it': new ConnectorError('dialer_odd', 'HTTP 502', { retryable: true, inDoubt: true }),
};

it.each(Object.entries(errors))('a dialer that is away for half a night (%s) ends no row', async (_, error) => {
  const asked: number[] = [];
  const away: Dialer = {
    ...opened.dialer,
    deliver() {
      asked.push(clock.now());
      return Promise.reject(error);
    },
  };
  const back: Dialer = {
    ...opened.dialer,
    deliver: async (rows) => new Map(rows.map(({ id }) => [id, { kind: 'done' }])),
  };
  for (const key of ['mu-1', 'mu-2', 'mu-3']) await optOut(key);

  await passTime(outageHours * 3600, away);
  const waiting = await opened.deps.store.writeBacks({ limit: 100 });
  await passTime(90, back);

  expect(new Set(waiting.map((row) => row.state))).toEqual(new Set(['pending']));
  expect(asked.length).toBeGreaterThan(outageHours * 50);
  expect(asked.length).toBeLessThanOrEqual(outageHours * 120 + 5);
  const brought = await opened.deps.store.writeBacks({ limit: 100 });
  expect(brought.length).toBeGreaterThanOrEqual(3);
  expect(new Set(brought.map((row) => row.state))).toEqual(new Set(['confirmed']));
});

it('what an outage took leaves a row all the tries that are its own', async () => {
  const away = new ConnectorError('dialer_away', 'no answer', { retryable: true });
  await optOut('mu-1');
  await optOut('mu-2');
  const [poison = ''] = (await opened.deps.store.writeBacks({ limit: 1 })).map(({ id }) => id);
  let own = 0;
  const working: Dialer = {
    ...opened.dialer,
    async deliver(rows) {
      own += rows.filter(({ id }) => id === poison).length;
      return new Map(rows.map(({ id }) => [id, id === poison ? { kind: 'retry', why: 'odd' } : { kind: 'done' }]));
    },
  };

  await passTime(3600, { ...opened.dialer, deliver: () => Promise.reject(away) });
  for (let call = 3; call < 200; call += 1) {
    // Others get through, so that the dialer is not away.
    await optOut(`mu-${call}`);
    await passTime(stepSec, working);
  }

  const found = (await opened.deps.store.writeBacks({ limit: 500 })).find(({ id }) => id === poison);
  expect(found?.state).toBe('dead');
  expect(own).toBe(opened.deps.settings.outbox.maxAttempts);
});

it('a try after which still nothing gets through is no row’s own, and the first one is', async () => {
  const odd: Dialer = {
    ...opened.dialer,
    deliver: async (rows) => new Map(rows.map(({ id }) => [id, { kind: 'retry', why: 'HTTP 502' }])),
  };
  await optOut('mu-1');

  const spared: (number | undefined)[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    await deliverWriteBacks(opened.deps, odd, state);
    clock.advance(60_000);
    spared.push((await opened.deps.store.writeBacks({ limit: 1 }))[0]?.spared);
  }

  expect(spared).toEqual([0, 1, 2]);
});

it('an import whose fate a proxy hides for half a night stays an import', async () => {
  await optOut('mu-1');
  const taken: Dialer = {
    ...opened.dialer,
    deliver: async (rows) => new Map(rows.map(({ id }) => [id, { kind: 'submitted', receipt: 'import-1' }])),
  };
  const hidden: Dialer = {
    ...opened.dialer,
    confirm: async (_, rows) => new Map(rows.map(({ id }) => [id, { kind: 'retry', why: 'HTTP 502' }])),
  };
  await deliverWriteBacks(opened.deps, taken, state);

  for (let passed = 0; passed < outageHours * 3600; passed += stepSec) {
    clock.advance(stepSec * 1000);
    await confirmReceipts(opened.deps, hidden, state);
  }

  const [row] = await opened.deps.store.writeBacks({ limit: 1 });
  expect(row).toMatchObject({ state: 'submitted', receipt: 'import-1' });
  expect(row?.attempts).toBeGreaterThan(opened.deps.settings.outbox.maxAttempts);
});

async function passTime(sec: number, dialer: Dialer): Promise<void> {
  for (let passed = 0; passed < sec; passed += stepSec) {
    await deliverWriteBacks(opened.deps, dialer, state);
    clock.advance(stepSec * 1000);
  }
}

async function optOut(key: string): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const leg = legOf(key, { dialer: 'carousel', campaign: 'Autumn', leadKey: key });
  const bodies = [
    { source: 'carousel', key: 'registered', body: registration(leg) },
    { source: 'sigmamind', key: 'commit', body: committed('opt_out') },
  ];
  const facts = bodies.map((fact) => ({ ...fact, refs, at: evening }));
  await recordFacts(opened.deps, facts, { budgetMs: 5000 });
}
