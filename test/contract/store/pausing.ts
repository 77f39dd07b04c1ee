import { expect, it } from 'vitest';
import type { ControlScope } from '../../../src/domain/controls.ts';
import type { ClaimBetweenInput } from '../../../src/store/operations/claim-between-pauses.ts';
import type { ClaimedWriteBack, Store } from '../../../src/store/store.ts';
import { eventually } from '../../support/eventually.ts';
import {
  callerCode,
  claim,
  committed,
  entry,
  later,
  legOf,
  noon,
  registration,
  rules,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const input = { dialer: 'vicidial', limit: 50, leaseMs: 60_000, now: later } as const;
const everywhere = { dialer: '', campaign: '', aspect: '' } as const;
const spring = { dialer: 'vicidial', campaign: 'SPRING', aspect: '' } as const;

/** Calls with a sale, each one second after the one before: a disposition, and a field in SPRING. */
async function sales(store: Store, campaign: string, count: number, from = 0): Promise<void> {
  for (let start = 0; start < count; start += 200) {
    const facts = Array.from({ length: Math.min(200, count - start) }, (_, index) => {
      const key = `${campaign}${from + start + index}`;
      const receivedAt = new Date(Date.parse(noon) + (from + start + index) * 10).toISOString();
      const leg = registration(legOf(key, { campaign, leadKey: key }));
      return [
        entry([callerCode(key)], 'registered', leg, { source: 'vicidial', receivedAt }),
        entry([callerCode(key)], 'commit', committed('sale'), { receivedAt }),
      ];
    });
    await store.recordFacts({
      facts: facts.flat(),
      now: new Date(Date.parse(noon) + (from + start) * 10).toISOString(),
    });
  }
}

const audited = { at: noon, by: 'olga', act: 'pause-set', subject: '', details: {} };

const pause = (store: Store, scope: ControlScope) =>
  store.setControl({ kind: 'pause', scope, percent: 0, note: 'test', by: 'olga', at: noon }, audited);
const lift = (store: Store, scope: ControlScope) => store.liftControl({ kind: 'pause', scope }, audited);
const between = (store: Store, changes: Partial<ClaimBetweenInput> = {}) =>
  store.claimBetweenPauses({ ...input, ...changes });
const names = (rows: readonly { aspect: string; target: { campaign: string } }[]) =>
  [...new Set(rows.map(({ aspect, target }) => `${target.campaign} ${aspect}`))].sort();

/** Another campaign beside SPRING, with the same mapping. */
const { SPRING } = rules.dialers.vicidial?.campaigns ?? {};
const twoCampaigns = {
  rules: {
    ...rules,
    dialers: {
      ...rules.dialers,
      vicidial: {
        aspects: ['disposition', 'fields'] as const,
        campaigns: { ...(SPRING && { SPRING, AUTUMN: SPRING }) },
      },
    },
  },
};

async function giveBack(store: Store, rows: readonly ClaimedWriteBack[]): Promise<void> {
  await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'pending', dueAt: row.dueAt })));
}

