import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { backoffMs, settleAnswers } from '../../../src/flows/settle-answers.ts';
import type { ClaimedWriteBack } from '../../../src/store/store.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const tomorrow = '2026-11-22T12:00:00.000Z';
const adasCall = { instance: 'carousel', kind: 'call-id', key: 'mu-1' };
const leg = { dialer: 'carousel', campaign: 'Autumn', leadKey: 'r1' };

let clock: TestClock;
let opened: OpenDeps;

beforeEach(async () => {
  clock = createTestClock(noon);
  const outbox = { maxAttempts: 3, backoff: { firstMs: 1000, maxMs: 60_000 } };
  opened = await openDeps({ clock, outbox });
  const facts = [
    { source: 'carousel', key: 'registered', body: registration(legOf('mu-1', leg)) },
    { source: 'sigmamind', key: 'commit', body: committed('sale') },
  ];
  await recordFacts(
    opened.deps,
    facts.map((fact) => ({ ...fact, refs: [adasCall], at: noon })),
    { budgetMs: 5000 },
  );
});

afterEach(() => opened.close());

describe('the answer of a dialer', () => {
  it('done: the row is confirmed, with the proof that was seen', async () => {
    const row = await settle({ kind: 'done', note: 'it was so already' });

    expect(row).toMatchObject({ state: 'confirmed', why: 'it was so already', attempts: 0, settledAt: noon });
  });

  it('is not forgotten when the store is away just then', async () => {
    const { store } = opened.deps;
    const settleNow = store.settleWriteBacks;
    let refusals = 2;
    store.settleWriteBacks = async (settlements) => {
      if (refusals-- > 0) throw new ConnectorError('store_away', 'locked', { retryable: true });
      return await settleNow(settlements);
    };

    const row = await settle({ kind: 'submitted', receipt: 't1' });

    expect(row).toMatchObject({ state: 'submitted', receipt: 't1' });
  });

  it('submitted: the receipt is kept, and asked for at the time that the dialer named', async () => {
    const row = await settle({ kind: 'submitted', receipt: 't1', at: tomorrow });

    expect(row).toMatchObject({ state: 'submitted', receipt: 't1', dueAt: tomorrow });
  });

  it('not yet: the row waits until then, and it costs no attempt, however often', async () => {
    await settle({ kind: 'retry', why: 'busy' });
    for (let hour = 1; hour <= 5; hour += 1) {
      await settle({ kind: 'notYet', until: `2026-11-21T1${hour}:00:00.000Z`, why: 'closed' });
    }
    const row = await settle({ kind: 'notYet', until: tomorrow, why: 'closed' });

    expect(row).toMatchObject({ state: 'pending', dueAt: tomorrow, attempts: 1, why: 'closed' });
  });

  it('not yet, for a receipt: it stays submitted with its receipt', async () => {
    await settle({ kind: 'submitted', receipt: 't1' });

    const row = await settle({ kind: 'notYet', until: tomorrow, why: 'still running' }, 'receipt');

    expect(row).toMatchObject({ state: 'submitted', receipt: 't1', dueAt: tomorrow, attempts: 0 });
  });

  it('refused: the row ends with why and what to do', async () => {
    const row = await settle({ kind: 'refused', why: 'no such record', hint: 'Look for it there.' });

    expect(row).toMatchObject({ state: 'refused', why: 'no such record', hint: 'Look for it there.' });
  });

  it('retry: the row is dead after the last of its tries, and keeps the last reason', async () => {
    const states = [];
    for (const why of ['first', 'second', 'third']) states.push((await settle({ kind: 'retry', why })).state);

    expect(states).toEqual(['pending', 'pending', 'dead']);
    expect(await onlyRow()).toMatchObject({ attempts: 3, why: 'third' });
  });

  it('retry of a dialer that is away: ends no row, however often, and waits a minute at most', async () => {
    const waits = [];
    for (let tries = 0; tries < 30; tries += 1) {
      const row = await settle({ kind: 'retry', why: 'nobody there', isOutage: true });
      waits.push((Date.parse(row.dueAt) - clock.now()) / 1000);
    }
    const away = await onlyRow();
    const states = [];
    for (const why of ['first', 'second', 'third']) states.push((await settle({ kind: 'retry', why })).state);

    expect(away).toMatchObject({ state: 'pending', attempts: 30, spared: 30, inDoubt: false, why: 'nobody there' });
    expect([waits[0], Math.max(...waits)].map((sec) => Math.ceil((sec ?? 0) / 30))).toEqual([1, 2]);
    // Its own tries are as many as ever.
    expect(states).toEqual(['pending', 'pending', 'dead']);
  });

  it('retry of a dialer that is away for days: its tries count in the end', async () => {
    clock.leapTo('2026-11-24T11:59:00.000Z');
    const spared = await settle({ kind: 'retry', why: 'nobody there', isOutage: true });
    clock.leapTo('2026-11-24T12:00:00.000Z');
    const states = [];
    for (let tries = 0; tries < 3; tries += 1)
      states.push((await settle({ kind: 'retry', why: 'nobody there', isOutage: true })).state);

    expect(spared).toMatchObject({ attempts: 1, spared: 1 });
    expect(states).toEqual(['pending', 'pending', 'dead']);
  });

  it('retry of a dialer that is away: counts at once where a site wants that', async () => {
    opened.deps.settings.outbox.outageMs = 0;

    const row = await settle({ kind: 'retry', why: 'nobody there', isOutage: true });

    expect(row).toMatchObject({ attempts: 1, spared: 0 });
  });

  it('retry of a dialer that is away, for a receipt: it is kept, however often', async () => {
    await settle({ kind: 'submitted', receipt: 't1' });

    let row = await onlyRow();
    for (let tries = 0; tries < 4; tries += 1)
      row = await settle({ kind: 'retry', why: 'nobody there', isOutage: true }, 'receipt');

    expect(row).toMatchObject({ state: 'submitted', receipt: 't1', spared: 4 });
  });

  it('retry, for a receipt: a dead row is in doubt, as the dialer did take it', async () => {
    await settle({ kind: 'submitted', receipt: 't1' });

    let row = await onlyRow();
    for (const why of ['first', 'second', 'third']) row = await settle({ kind: 'retry', why }, 'receipt');

    expect(row).toMatchObject({ state: 'dead', inDoubt: true });
  });

  it('retry: waits as long as the dialer itself named', async () => {
    const row = await settle({ kind: 'retry', why: 'limit', afterMs: 3_600_000 });

    expect(row.dueAt).toBe('2026-11-21T13:00:00.000Z');
  });

  it('retry: shows the wait for a request that may still be carried out, not a shorter one', async () => {
    const row = await settle({ kind: 'retry', why: 'no answer', inDoubt: true, afterMs: 1000, lateMs: 60_000 });

    expect(row.dueAt).toBe('2026-11-21T12:01:00.000Z');
  });

  it('retry in doubt: the doubt stays through later answers until the dialer tells', async () => {
    const doubts = [];
    doubts.push((await settle({ kind: 'retry', why: 'no answer', inDoubt: true })).inDoubt);
    doubts.push((await settle({ kind: 'notYet', until: noon, why: 'closed' })).inDoubt);
    doubts.push((await settle({ kind: 'retry', why: 'nobody there', inDoubt: false })).inDoubt);
    doubts.push((await settle({ kind: 'done' })).inDoubt);

    expect(doubts).toEqual([true, true, true, false]);
  });

  it('refused, after a try whose answer was lost: in doubt, so that what it may have done is taken back with it', async () => {
    await settle({ kind: 'retry', why: 'no answer', inDoubt: true });

    const row = await settle({ kind: 'refused', why: 'two records have this number', hint: 'Merge them.' });

    expect(row).toMatchObject({ state: 'refused', inDoubt: true });
  });

  it.each([
    { kind: 'notYet', until: tomorrow, why: 'the lead has a call', inDoubt: true },
    { kind: 'refused', why: 'one list is missing', hint: 'Name another.', inDoubt: true },
  ] as const)('$kind, of which a part is there: in doubt', async (answer) => {
    expect(await settle(answer)).toMatchObject({ inDoubt: true, attempts: 0 });
  });

  it('retry in doubt, for a receipt: the receipt is worth nothing, and the row goes again', async () => {
    await settle({ kind: 'submitted', receipt: 't1' });

    const row = await settle({ kind: 'retry', why: 'the import is lost', inDoubt: true }, 'receipt');

    expect(row).toMatchObject({ state: 'pending', receipt: '', inDoubt: true, attempts: 1 });
  });

  it('retry, for a receipt: the look failed, not the work', async () => {
    await settle({ kind: 'submitted', receipt: 't1' });

    const row = await settle({ kind: 'retry', why: 'nobody there' }, 'receipt');

    expect(row).toMatchObject({ state: 'submitted', receipt: 't1', inDoubt: false, attempts: 1 });
  });

  it('missing: counts as a failure in doubt', async () => {
    const row = await settle(null);

    expect(row).toMatchObject({ state: 'pending', attempts: 1, inDoubt: true });
  });

  it("overtaken: the human's disposition becomes the outcome, and the AI's is not written", async () => {
    const row = await settle({ kind: 'overtaken', disposition: 'gone', by: 'anna', at: noon });

    const call = await opened.deps.store.callByRef(adasCall);
    expect(row.state).toBe('cancelled');
    expect(call?.outcome).toMatchObject({ basis: 'human', code: 'not_interested' });
  });
});

