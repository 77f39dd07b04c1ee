import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const oneOClock = '2026-11-21T13:00:00.000Z';
const twoOClock = '2026-11-21T14:00:00.000Z';
const tomorrow = '2026-11-22T15:00:00.000Z';
const nextWeek = '2026-11-27T15:00:00.000Z';
const mapping = { dispositions: { callback: 'later', not_interested: 'gone' } };
const dayMs = 86_400_000;
const done: DeliveryAnswer = { kind: 'done' };
const lost: DeliveryAnswer = { kind: 'retry', why: 'no answer came', inDoubt: true };
const away: DeliveryAnswer = { kind: 'retry', why: 'not reached' };
const promised: DeliveryAnswer = { kind: 'submitted', receipt: 'ticket' };

let clock: TestClock;
let opened: OpenDeps;
let state: DeliveryState;
/** What the dialer answers to the callback of a call; done else. */
let answers: Record<string, DeliveryAnswer>;

beforeEach(async () => {
  clock = createTestClock(noon);
  opened = await openDeps({ clock, campaigns: { Autumn: mapping, Spring: mapping } });
  const breaker = () => createBreaker(clock, { failures: 9, waitMs: 1000 });
  state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  answers = {};
});
afterEach(() => opened.close());

/** A call of ada's lead, which ends with a callback, or without. Campaigns share the one callback of a lead. */
async function call(key: string, calledAt: string, callbackAt: string, campaign = 'Autumn'): Promise<void> {
  const leg = { dialer: 'carousel', campaign, leadKey: 'ada', phone: '+13035550101', calledAt };
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const registered = registration(legOf(key, leg));
  const fact = { refs, at: calledAt, source: 'carousel', key: 'registered', body: registered };
  await recordFacts(opened.deps, [fact], { budgetMs: 5000 });
  await tell(key, callbackAt ? committed('callback', callbackAt) : committed('not_interested'), calledAt);
}

/** An operator heard that the customer is not interested: what was promised is taken back. */
async function correct(key: string): Promise<void> {
  await tell(key, { kind: 'corrected', outcome: 'not_interested', by: 'joan', why: 'heard it' }, twoOClock);
}

async function tell(callKey: string, body: FactBody, at: string): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key: callKey }];
  await recordFacts(opened.deps, [{ refs, at, source: 'test', key: body.kind, body }], { budgetMs: 5000 });
}

/** One round, after those that wait for a backoff; gives the callbacks that were sent in it. */
async function round(): Promise<string[]> {
  const sent: string[] = [];
  const dialer = {
    ...opened.dialer,
    deliver: async (rows: readonly WriteBack[]) => {
      sent.push(...rows.filter(({ aspect }) => aspect === 'callback').map(textOf));
      return new Map(
        rows.map((row) => [row.id, (row.aspect === 'callback' && answers[row.target.callKey]) || done] as const),
      );
    },
  };
  clock.advance(600_000);
  await deliverWriteBacks(opened.deps, dialer, state);
  return sent.sort();
}

function textOf({ target, desired, hasLaterCallback }: WriteBack): string {
  const at = desired.aspect === 'callback' ? (desired.at ?? 'none') : '';
  return `${target.callKey} ${at}${hasLaterCallback ? ' (later callback)' : ''}`;
}

const callbacksOf = async (key: string) =>
  (await opened.deps.store.writeBacks({ limit: 99 }))
    .filter(({ target, aspect }) => target.callKey === key && aspect === 'callback')
    .map(({ state: is, why }) => `${is} ${why}`.trim());

