import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  callerCode,
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const calls = 700;

export function itTakesLargeBatches(database: StoreUnderTest): void {
  it('claims and settles more rows than one transaction takes, each once', async () => {
    const store = await database.open();
    for (let start = 0; start < calls; start += 100) {
      const codes = Array.from({ length: 100 }, (_, index) => `V${start + index}`);
      await record(
        store,
        ...codes.map((code) => registered(code)),
        ...codes.map((code) => entry([callerCode(code)], 'commit', committed('hung_up'))),
      );
    }

    const rows = await claim(store, { limit: 650, aspects: ['disposition'] });
    const rest = await claim(store, { limit: 650, aspects: ['disposition'] });
    const settled = await store.settleWriteBacks(
      rows.map((row) => settlement(row, { state: 'submitted', receipt: 'import-1' })),
    );
    const receipts = await store.claimReceipts({ dialer: 'vicidial', limit: 1000, leaseMs: 60_000, now: later });

    expect([rows.length, rest.length]).toEqual([650, calls - 650]);
    expect(new Set([...rows, ...rest].map(({ id }) => id)).size).toBe(calls);
    expect(settled).toEqual({ lost: [] });
    expect(new Set(receipts.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
  }, 60_000);

  it('claims only what the dialer can take now, and the rest later, earliest first', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await callWithOutcome(store, 'V2', 'opt_out');

    const open = await claim(store, { aspects: ['fields', 'dnc'] });
    const rest = await claim(store);

    expect(new Set(open.map(({ aspect }) => aspect))).toEqual(new Set(['fields', 'dnc']));
    expect(open.map(({ dueAt }) => dueAt)).toEqual(open.map(({ dueAt }) => dueAt).sort());
    expect(rest.map(({ aspect }) => aspect)).toEqual(['disposition', 'disposition']);
  });

  it('holds a renewed claim beyond its first end', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const [held] = await claim(store, { limit: 1, leaseMs: 400 });
    const [lapsed] = await claim(store, { limit: 1, leaseMs: 400 });
    if (!held || !lapsed) throw new Error('nothing was claimed');

    const renewed = await store.renewClaims([held.claim, 'unknown'], 60_000);

    const again = await eventually(async () => {
      const rows = await claim(store);
      expect(rows).toHaveLength(1);
      return rows;
    });
    expect(renewed).toBe(1);
    expect(again[0]?.id).toBe(lapsed.id);
    expect(await store.settleWriteBacks([settlement(held)])).toEqual({ lost: [] });
    expect(await store.renewClaims([held.claim], 60_000)).toBe(0);
  });

  it('tells per aspect what waits, what is due, and what has a receipt', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await callWithOutcome(store, 'V2', 'sale');
    const rows = (await claim(store)).filter(({ aspect }) => aspect === 'disposition');
    const [first, second] = rows;
    if (!first || !second) throw new Error('nothing was claimed');
    await store.settleWriteBacks([
      settlement(first, { state: 'pending' }),
      settlement(second, { state: 'submitted', receipt: 'import-1' }),
    ]);

    expect(await store.backlog('vicidial', noon)).toEqual([
      { aspect: 'disposition', waiting: 1, due: 0, submitted: 1 },
    ]);
    expect(await store.backlog('vicidial', later)).toEqual([
      { aspect: 'disposition', waiting: 1, due: 1, submitted: 1 },
    ]);
    expect(await store.backlog('five9', later)).toEqual([]);
  });
}
