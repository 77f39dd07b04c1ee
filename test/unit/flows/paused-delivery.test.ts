import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlScope } from '../../../src/domain/controls.ts';
import { assertOurs, type DeliveryAnswer, nobodysHold } from '../../../src/domain/delivery.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { createControlWatch } from '../../../src/flows/control-watch.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { liftControl, setControl } from '../../../src/flows/set-control.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const mapping = { dispositions: { sale: 'sold' } };
const everywhere: ControlScope = { dialer: '', campaign: '', aspect: '' };
const autumn: ControlScope = { dialer: 'carousel', campaign: 'Autumn', aspect: '' };

let clock: TestClock;
let opened: OpenDeps;
let state: DeliveryState;
/** Leads of the rows that went out, in that order. */
let sent: string[];

beforeEach(async () => {
  clock = createTestClock(noon);
  opened = await openDeps({ clock, campaigns: { Winter: mapping } });
  const breaker = () => createBreaker(clock, { failures: 1, waitMs: 60_000 });
  state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  sent = [];
});
afterEach(() => opened.close());

async function sale(key: string, campaign: string): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const leg = legOf(key, { dialer: 'carousel', campaign, leadKey: key, calledAt: noon });
  const bodies = { registered: registration(leg), commit: committed('sale') };
  const facts = Object.entries(bodies).map(([name, body]) => ({ source: 'carousel', key: name, body, refs, at: noon }));
  await recordFacts(opened.deps, facts, { budgetMs: 5000 });
  await clock.advance(1000);
}

const pause = (scope: ControlScope) =>
  setControl(opened.deps, { kind: 'pause', scope, percent: 0, note: 'test', by: 'olga' });
const resume = (scope: ControlScope) => liftControl(opened.deps, { kind: 'pause', scope, by: 'olga' });

/** Sends row by row, each after the question whether it may. */
function sending(before: (row: WriteBack) => Promise<void> = async () => undefined): Dialer {
  return {
    ...opened.dialer,
    async deliver(rows, _keep, hold = nobodysHold) {
      const answers = new Map<string, DeliveryAnswer>();
      for (const row of rows) {
        await before(row);
        try {
          assertOurs(hold);
          sent.push(row.target.leadKey);
          answers.set(row.id, { kind: 'done' });
        } catch (error) {
          answers.set(row.id, { kind: 'retry', why: messageOf(error) });
        }
      }
      return answers;
    },
  };
}

const rows = async () =>
  (await opened.deps.store.writeBacks({ limit: 100 })).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));

describe('a pause', () => {
  it('holds its campaign back, lets the others go on, and keeps what arrives; then it drains in order', async () => {
    await sale('1', 'Autumn');
    await sale('2', 'Winter');
    await pause(autumn);
    await sale('3', 'Autumn');

    const during = [await deliver(), await deliver()];
    const sentMeanwhile = [...sent];
    await resume(autumn);
    await deliver();

    expect(during).toEqual([1, 0]);
    expect(sentMeanwhile).toEqual(['2']);
    expect(sent).toEqual(['2', '1', '3']);
  });

  it('that another process has set holds before this one has heard of it', async () => {
    await sale('1', 'Autumn');
    await sale('2', 'Winter');
    await opened.deps.controls.look();
    const audit = { at: noon, by: 'olga', act: 'pause-set', subject: '', details: {} };
    const control = { kind: 'pause', scope: autumn, percent: 0, note: '', by: 'olga', at: noon } as const;
    await opened.deps.store.setControl(control, audit);

    const unheard = await deliver();
    await opened.deps.controls.look();
    await deliver();

    expect(unheard).toBe(0);
    expect(sent).toEqual(['2']);
  });

  it('may be there while the controls could not be read yet: then nothing is claimed', async () => {
    await sale('1', 'Autumn');
    let isAway = true;
    const read = () => (isAway ? Promise.reject(new Error('the store is away')) : opened.deps.store.controls());
    const young = { ...opened.deps, controls: createControlWatch({ read, log: opened.deps.log }) };

    const unknown = await deliverWriteBacks(young, sending(), state);
    isAway = false;
    const known = await deliverWriteBacks(young, sending(), state);

    expect([unknown, known]).toEqual([0, 1]);
  });

  it('of everything asks the store for nothing', async () => {
    await sale('1', 'Autumn');
    await pause(everywhere);
    const refuse = () => Promise.reject(new Error('the store was asked'));
    Object.assign(opened.deps.store, { claimWriteBacks: refuse, claimBetweenPauses: refuse });

    expect(await deliver()).toBe(0);
  });

  it('finds a row of another campaign that becomes due before those that it has looked at', async () => {
    await sale('1', 'Winter');
    const [early] = await opened.deps.store.claimWriteBacks({ ...claiming, limit: 1 });
    await sale('2', 'Autumn');
    await pause(autumn);
    await deliver();
    if (!early) throw new Error('there is no row');

    const settled = { id: early.id, claim: early.claim, attempts: 0, inDoubt: false, receipt: '', why: '', hint: '' };
    await opened.deps.store.settleWriteBacks([{ ...settled, state: 'pending', dueAt: early.dueAt, now: noon }]);

    await eventually(async () => {
      await deliver();
      expect(sent).toEqual(['1']);
    }, 20_000);
  }, 30_000);
});

