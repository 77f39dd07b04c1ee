import { expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { Store } from '../../../src/store/store.ts';
import { callerCode, claim, committed, entry, later, legOf, ours, record, registration } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** What calls in shadow want is kept, and never handed to a worker. */
export function itKeepsShadow(database: StoreUnderTest): void {
  async function callInShadow(store: Store, outcome: string): Promise<string> {
    const body = { ...registration(legOf('V1')), shadow: ['*'] } as FactBody;
    const told = entry([callerCode('V1')], 'registered:V1', body, { source: 'vicidial' });
    const { call } = await record(store, told, entry([callerCode('V1')], 'commit:1', committed(outcome)));
    return call.correlationId;
  }
  const statesOf = async (store: Store, id: string) =>
    (await store.writeBacksOf(id)).map(({ aspect, revision, state }) => `${aspect} r${revision} ${state}`);

  it('keeps what a call in shadow would have written, and gives it to nobody', async () => {
    const store = await database.open();

    const id = await callInShadow(store, 'sale');

    expect(await statesOf(store, id)).toEqual(['disposition r1 shadow', 'fields r1 shadow']);
    expect((await store.writeBacksOf(id)).every(({ settledAt }) => settledAt !== null)).toBe(true);
    expect((await store.callById(id))?.outcome?.shadow).toEqual(['*']);
    expect(await claim(store)).toEqual([]);
  });

  it('has a better word take the place of what was shown', async () => {
    const store = await database.open();
    const id = await callInShadow(store, 'sale');

    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    const rows = await store.writeBacksOf(id);
    expect(rows.filter(({ state }) => state === 'shadow').map(({ desired }) => desired)).toMatchObject([
      { disposition: 'NI' },
      { fields: { comments: 'said not_interested' } },
    ]);
    expect(rows.filter(({ state }) => state === 'superseded')).toHaveLength(2);
    expect(await claim(store)).toEqual([]);
  });

  it('gives what a person released, in doubt, and leaves the rest shown', async () => {
    const store = await database.open();
    const id = await callInShadow(store, 'sale');
    const release: FactBody = { kind: 'released', dialer: 'vicidial', aspect: 'disposition', by: 'joan' };

    await record(store, entry([ours(id)], 'released', release, { source: 'operator:joan', at: later }));

    expect((await claim(store)).map(({ aspect, inDoubt }) => [aspect, inDoubt])).toEqual([['disposition', true]]);
    expect(await statesOf(store, id)).toEqual([
      'disposition r1 superseded',
      'disposition r2 claimed',
      'fields r1 shadow',
    ]);
  });

  it('shows opt-outs by page, keeps the number, and lets a call in shadow be purged like others', async () => {
    const store = await database.open();
    const id = await callInShadow(store, 'sale');
    const sold = (await store.writeBackPage({ state: 'shadow', order: 'oldest', limit: 9 })).rows;
    const terms = { before: '2040-01-01T00:00:00.000Z', keepYears: 5, now: '2036-01-01T00:00:00.000Z' };
    const old = await store.judgePurge({ ...terms, correlationIds: [id] });

    await record(store, entry([ours(id)], 'commit:2', committed('opt_out'), { at: later }));

    const lists = await store.writeBackPage({ state: 'shadow', aspect: 'dnc', order: 'oldest', limit: 9 });
    expect(sold.map(({ correlationId }) => correlationId)).toEqual([id, id]);
    expect(old.purgeable).toEqual([id]);
    expect(lists.rows.map(({ dialer }) => dialer).sort()).toEqual(['five9', 'vicidial']);
    expect(await store.isOptedOut('+13125550100')).toBe(true);
  });
}