export function itPauses(database: StoreUnderTest): void {
  it('gives nothing to who does not know of a pause, whatever it is of, and all once it is lifted', async () => {
    const store = await database.open();
    await sales(store, 'SPRING', 2);
    const scopes: ControlScope[] = [everywhere, spring, { dialer: '', campaign: '', aspect: 'dnc' }];
    const taken: number[] = [];

    for (const scope of scopes) {
      await pause(store, scope);
      taken.push((await claim(store)).length);
      await lift(store, scope);
    }
    await pause(store, { dialer: 'five9', campaign: '', aspect: '' });
    const beside = await claim(store);

    expect(taken).toEqual([0, 0, 0]);
    expect(beside).toHaveLength(4);
  });

  it('gives nothing at all of a dialer that is paused as a whole, not even what comes back in doubt', async () => {
    const store = await database.open();
    await sales(store, 'SPRING', 1);
    await claim(store, { limit: 1, leaseMs: 1 });
    await pause(store, everywhere);

    const during = await between(store);
    await lift(store, everywhere);
    const after = await eventually(async () => {
      const { rows } = await between(store);
      expect(rows.some(({ inDoubt }) => inDoubt)).toBe(true);
      return rows;
    });

    expect(during).toEqual({ rows: [], place: null, isThrough: true });
    expect(after.length).toBeGreaterThan(0);
  });

  it('gives the rest while a campaign or an aspect is paused, and the rest of both', async () => {
    const store = await database.open(twoCampaigns);
    await sales(store, 'SPRING', 1);
    await sales(store, 'AUTUMN', 1, 1);
    const scopes: ControlScope[] = [
      spring,
      { dialer: '', campaign: '', aspect: 'fields' },
      { dialer: 'vicidial', campaign: 'AUTUMN', aspect: 'disposition' },
    ];
    const left: string[][] = [];

    for (const scope of scopes) {
      await pause(store, scope);
      const { rows } = await between(store);
      left.push(names(rows));
      await giveBack(store, rows);
      await lift(store, scope);
    }
    for (const scope of scopes.slice(0, 2)) await pause(store, scope);
    const both = await between(store);

    expect(left).toEqual([
      ['AUTUMN disposition', 'AUTUMN fields'],
      ['AUTUMN disposition', 'SPRING disposition'],
      ['AUTUMN fields', 'SPRING disposition', 'SPRING fields'],
    ]);
    expect(names(both.rows)).toEqual(['AUTUMN disposition']);
  });

  it('leaves a paused row that comes back in doubt where it is, and gives the others', async () => {
    const store = await database.open(twoCampaigns);
    await sales(store, 'SPRING', 1);
    await sales(store, 'AUTUMN', 1, 1);
    await claim(store, { leaseMs: 1 });
    await pause(store, spring);

    const taken = await eventually(async () => {
      const { rows } = await between(store);
      expect(rows.length).toBeGreaterThan(0);
      return rows;
    });

    expect(names(taken)).toEqual(['AUTUMN disposition', 'AUTUMN fields']);
    expect(taken.every(({ inDoubt }) => inDoubt)).toBe(true);
    expect((await between(store)).rows).toEqual([]);
  });

  it('goes through many that are paused page by page, and finds who is behind them', async () => {
    const store = await database.open(twoCampaigns);
    await sales(store, 'SPRING', 300);
    await sales(store, 'AUTUMN', 2, 300);
    await pause(store, spring);

    const first = await between(store);
    const second = await between(store, { ...(first.place && { after: first.place }) });
    const third = await between(store, { ...(second.place && { after: second.place }) });

    expect([first.rows.length, first.isThrough]).toEqual([0, false]);
    expect([names(second.rows), second.rows.length, second.isThrough]).toEqual([
      ['AUTUMN disposition', 'AUTUMN fields'],
      4,
      true,
    ]);
    expect([third.rows.length, third.place]).toEqual([0, null]);
    expect((await between(store)).isThrough).toBe(false);
  });

  it('goes on behind the last one that there was room for', async () => {
    const store = await database.open();
    await sales(store, 'SPRING', 5);
    await pause(store, { dialer: '', campaign: '', aspect: 'fields' });

    const first = await between(store, { limit: 3 });
    const second = await between(store, { limit: 3, ...(first.place && { after: first.place }) });

    expect([first.rows.length, first.isThrough]).toEqual([3, false]);
    expect([second.rows.length, second.isThrough]).toEqual([2, true]);
    const order = [...first.rows, ...second.rows].map(({ dueAt }) => dueAt);
    expect(order).toEqual(order.toSorted());
  });

  it('counts what waits in a campaign', async () => {
    const store = await database.open(twoCampaigns);
    await sales(store, 'SPRING', 3);
    await sales(store, 'AUTUMN', 1, 3);

    const counts = await store.countWriteBacksUpTo({ states: ['pending'], campaign: 'SPRING', most: 100 });

    expect(counts.map(({ aspect, count }) => [aspect, count]).sort()).toEqual([
      ['disposition', 3],
      ['fields', 3],
    ]);
  });
}
