import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import { freshIdOf } from '../../src/flows/record-facts.ts';
import { openStore } from '../../src/store/open-store.ts';
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

let site: Site;
let patchbay: TestApp;
let folder: string;
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
      const waiting = await putInDoubt(file);
      patchbay = await startOn(file);
      for (const index of [1, 2, 3]) await tell(index, callbackAt);
      await allHome();

      expect([waiting > 0, written.length > 0]).toEqual([true, true]);
      expect(await ours()).toEqual(written);
      const verdict: Verdict = { lost: 0, double: 0, wrong: 0, findings: [] };
      countDoubles(verdict, site.id, await site.journal());
      expect(verdict.findings).toEqual([]);
    },
    60_000,
  );

  it('ends in Five9 with what a later call of the same lead said', async () => {
    site = await startFive9();
    const file = join(folder, 'store.sqlite');
    patchbay = await startOn(file);
    const [, , sale] = site.targets;
    await tell(2, '');
    await backUpSqlite({ file, spool: join(folder, 'none'), to: `${file}.backup` });
    await allHome();
    // Her lead is called again, and she is not interested any more.
    const again = { ...(sale as WriteBackTarget), callKey: '30000000099' };
    const calledAgainAt = new Date(site.clock.now()).toISOString();
    await tellOf({ ...again, calledAt: calledAgainAt }, 'not_interested', '');
    await allHome();
    const written = await ours();
    await patchbay.stop();

    await putBack({ file, from: `${file}.backup`, at: new Date(site.clock.now()).toISOString() });
    patchbay = await startOn(file);
    await allHome();
    await tellOf({ ...again, calledAt: calledAgainAt }, 'not_interested', '');
    await allHome();

    const dispositions = (await ours()).filter((effect) => effect.startsWith('disposition'));
    expect(written.filter((effect) => effect.startsWith('disposition'))).toHaveLength(2);
    expect(dispositions.at(-1)).toContain('AI - Not interested');
  }, 60_000);
});

function startOn(file: string): Promise<TestApp> {
  return startTestApp({
    registry: connectors,
    clock: site.clock,
    store: { kind: 'sqlite', file },
    dialers: { [site.id]: site.settings },
    config: { secret: 'the-same-after-the-restore' },
  });
}

/** As `patchbay store restored` does. */
async function putInDoubt(file: string): Promise<number> {
  const store = await openStore({
    ...{ config: { kind: 'sqlite', file }, rules, newId: randomUUID },
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
