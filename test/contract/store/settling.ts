import { expect, it } from 'vitest';
import type { ClaimedWriteBack } from '../../../src/store/store.ts';
import { eventually } from '../../support/eventually.ts';
import { callWithOutcome, claim, committed, entry, later, noon, ours, record, settlement } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

export function itSettles(database: StoreUnderTest): void {
  it('writes what became of a row, and only once', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const [row, other] = await claim(store);
    if (!row || !other) throw new Error('nothing was claimed');

    const first = await store.settleWriteBacks([
      settlement(row, { state: 'refused', why: 'no such status', hint: 'add it', attempts: 2 }),
      settlement(other),
    ]);
    const second = await store.settleWriteBacks([settlement(row)]);

    expect(first).toEqual({ lost: [] });
    expect(second).toEqual({ lost: [row.id] });
    const stored = (await store.writeBacksOf(id)).find((found) => found.id === row.id);
    expect(stored).toMatchObject({
      state: 'refused',
      why: 'no such status',
      hint: 'add it',
      attempts: 2,
      settledAt: later,
    });
  });

  it('does not let a wrong token settle a row', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const [row] = await claim(store);
    if (!row) throw new Error('nothing was claimed');

    const result = await store.settleWriteBacks([{ ...settlement(row), claim: 'another' }]);

    expect(result).toEqual({ lost: [row.id] });
  });

  it('lets a row wait again, and gives it when it is due', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store, { now: noon });

    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'pending', attempts: 1, inDoubt: true })));

    expect(await claim(store, { now: noon })).toEqual([]);
    const again = await claim(store, { now: later });
    expect(again.map((row) => [row.attempts, row.inDoubt])).toEqual([
      [1, true],
      [1, true],
    ]);
  });

  it('gives nobody a row, nor what replaces it, while its last request may be carried out', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store);
    const [first, ...others] = rows;
    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));
    if (!first) throw new Error('nothing was claimed');
    const waits = { state: 'pending', attempts: 1, inDoubt: true } as const;

    await store.settleWriteBacks([
      settlement(first, { ...waits, lateMs: 2500 }),
      ...others.map((row) => settlement(row, waits)),
    ]);

    expect(aspectsOf(await claim(store))).toEqual(aspectsOf(others));
    await eventually(async () => expect(aspectsOf(await claim(store))).toEqual([first.aspect]));
  });

  it('gives callback and disposition of a call together, or the one when the other is over', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'callback', later);
    const waits = { state: 'pending', attempts: 1, inDoubt: true } as const;

    const callback = await claim(store, { aspects: ['callback'] });
    const meanwhile = await claim(store);
    await store.settleWriteBacks(callback.map((row) => settlement(row, { ...waits, lateMs: 2500 })));
    const whileLate = await claim(store);

    expect([aspectsOf(callback), aspectsOf(meanwhile), whileLate]).toEqual([['callback'], ['fields'], []]);
    await eventually(async () => expect(aspectsOf(await claim(store)).toSorted()).toEqual(['callback', 'disposition']));
  });

  it('brings the confirmation of one receipt forward', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store, { now: noon });
    await store.settleWriteBacks(
      rows.map((row) => settlement(row, { state: 'submitted', receipt: `import:${row.aspect}`, dueAt: later })),
    );

    const count = await store.settleSoon({ dialer: 'vicidial', receipt: 'import:fields', now: noon });

    const due = await store.claimReceipts({ dialer: 'vicidial', limit: 10, leaseMs: 1000, now: noon });
    expect(count).toBe(1);
    expect(due.map(({ receipt }) => receipt)).toEqual(['import:fields']);
  });

  it('ends a row that would wait again behind a newer wish', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store);
    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'pending', attempts: 1 })));

    const states = (await store.writeBacksOf(id)).map((row) => [row.aspect, row.revision, row.state]);
    expect(states).toEqual([
      ['disposition', 1, 'superseded'],
      ['disposition', 2, 'pending'],
      ['fields', 1, 'superseded'],
      ['fields', 2, 'pending'],
    ]);
  });

  it('hands the doubt about a row on to the one that replaces it', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store);
    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'pending', attempts: 1, inDoubt: true })));
    await record(store, entry([ours(id)], 'commit:3', committed('callback', later), { at: later }));

    const waiting = (await store.writeBacksOf(id)).filter(({ state }) => state === 'pending');
    expect(waiting.map(({ aspect, inDoubt }) => [aspect, inDoubt])).toEqual([
      ['callback', false],
      ['disposition', true],
      ['fields', true],
    ]);
  });

  it.each(['dead', 'refused'] as const)('hands the doubt about a row that ends %s on as well', async (state) => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const rows = await claim(store);
    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    await store.settleWriteBacks(rows.map((row) => settlement(row, { state, attempts: 9, inDoubt: true })));

    const written = (await store.writeBacksOf(id)).map((row) => [row.aspect, row.state, row.inDoubt]);
    expect(written).toEqual([
      ['disposition', state, true],
      ['disposition', 'pending', true],
      ['fields', state, true],
      ['fields', 'pending', true],
    ]);
  });

  it('revives a dead row whose wish came back after another was planned and taken back', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'callback', later);
    const rows = (await claim(store)).filter(({ aspect }) => aspect === 'callback');
    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'dead', attempts: 9 })));
    const moved = committed('callback', '2026-11-23T15:00:00.000Z');
    await record(store, entry([ours(id)], 'moved', moved, { at: '2026-11-21T12:30:00.000Z' }));
    const sold = { kind: 'corrected', outcome: 'sale', by: 'joan', why: '' } as const;
    await record(store, entry([ours(id)], 'sold', sold, { at: '2026-11-21T12:31:00.000Z', source: 'operator:joan' }));
    const after = { kind: 'corrected', outcome: 'callback', callbackAt: later, by: 'joan', why: '' } as const;
    await record(store, entry([ours(id)], 'after', after, { at: '2026-11-21T12:32:00.000Z', source: 'operator:joan' }));

    const count = await store.replayWriteBacks({ ids: rows.map((row) => row.id), now: later });

    expect(count).toBe(1);
    const callbacks = (await store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'callback');
    expect(callbacks.map(({ state }) => state)).toEqual(['pending', 'cancelled']);
  });

  it('cancels a row that would wait again when a human has decided meanwhile', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const rows = (await claim(store)).filter((row) => row.aspect === 'disposition');
    const body = { kind: 'dispositioned', dialer: 'vicidial', disposition: 'XFER', by: 'agent-1' } as const;
    await record(store, entry([ours(id)], 'human', body, { at: later, source: 'vicidial' }));

    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'pending', attempts: 1 })));

    const [disposition] = await store.writeBacksOf(id);
    expect(disposition).toMatchObject({ aspect: 'disposition', state: 'cancelled' });
  });

  it('revives dead rows, but not one that a later revision followed', async () => {
    const store = await database.open();
    const old = await callWithOutcome(store, 'V1', 'sale');
    const alone = await callWithOutcome(store, 'V2', 'sale');
    const rows = (await claim(store)).filter((row) => row.aspect === 'disposition');
    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'dead', attempts: 9 })));
    await record(store, entry([ours(old)], 'commit:2', committed('not_interested'), { at: later }));

    const count = await store.replayWriteBacks({ dialer: 'vicidial', now: noon });

    expect(count).toBe(1);
    const revived = (await store.writeBacksOf(alone)).find((row) => row.aspect === 'disposition');
    expect(revived).toMatchObject({ state: 'pending', attempts: 0, settledAt: null });
    expect((await store.writeBacks({ states: ['dead'], limit: 10 })).map((row) => row.correlationId)).toEqual([old]);
  });

  it('revives a cancelled row only when it is named', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const rows = (await claim(store)).filter((row) => row.aspect === 'disposition');
    await store.settleWriteBacks(rows.map((row) => settlement(row, { state: 'cancelled' })));

    const all = await store.replayWriteBacks({ now: noon });
    const named = await store.replayWriteBacks({ ids: rows.map((row) => row.id), now: noon });

    expect([all, named]).toEqual([0, 1]);
  });
}

function aspectsOf(claimed: readonly ClaimedWriteBack[]): string[] {
  return claimed.map(({ aspect }) => aspect);
}
