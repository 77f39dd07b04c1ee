import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import { reconcile } from '../../src/flows/reconcile.ts';
import { freshIdOf } from '../../src/flows/record-facts.ts';
import { endWaitAfterRestore } from '../../src/flows/wait-after-restore.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoreConfig } from '../../src/store/store.ts';
import { backUpSqlite } from '../../src/store/upkeep/back-up.ts';
import { putBack } from '../../src/store/upkeep/put-back.ts';
import { startVicidialFixture } from '../contract/dialers/vicidial-fixture.ts';
import { committed, entry, registration, rules } from '../contract/store/store-cast.ts';
import { countDoubles, type Verdict } from '../demo/verdict.ts';
import { startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { Effect } from '../simulators/simulator.ts';
import { eventually } from '../support/eventually.ts';
import { writeCalls } from '../support/five9-calls.ts';
import { dialerConfig, domainSeed } from '../support/five9-fault-day.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

/** A dialer, and its calls of ada, ben, cy and dee. */
interface Site {
  id: 'five9' | 'vicidial';
  settings: Record<string, unknown>;
  clock: Clock;
  targets: readonly WriteBackTarget[];
  journal(): Promise<readonly Effect[]>;
  pass(): Promise<void>;
  stop(): Promise<void>;
}

/** Ada's call is written back while the backup is made; the others are after it. */
const outcomes = ['callback', 'callback', 'sale', 'opt_out'];

/** Why rows wait meanwhile. */
const waiting = 'waits for `patchbay reconcile`';

let site: Site;
let patchbay: TestApp;
let folder: string;
/** Started by the test that needs one. */
let server: PrivateMariaDb | undefined;
afterAll(() => server?.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-restored-'));
});
afterEach(async () => {
  await patchbay?.stop();
  await site?.stop();
  rmSync(folder, { recursive: true });
});

describe('an older backup that is put back', () => {
  it.each([
    ['Five9', startFive9],
    ['VICIdial', startVicidial],
  ])(
    'makes no doubles in %s when the calls since are told again',
    async (_, startSite) => {
      site = await startSite();
      const callbackAt = new Date(site.clock.now() + 86_400_000).toISOString();
      const file = join(folder, 'store.sqlite');
      patchbay = await startOn(file);
      await tell(0, callbackAt);
      await backUpSqlite({ file, spool: join(folder, 'none'), to: `${file}.backup` });
      for (const index of [1, 2, 3]) await tell(index, callbackAt);
      await allHome();
      const written = await ours();
      await patchbay.stop();

      await putBack({ file, from: `${file}.backup`, at: new Date(site.clock.now()).toISOString() });
      const open = await putInDoubt(file);
      patchbay = await startOn(file);
      for (const index of [1, 2, 3]) await tell(index, callbackAt);
      await endWaitAfterRestore(patchbay.app.deps, { by: 'ada', settlement: 'go on' });
      await allHome();

      expect([open > 0, written.length > 0]).toEqual([true, true]);
      expect(await ours()).toEqual(written);
      const verdict: Verdict = { lost: 0, double: 0, wrong: 0, findings: [] };
      countDoubles(verdict, site.id, await site.journal());
      expect(verdict.findings).toEqual([]);
    },
    60_000,
  );

  it('writes what a call wanted only when later calls of its lead are known again: not over what they said', async () => {
    const { calledAgainAt, written } = await putBackFromBeforeASecondCall();

    await untilOnlyThoseWait();
    const meanwhile = await ours();
    await tellAgain(calledAgainAt);
    const { signal } = new AbortController();
    await reconcile(patchbay.app.deps, { signal });
    await allHome();

    expect(meanwhile).toEqual(written);
    expect(written.filter((effect) => effect.startsWith('disposition')).at(-1)).toContain('AI - Not interested');
    expect(await ours()).toEqual(written);
    const shown = await patchbay.app.deps.store.attention({ limit: 9 });
    expect(shown.map(({ settlement }) => settlement)).toEqual(['reconciled']);
  }, 60_000);

  it('goes on waiting while a call since came back without its lead, and says what to do', async () => {
    const { calledAgainAt, written } = await putBackFromBeforeASecondCall();

    const { store } = patchbay.app.deps;
    await tellNameless(calledAgainAt);
    const { signal } = new AbortController();
    await reconcile(patchbay.app.deps, { signal });
    await untilOnlyThoseWait();
    const [shown] = await store.attention({ limit: 9 });
    const held = (await store.writeBacks({ states: ['held'], limit: 9 })).map(({ id }) => id);
    await store.cancelWriteBacks({ ids: held, by: 'ada', why: 'set by hand', now: calledAgainAt });
    await reconcile(patchbay.app.deps, { signal });
    const settled = await store.attention({ limit: 9 });

    expect(await ours()).toEqual(written);
    expect(held.length).toBeGreaterThan(0);
    expect([shown?.details.why, shown?.details.hint]).toEqual([
      expect.stringContaining('a call since came back without the lead'),
      expect.stringContaining('--state held'),
    ]);
    expect(settled.map(({ settlement }) => settlement)).toEqual(['reconciled']);
  }, 60_000);

  it.each([
    ['SQLite', async () => ({ kind: 'sqlite', file: join(folder, 'older.sqlite') }) as const],
    ['MariaDB', newDatabase],
  ])(
    'keeps what later calls said where the dialers hold more than the database knows, on %s',
    async (_, makeStore) => {
      site = await startFive9();
      patchbay = await startOn(join(folder, 'store.sqlite'));
      await tell(2, '');
      await allHome();
      const calledAgainAt = await callAgain();
      await allHome();
      const written = await ours();
      await patchbay.stop();

      const store = await makeStore();
      await putInDoubt(store);
      patchbay = await startOn(store);
      // An event of the first call comes before reconciliation has asked.
      await tell(2, '');
      await untilOnlyThoseWait();
      const shown = await patchbay.app.deps.store.attention({ limit: 9 });
      await tellAgain(calledAgainAt);
      await reconcile(patchbay.app.deps, { signal: new AbortController().signal });
      await allHome();

      expect(shown.map(({ kind, details }) => [kind, details.hint])).toEqual([
        ['finding', expect.stringContaining('npx patchbay reconcile')],
      ]);
      expect(await ours()).toEqual(written);
    },
    120_000,
  );
});

