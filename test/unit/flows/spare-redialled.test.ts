import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Leg } from '../../../src/domain/call.ts';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { legOf, registration } from '../../contract/store/store-cast.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const oneOClock = '2026-11-21T13:00:00.000Z';
const twoOClock = '2026-11-21T14:00:00.000Z';
const adasNumber = '+13035550101';
const mapping = {
  dispositions: { sale: 'sold', not_interested: 'gone' },
  fields: { note: 'summary', result: 'outcome' },
};
const done: DeliveryAnswer = { kind: 'done' };
const lost: DeliveryAnswer = { kind: 'retry', why: 'no answer came', inDoubt: true };
const away: DeliveryAnswer = { kind: 'retry', why: 'not reached' };

let clock: TestClock;
let opened: OpenDeps;
let state: DeliveryState;
/** What the dialer was asked to write, and what it answers by call and aspect; done else. */
let sent: string[];
let answers: Record<string, DeliveryAnswer>;

beforeEach(async () => {
  clock = createTestClock(noon);
  opened = await openDeps({ clock, campaigns: { Autumn: mapping, Spring: mapping } });
  const breaker = () => createBreaker(clock, { failures: 1, waitMs: 1000 });
  state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  sent = [];
  answers = {};
});
afterEach(() => opened.close());

/** A call of ada's lead, unless its leg says otherwise. */
async function call(key: string, calledAt: string, outcome: string, summary = '', changes: Partial<Leg> = {}) {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const leg = { dialer: 'carousel', campaign: 'Autumn', leadKey: 'ada', phone: adasNumber, calledAt, ...changes };
  const word: FactBody = { kind: 'committed', outcome, summary, fields: {} };
  const facts = [
    { refs, at: calledAt, source: 'carousel', key: 'registered', body: registration(legOf(key, leg)) },
    { refs, at: calledAt, source: 'sigmamind', key: 'commit', body: word },
  ];
  await recordFacts(opened.deps, facts, { budgetMs: 5000 });
}

/** One round; gives what was sent in it. */
async function round(): Promise<string[]> {
  sent = [];
  const dialer = {
    ...opened.dialer,
    deliver: async (rows: readonly WriteBack[]) => {
      sent.push(...rows.map(textOf));
      return new Map(rows.map((row) => [row.id, answers[`${row.target.callKey} ${row.aspect}`] ?? done]));
    },
  };
  await deliverWriteBacks(opened.deps, dialer, state);
  return sent.sort();
}

async function rounds(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let index = 0; index < count; index += 1) {
    clock.advance(3_600_000);
    all.push(...(await round()));
  }
  return all;
}

function textOf({ target, desired, hasLaterCall }: WriteBack): string {
  const value = desired.aspect === 'disposition' ? desired.disposition : '';
  const names = desired.aspect === 'fields' ? Object.keys(desired.fields).join('+') : '';
  return `${target.callKey} ${desired.aspect} ${value || names || 'none'}${hasLaterCall ? ' (later call)' : ''}`;
}

const notesOf = async (key: string) =>
  (await opened.deps.store.writeBacks({ limit: 99 }))
    .filter(({ target }) => target.callKey === key)
    .map(({ aspect, state: is, attempts, why }) => `${aspect} ${is} ${attempts} ${why}`.trim())
    .sort();

describe('a row that is delivered after a later call of its record', () => {
  it('keeps of its fields those that the later call has no word for, and tells the dialer so', async () => {
    answers = { 'mu-1 disposition': away, 'mu-1 fields': away };
    await call('mu-1', noon, 'sale', 'Bought two');
    await round();
    answers = {};
    await call('mu-2', oneOClock, 'not_interested');

    const after = await rounds(2);

    expect(after.sort()).toEqual([
      'mu-1 disposition sold (later call)',
      'mu-1 fields note (later call)',
      'mu-2 disposition gone',
      'mu-2 fields result',
    ]);
  });

  it('has nothing left to write where the later call has a word for all', async () => {
    answers = { 'mu-1 fields': away };
    await call('mu-1', noon, 'sale');
    await round();
    await call('mu-2', oneOClock, 'not_interested');

    expect(await rounds(2)).toEqual(['mu-2 disposition gone', 'mu-2 fields result']);
    expect(await notesOf('mu-1')).toContain('fields confirmed 1 a later call has its own');
  });

  it.each([
    ['another lead of the number', { leadKey: 'ben' }, true],
    ['a lead that only the number tells', { leadKey: '' }, false],
    ['another campaign, in which the dialer keeps a disposition of its own', { campaign: 'Spring' }, true],
  ])('goes by the record: %s', async (_what, leg, isWritten) => {
    await call('mu-1', noon, 'sale');
    await call('mu-2', oneOClock, 'not_interested', '', leg);

    expect((await round()).includes('mu-1 disposition sold')).toBe(isWritten);
  });

  it('is not silenced by a call without a word, nor by a word that a person took back or that waits for its mapping', async () => {
    await call('mu-1', noon, 'sale');
    await call('mu-2', oneOClock, 'wrong_number');
    await call('mu-3', twoOClock, 'not_interested');
    const rows = await opened.deps.store.writeBacks({ limit: 99 });
    const ids = rows.filter(({ target }) => target.callKey === 'mu-3').map(({ id }) => id);
    await opened.deps.store.cancelWriteBacks({ ids, by: 'ada', why: 'by hand', now: oneOClock });

    expect(await round()).toContain('mu-1 disposition sold');
  });
});