describe('a batch that is under way when a pause comes', () => {
  it('sends nothing more: what is left keeps its place and its tries, and what is not paused goes at once', async () => {
    for (const [key, campaign] of [
      ['1', 'Autumn'],
      ['2', 'Autumn'],
      ['3', 'Winter'],
    ] as const)
      await sale(key, campaign);
    const before = (await rows()).map(({ dueAt }) => dueAt);
    const dialer = sending(async ({ target }) => {
      if (target.leadKey === '2') await pause(autumn);
    });

    await deliverWriteBacks(opened.deps, dialer, state);
    const left = (await rows()).filter((row) => row.state === 'pending');
    const during = [...sent];
    await deliver();
    await resume(autumn);
    await deliver();

    expect(during).toEqual(['1']);
    expect(left.map(({ attempts, inDoubt, dueAt }) => ({ attempts, inDoubt, dueAt }))).toEqual(
      before.slice(1).map((dueAt) => ({ attempts: 0, inDoubt: false, dueAt })),
    );
    expect(sent).toEqual(['1', '3', '2']);
    expect(state.breaker.state()).toBe('closed');
  });

  it('loses no try by a pause that is over before the batch is', async () => {
    await sale('1', 'Autumn');
    await sale('2', 'Autumn');
    const dialer = sending(async ({ target }) => {
      if (target.leadKey === '1') await pause(everywhere);
      else await resume(everywhere);
    });

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(sent).toEqual(['2']);
    expect((await rows()).map((row) => [row.state, row.attempts])).toEqual([
      ['pending', 0],
      ['confirmed', 0],
    ]);
  });

  it('is not one that only another dialer or aspect is held back in', async () => {
    await sale('1', 'Autumn');
    const dialer = sending(() => pause({ dialer: 'carousel', campaign: '', aspect: 'callback' }));

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(sent).toEqual(['1']);
  });
});

describe('the proof of what was sent before', () => {
  beforeEach(async () => {
    await sale('1', 'Autumn');
    const deliver: Dialer['deliver'] = async (all) =>
      new Map(all.map(({ id }) => [id, { kind: 'submitted', receipt: 'ticket' }]));
    await deliverWriteBacks(opened.deps, { ...opened.dialer, deliver }, state);
    await pause(everywhere);
  });

  it('is read while everything is paused', async () => {
    const confirm: Dialer['confirm'] = async (_receipt, all) => new Map(all.map(({ id }) => [id, { kind: 'done' }]));

    await confirmReceipts(opened.deps, { ...opened.dialer, confirm }, state);

    expect(await rows()).toMatchObject([{ state: 'confirmed' }]);
  });

  it('changes nothing meanwhile: what it would put right waits for a while, and no try is lost', async () => {
    const confirm: Dialer['confirm'] = async (_receipt, all, hold = nobodysHold) => {
      assertOurs(hold);
      return new Map(all.map(({ id }) => [id, { kind: 'done' }]));
    };

    const first = await confirmReceipts(opened.deps, { ...opened.dialer, confirm }, state);
    const second = await confirmReceipts(opened.deps, { ...opened.dialer, confirm }, state);
    const [during] = await rows();
    await resume(everywhere);
    await clock.advance(60_000);
    await confirmReceipts(opened.deps, { ...opened.dialer, confirm }, state);

    expect([first, second, during?.state]).toEqual([1, 0, 'submitted']);
    expect(await rows()).toMatchObject([{ state: 'confirmed', attempts: 0 }]);
    expect(state.confirmBreaker.state()).toBe('closed');
  });
});

const claiming = { dialer: 'carousel', limit: 10, leaseMs: 60_000, now: '2026-11-21T13:00:00.000Z' };

function deliver(): Promise<number> {
  return deliverWriteBacks(opened.deps, sending(), state);
}