describe('the callback of a call whose lead is called again', () => {
  it('goes before that of the later call where both are sent together', async () => {
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    await call('mu-1', noon, tomorrow);

    expect([await round(), await round()]).toEqual([[`mu-1 ${tomorrow}`], [`mu-2 ${nextWeek}`]]);
  });

  it.each([
    ['was promised', promised],
    ['is there', done],
    ['may be there', lost],
  ])('is not sent any more where that of the later call %s', async (_what, answer) => {
    answers = { 'mu-1': away, 'mu-2': answer };
    await call('mu-1', noon, tomorrow);
    await round();
    // Not due yet, so that the later one goes without it.
    await postpone('mu-1');
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    const later = await round();
    await postpone('mu-2');
    clock.advance(dayMs - 1_500_000);

    expect(later).toEqual([`mu-2 ${nextWeek}`]);
    expect(await round()).toEqual([]);
    expect(await callbacksOf('mu-1')).toEqual(['confirmed a later call has its own']);
  });

  it.each([
    ['was refused', 'refused'],
    ['was never sent', 'pending'],
  ])('is sent where that of the later call %s', async (_what, end) => {
    answers = { 'mu-1': away, 'mu-2': { kind: 'refused', why: 'no such list', hint: '' } };
    await call('mu-1', noon, tomorrow);
    await round();
    await postpone('mu-1');
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    if (end === 'refused') await round();
    else await postpone('mu-2');
    clock.advance(dayMs);
    answers = {};

    expect(await round()).toContain(`mu-1 ${tomorrow}`);
  });

  it('is sent where the later call took its own back', async () => {
    answers = { 'mu-1': away };
    await call('mu-1', noon, tomorrow);
    await round();
    await postpone('mu-1');
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    await round();
    await correct('mu-2');
    const takenBack = await round();
    clock.advance(dayMs);

    expect(takenBack).toEqual(['mu-2 none']);
    expect(await round()).toEqual([`mu-1 ${tomorrow}`]);
  });

  it('takes nothing out once that of the later call is there', async () => {
    await call('mu-1', noon, tomorrow);
    await round();
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    await round();

    await correct('mu-1');

    expect(await round()).toEqual([]);
    expect(await callbacksOf('mu-1')).toContain('confirmed a later call has its own');
  });

  it('is taken out before that of the later call is made', async () => {
    await call('mu-1', noon, tomorrow);
    await round();
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    await correct('mu-1');

    expect([await round(), await round()]).toEqual([['mu-1 none'], [`mu-2 ${nextWeek}`]]);
  });

  it('keeps that of the later call waiting while it is in doubt', async () => {
    answers = { 'mu-1': lost };
    await call('mu-1', noon, tomorrow);
    await round();
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    const meanwhile = await round();
    answers = {};

    expect(meanwhile).toEqual([`mu-1 ${tomorrow}`]);
    expect([await round(), await round()]).toEqual([[`mu-1 ${tomorrow}`], [`mu-2 ${nextWeek}`]]);
  });

  it('is left to its dialer in doubt, which is told of that of the later call', async () => {
    answers = { 'mu-1': lost };
    await call('mu-1', noon, tomorrow);
    await round();
    await postpone('mu-1');
    await call('mu-2', oneOClock, nextWeek, 'Spring');
    await opened.deps.store.doubtOpenRows(oneOClock);
    const waiting = await round();
    clock.advance(dayMs);

    expect(waiting).toEqual([]);
    expect(await round()).toEqual([`mu-1 ${tomorrow} (later callback)`]);
  });
});

describe('after a backup was put back', () => {
  it('a callback waits though a later call is known, which said something else', async () => {
    await call('mu-1', noon, tomorrow);
    await opened.deps.store.doubtOpenRows(oneOClock);
    await call('mu-2', twoOClock, '');

    expect(await round()).toEqual([]);
    expect(await callbacksOf('mu-1')).toEqual([expect.stringContaining('waits for `patchbay reconcile`')]);
  });
});

/** Another worker found that it must wait for a day. */
async function postpone(key: string): Promise<void> {
  clock.advance(600_000);
  const { store } = opened.deps;
  const now = new Date(clock.now()).toISOString();
  const claimed = await store.claimWriteBacks({ dialer: 'carousel', limit: 99, leaseMs: 60_000, now });
  const dayLater = new Date(clock.now() + dayMs).toISOString();
  await store.settleWriteBacks(
    claimed.map(({ id, claim, attempts, inDoubt, target, aspect }) => ({
      ...({ id, claim, attempts, inDoubt, now, state: 'pending', receipt: '', why: '', hint: '' } as const),
      dueAt: target.callKey === key && aspect === 'callback' ? dayLater : now,
    })),
  );
}