/** A backup in which a sale and an opt-out wait; then all is written, a lead is called again, and the backup put back. */
async function putBackFromBeforeASecondCall(): Promise<{ calledAgainAt: string; written: string[] }> {
  site = await startFive9();
  const file = join(folder, 'store.sqlite');
  patchbay = await startOn(file);
  await tell(2, '');
  await tell(3, '');
  await backUpSqlite({ file, spool: join(folder, 'none'), to: `${file}.backup` });
  await allHome();
  const calledAgainAt = await callAgain();
  await allHome();
  const written = await ours();
  await patchbay.stop();

  await putBack({ file, from: `${file}.backup`, at: new Date(site.clock.now()).toISOString() });
  patchbay = await startOn(file);
  return { calledAgainAt, written };
}

/** Her lead is called again, and she is not interested any more. Gives when. */
async function callAgain(): Promise<string> {
  const calledAt = new Date(site.clock.now()).toISOString();
  await tellAgain(calledAt);
  return calledAt;
}

async function tellAgain(calledAt: string): Promise<void> {
  const sale = site.targets[2] as WriteBackTarget;
  await tellOf({ ...sale, callKey: '30000000099', calledAt }, 'not_interested', '');
}

/** The platform's record of that call: its registration, which named the contact, is lost. */
async function tellNameless(calledAt: string): Promise<void> {
  const record = { ...(site.targets[2] as WriteBackTarget), leadKey: '', number: '', phone: '' };
  await tellOf({ ...record, callKey: '30000000099', calledAt }, 'not_interested', '');
}

/** Until all that goes on without later calls has gone. */
async function untilOnlyThoseWait(): Promise<void> {
  await eventually(async () => {
    const rows = await patchbay.app.deps.store.writeBacks({ limit: 99 });
    const open = rows.filter(({ state }) => state !== 'confirmed');
    expect(open.map(({ aspect, why }) => [aspect, why])).toContainEqual([
      'disposition',
      expect.stringContaining(waiting),
    ]);
    expect(open.filter(({ state, why }) => state !== 'held' && !why.includes(waiting))).toEqual([]);
  }, 20_000);
}

