import { expect, it } from 'vitest';
import {
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  ours,
  platformCall,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const evening = '2026-11-21T20:00:00.000Z';
const span = { dialer: 'vicidial', from: noon, before: evening, limit: 10 };
const ofTheAi = { ...span, route: 'ai' };

/** What reconciliation looks through, and how it brings a write-back to the dialer once more. */
export function itIsReconciled(database: StoreUnderTest): void {
  it('finds the calls of a span of time that have no outcome', async () => {
    const store = await database.open();
    const { call } = await record(store, registered('V1'));
    await callWithOutcome(store, 'V2');
    await record(store, registered('V3', { receivedAt: evening }));

    const found = await store.callsWithoutOutcome(ofTheAi);

    expect(found.map(({ correlationId }) => correlationId)).toEqual([call.correlationId]);
    expect(await store.callsWithoutOutcome({ ...ofTheAi, route: 'skill' })).toEqual([]);
  });

  it('goes through those calls page by page, each once, also where many came at one time', async () => {
    const store = await database.open();
    for (const name of ['V1', 'V2', 'V3', 'V4', 'V5']) await record(store, registered(name));

    const seen: string[] = [];
    for (let after: { registeredAt: string; correlationId: string } | undefined; ; ) {
      const page = await store.callsWithoutOutcome({ ...ofTheAi, limit: 2, ...(after && { after }) });
      seen.push(...page.map(({ correlationId }) => correlationId));
      after = page.at(-1);
      if (page.length < 2) break;
    }

    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
  });

  it('goes through confirmed write-backs page by page, each once', async () => {
    const store = await database.open();
    for (const name of ['V1', 'V2', 'V3']) await callWithOutcome(store, name);
    await store.settleWriteBacks((await claim(store)).map((row) => settlement(row)));
    await callWithOutcome(store, 'V4');

    const seen: string[] = [];
    for (let after: { dueAt: string; id: string } | undefined; ; ) {
      const page = await store.confirmedWriteBacks({ ...span, limit: 4, ...(after && { after }) });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1);
      if (page.length < 4) break;
    }

    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it('brings a confirmed row to the dialer once more, in doubt', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1');
    await store.settleWriteBacks((await claim(store)).map((row) => settlement(row)));
    const rows = await store.confirmedWriteBacks(span);
    const ids = rows.map(({ id }) => id);

    const due = await store.redoWriteBacks({ ids, why: 'the dialer lost it', now: later });
    const twice = await store.redoWriteBacks({ ids, why: 'the dialer lost it', now: later });

    expect(due.sort()).toEqual(ids.sort());
    expect(twice).toEqual([]);
    expect(await claim(store)).toEqual(
      expect.arrayContaining(
        ids.map((id) => expect.objectContaining({ id, inDoubt: true, why: 'the dialer lost it' })),
      ),
    );
  });

  it('leaves a confirmed row alone that a later wish follows', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'not_interested');
    const first = await claim(store);
    await store.settleWriteBacks(first.map((row) => settlement(row)));
    await record(store, entry([ours(id)], 'commit:2', committed('sale'), { at: later }));
    const ids = first.filter(({ aspect }) => aspect === 'disposition').map((row) => row.id);

    const shown = await store.confirmedWriteBacks(span);

    expect(shown.map((row) => row.id)).not.toContain(ids[0]);
    expect(await store.redoWriteBacks({ ids, why: '', now: later })).toEqual([]);
  });

  it('finds shells that only have a name of one kind, until they went up in another', async () => {
    const store = await database.open();
    const hint = { instance: 'sigmamind', kind: 'hint', key: 'conversation_ended:call_1' };
    await record(store, entry([hint], 'hint', { kind: 'noted', event: 'unconfirmed', text: '' }));
    await record(store, entry([platformCall('call_2')], 'started', { kind: 'started' }));
    const before = await store.shellsNamed({ kind: 'hint', since: noon, limit: 10 });

    await record(store, entry([platformCall('call_1'), hint], 'started', { kind: 'started' }));

    expect(before.map(({ name }) => name)).toEqual([hint.key]);
    expect(await store.shellsNamed({ kind: 'hint', since: noon, limit: 10 })).toEqual([]);
  });
}