describe('the wait before the next try', () => {
  it('doubles with each failure up to the limit, and at least half of it is waited', () => {
    const setting = fc.record({
      first: fc.integer({ min: 1, max: 60_000 }),
      max: fc.integer({ min: 1, max: 3_600_000 }),
      attempts: fc.integer({ min: 1, max: 200 }),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });

    fc.assert(
      fc.property(setting, ({ first, max, attempts, chance }) => {
        const full = Math.min(max, first * 2 ** (attempts - 1));
        const wait = waitOf(attempts, chance, first, max);

        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(wait).toBeLessThanOrEqual(full);
      }),
    );
  });

  it('is spread by chance over its upper half', () => {
    expect([0, 0.5, 0.999_999].map((chance) => waitOf(3, chance, 1000, 60_000))).toEqual([2000, 3000, 4000]);
    expect([1, 2, 3, 6, 7, 100].map((attempts) => waitOf(attempts, 0, 1000, 60_000))).toEqual([
      500, 1000, 2000, 16_000, 30_000, 30_000,
    ]);
  });
});

function waitOf(attempts: number, chance: number, firstBackoffMs: number, maxBackoffMs: number): number {
  const { settings } = opened.deps;
  const outbox = { ...settings.outbox, firstBackoffMs, maxBackoffMs };
  return backoffMs({ settings: { ...settings, outbox }, random: () => chance }, attempts);
}

/** Claims the one row, whenever it is due, gives it this answer, and reads it back. */
async function settle(answer: DeliveryAnswer | null, as: 'row' | 'receipt' = 'row'): Promise<WriteBack> {
  const { deps, dialer } = opened;
  const input = { dialer: 'carousel', limit: 10, leaseMs: 60_000, now: '2027-01-01T00:00:00.000Z' };
  const claimed: ClaimedWriteBack[] =
    as === 'row' ? await deps.store.claimWriteBacks(input) : await deps.store.claimReceipts(input);
  expect(claimed).toHaveLength(1);
  await settleAnswers(deps, dialer, claimed, new Map(claimed.flatMap(({ id }) => (answer ? [[id, answer]] : []))));
  return onlyRow();
}

async function onlyRow(): Promise<WriteBack> {
  const call = await opened.deps.store.callByRef(adasCall);
  const [row, ...others] = await opened.deps.store.writeBacksOf(call?.correlationId ?? '');
  if (!row || others.length > 0) throw new Error(`there are ${others.length + (row ? 1 : 0)} write-backs`);
  return row;
}
