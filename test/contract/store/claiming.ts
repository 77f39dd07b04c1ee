import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  ours,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

export function itClaims(database: StoreUnderTest): void {
  it('claims what is due, earliest first, and leaves the rest', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await callWithOutcome(store, 'V2', 'hung_up');
    const { call } = await record(store, registered('V3'));
    await record(store, entry([ours(call.correlationId)], 'end', { kind: 'ended', outcome: 'hung_up', reason: '' }));

    const early = await claim(store, { now: noon });
    const rest = await claim(store, { now: later });

    expect(early).toHaveLength(4);
    expect(early.every((row) => row.state === 'claimed' && !row.inDoubt)).toBe(true);
    expect(rest.map((row) => row.correlationId)).toEqual([call.correlationId]);
    expect(await claim(store, { dialer: 'five9' })).toEqual([]);
  });

  it('never gives a row to two claimers', async () => {
    const stores = [await database.open(), await database.open()];
    const [first] = stores;
    for (let number = 1; number <= 12; number += 1) {
      if (first) await callWithOutcome(first, `V${number}`);
    }

    const claimers = [...stores, ...stores, ...stores];
    const claims = await Promise.all(
      claimers.map(async (store) => {
        const rows = [];
        for (let round = 0; round < 6; round += 1) rows.push(...(await claim(store, { limit: 3 })));
        return rows;
      }),
    );

    const ids = claims.flat().map((row) => row.id);
    expect(ids).toHaveLength(24);
    expect(new Set(ids).size).toBe(24);
  });

  it('brings a claim back in doubt when its time is up by the database clock', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const [held] = await claim(store, { limit: 1, leaseMs: 60_000 });
    const [brief] = await claim(store, { limit: 1, leaseMs: 1 });

    const again = await eventually(async () => {
      const rows = await claim(store);
      expect(rows).toHaveLength(1);
      return rows;
    });

    // It was a try: who waits for what an earlier one may still do sees that there was another.
    expect(again[0]).toMatchObject({ id: brief?.id, inDoubt: true, attempts: 1 });
    expect(again[0]?.id).not.toBe(held?.id);
    expect(again[0]?.claim).not.toBe(brief?.claim);
    if (!brief) throw new Error('nothing was claimed');
    expect(await store.settleWriteBacks([settlement(brief)])).toEqual({ lost: [brief.id] });
  });

  it('keeps a later revision waiting while an earlier one of its aspect is under way', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const first = await claim(store);
    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    const during = await claim(store);
    await store.settleWriteBacks(first.map((row) => settlement(row)));
    const after = await claim(store);

    expect(during).toEqual([]);
    expect(after.map((row) => [row.aspect, row.revision])).toEqual([
      ['disposition', 2],
      ['fields', 2],
    ]);
  });

  it('claims receipts when their confirmation is due, and keeps them submitted', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store);
    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'submitted', receipt: 'import-1' })));
    const input = { dialer: 'vicidial', limit: 10, leaseMs: 60_000 };

    const early = await store.claimReceipts({ ...input, now: noon });
    const due = await store.claimReceipts({ ...input, now: later });
    const twice = await store.claimReceipts({ ...input, now: later });

    expect(early).toEqual([]);
    expect(due.map((row) => [row.state, row.receipt])).toEqual([
      ['submitted', 'import-1'],
      ['submitted', 'import-1'],
    ]);
    expect(twice).toEqual([]);
    expect(await store.settleWriteBacks(due.map((row) => settlement(row)))).toEqual({ lost: [] });
    expect(await store.countWriteBacks()).toMatchObject([{ state: 'confirmed', count: 2 }]);
  });
}