function startOn(store: string | StoreConfig): Promise<TestApp> {
  return startTestApp({
    registry: connectors,
    clock: site.clock,
    store: configOf(store),
    dialers: { [site.id]: site.settings },
    config: { secret: 'the-same-after-the-restore', platforms: {} },
  });
}

function configOf(store: string | StoreConfig): StoreConfig {
  return typeof store === 'string' ? { kind: 'sqlite', file: store } : store;
}

async function newDatabase(): Promise<StoreConfig> {
  server ??= await startPrivateMariaDb();
  await server.createDatabase('older');
  const { host, port, user, password } = server;
  return { kind: 'mysql', host, port, user, password, database: 'older', poolSize: 4 };
}

/** As `patchbay store restored` does. */
async function putInDoubt(of: string | StoreConfig): Promise<number> {
  const store = await openStore({
    ...{ config: configOf(of), rules, newId: randomUUID },
    ...{ ignoresIdempotency: false, onWarning: () => undefined },
  });
  try {
    return await store.doubtOpenRows(new Date(site.clock.now()).toISOString());
  } finally {
    await store.close();
  }
}

/** As reconciliation brings it: the call began when it did, and its ID follows from its name and the secret. */
async function tell(index: number, callbackAt: string): Promise<void> {
  await tellOf(site.targets[index] as WriteBackTarget, outcomes[index] ?? '', callbackAt);
}

async function tellOf(target: WriteBackTarget, outcome: string, callbackAt: string): Promise<void> {
  const { deps } = patchbay.app;
  const at = target.calledAt;
  const refs = [{ instance: site.id, kind: 'call', key: target.callKey }];
  const freshId = freshIdOf(deps, refs);
  const leg = { dialer: site.id, ...target };
  const facts = [
    entry(refs, `registered:${target.callKey}`, registration(leg), { source: site.id, at, freshId }),
    entry(refs, 'commit', committed(outcome, outcome === 'callback' ? callbackAt : ''), { at, freshId }),
  ];
  await deps.store.recordFacts({ facts, now: new Date(site.clock.now()).toISOString() });
  deps.nudge();
}

/** Lets time go by until nothing waits. */
async function allHome(): Promise<void> {
  await eventually(async () => {
    await site.pass();
    const counts = await patchbay.app.deps.store.countWriteBacks();
    expect(counts.filter(({ state }) => state !== 'confirmed')).toEqual([]);
  }, 20_000);
}

async function ours(): Promise<string[]> {
  const effects = (await site.journal()).filter(({ by }) => by === 'api');
  return effects.map(({ kind, record, campaign, value }) => `${kind} ${record} ${campaign} ${value}`);
}

async function startFive9(): Promise<Site> {
  const startsAt = '2026-03-03T08:00:00.000Z';
  const clock = startFastClock(Date.parse(startsAt), 200);
  const calls = writeCalls(outcomes.length, startsAt, 'sale');
  const simulator = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    seed: domainSeed(calls),
  });
  return {
    id: 'five9',
    settings: dialerConfig(simulator.url),
    clock,
    targets: calls.map(({ index, number, key, campaign }) => ({
      ...{ campaign, list: '', leadKey: key, callKey: String(30_000_000_000 + index) },
      ...{ number, phone: `+1${number}`, agent: '', calledAt: startsAt },
    })),
    journal: async () => simulator.effects(),
    pass: async () => undefined,
    stop: () => simulator.stop(),
  };
}

async function startVicidial(): Promise<Site> {
  const fixture = await startVicidialFixture();
  const targets: WriteBackTarget[] = [];
  for (const _ of outcomes) targets.push(await fixture.endedCall());
  return {
    id: 'vicidial',
    settings: fixture.settings(),
    clock: fixture.clock,
    targets,
    journal: fixture.journal,
    pass: () => fixture.pass(5),
    stop: fixture.stop,
  };
}