describe('a row of a later call', () => {
  it.each([
    ['is in doubt', lost],
    ['was promised', { kind: 'submitted', receipt: 'ticket' }],
  ] as const)('waits while that of an earlier one %s, and costs itself no try', async (_what, answer) => {
    answers = { 'mu-1 disposition': answer, 'mu-1 fields': answer };
    await call('mu-1', noon, 'sale');
    await round();
    await call('mu-2', oneOClock, 'not_interested');

    const meanwhile = await rounds(1);
    const [waiting] = await notesOf('mu-2');
    const ofEarlier = (await opened.deps.store.writeBacks({ limit: 9 })).filter(
      ({ target }) => target.callKey === 'mu-1',
    );
    const receipts = { dialer: 'carousel', limit: 9, leaseMs: 1000, now: twoOClock };
    const claimed = await opened.deps.store.claimReceipts(receipts);
    const settled = { state: 'confirmed', dueAt: noon, attempts: 0, inDoubt: false, now: noon } as const;
    await opened.deps.store.settleWriteBacks(
      claimed.map(({ id, claim }) => ({ id, claim, ...settled, receipt: '', why: '', hint: '' })),
    );
    answers = {};
    const after = await rounds(2);

    expect(ofEarlier).toHaveLength(2);
    expect(meanwhile.filter((text) => text.startsWith('mu-2'))).toEqual([]);
    expect(waiting).toBe('disposition pending 0 waits for what an earlier call of the record wrote');
    expect(after.filter((text) => text.startsWith('mu-2'))).toEqual(['mu-2 disposition gone', 'mu-2 fields result']);
  });

  it.each([
    ['three seconds at first', 0, 3],
    ['an eighth of the time that it has waited', 200, 25],
    ['a minute at most', 86_400, 60],
  ])('is looked at again after %s', async (_what, waitedSec, expected) => {
    answers = { 'mu-1 disposition': { kind: 'submitted', receipt: 'ticket' } };
    await call('mu-1', noon, 'sale');
    await round();
    clock.leapTo(oneOClock);
    await call('mu-2', oneOClock, 'not_interested');
    clock.leapTo(new Date(Date.parse(oneOClock) + waitedSec * 1000).toISOString());

    await round();

    const rows = await opened.deps.store.writeBacks({ limit: 9 });
    const waiting = rows.find(({ target, aspect }) => target.callKey === 'mu-2' && aspect === 'disposition');
    expect((Date.parse(waiting?.dueAt ?? '') - clock.now()) / 1000).toBe(expected);
  });

  it('goes along with an earlier one of its batch that was never sent: that one gives way by itself', async () => {
    await call('mu-1', noon, 'sale');
    await call('mu-2', oneOClock, 'not_interested');

    expect(await round()).toEqual([
      'mu-1 disposition sold (later call)',
      'mu-2 disposition gone',
      'mu-2 fields result',
    ]);
  });

  it('does not wait for one that was not sent, and comes before it', async () => {
    answers = { 'mu-1 disposition': { kind: 'notYet', until: '2026-11-22T12:00:00.000Z', why: 'a limit' } };
    await call('mu-1', noon, 'sale');
    await round();
    await call('mu-2', oneOClock, 'not_interested');

    expect(await rounds(1)).toContain('mu-2 disposition gone');
  });
});

describe('a store that does not tell of other calls', () => {
  it('lets rows wait, and speaks neither against them nor against the dialer', async () => {
    await call('mu-1', noon, 'sale');
    const { rowsOfRecords } = opened.deps.store;
    opened.deps.store.rowsOfRecords = () => Promise.reject(new Error('the disk is slow'));

    const meanwhile = await round();
    const notes = await notesOf('mu-1');
    opened.deps.store.rowsOfRecords = rowsOfRecords;

    expect(meanwhile).toEqual([]);
    expect(notes[0]).toBe('disposition pending 0 other calls were not looked up: the disk is slow');
    expect(state.breaker.state()).toBe('closed');
    expect(await rounds(1)).toHaveLength(2);
  });
});
