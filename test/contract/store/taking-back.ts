import { expect, it } from 'vitest';
import { callWithOutcome, claim, committed, entry, later, noon, ours, record, settlement } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const word = { by: 'joan', why: 'the lead asked for it', now: later };

/** What a person takes back is over, and stays so. */
export function itTakesBack(database: StoreUnderTest): void {
  it('takes back what waits, with who and why, and does not plan it again', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const [disposition] = await store.writeBacksOf(id);

    const done = await store.cancelWriteBacks({ ids: [disposition?.id ?? ''], ...word });
    await store.replan({ correlationIds: [id], now: later });
    await record(store, entry([ours(id)], 'again', committed('sale'), { at: later }));

    expect(done).toEqual({ cancelled: [disposition?.id], kept: [] });
    const rows = (await store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'disposition');
    expect(rows).toMatchObject([{ state: 'cancelled', cancelledBy: 'joan', why: word.why, settledAt: later }]);
  });

  it('plans something else, and what was taken back when an operator replays it', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const [disposition] = await store.writeBacksOf(id);
    const ids = [disposition?.id ?? ''];
    await store.cancelWriteBacks({ ids, ...word });

    expect(await store.replayWriteBacks({ ids, now: later })).toBe(1);
    await store.cancelWriteBacks({ ids, ...word });
    await record(store, entry([ours(id)], 'other', committed('not_interested'), { at: later }));

    const rows = (await store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'disposition');
    expect(rows.map(({ state }) => state)).toEqual(['cancelled', 'pending']);
  });

  it('brings nothing back that is not wanted any more: no callback for who opted out since', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'callback', '2026-11-23T15:00:00.000Z');
    const callback = (await store.writeBacksOf(id)).find(({ aspect }) => aspect === 'callback');
    const ids = [callback?.id ?? ''];
    await store.cancelWriteBacks({ ids, ...word });
    await record(store, entry([ours(id)], 'other', committed('opt_out'), { at: later }));

    expect(await store.replayWriteBacks({ ids, now: later })).toBe(0);
    expect((await store.writeBacksById(ids)).map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('leaves what is under way, what is over, and the last word of an opt-out', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    const five9 = (await store.writeBacksOf(id)).find(({ dialer }) => dialer === 'five9');
    const rows = await claim(store);
    const [confirmed, claimed] = rows.filter(({ aspect }) => aspect !== 'dnc');
    if (!confirmed || !claimed || !five9) throw new Error('the cast has three rows');
    await store.settleWriteBacks([settlement(confirmed)]);

    const ids = [confirmed.id, claimed.id, five9.id, 'nobody'];
    const done = await store.cancelWriteBacks({ ids, ...word });

    expect(done).toEqual({
      cancelled: [],
      kept: [
        { id: confirmed.id, because: 'over' },
        { id: claimed.id, because: 'under-way' },
        { id: five9.id, because: 'opt-out' },
        { id: 'nobody', because: 'unknown' },
      ],
    });
  });

  it('says of a row that a human overtook that they did', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    const body = { kind: 'dispositioned', dialer: 'vicidial', disposition: 'XFER', by: 'agent-1' } as const;

    await record(store, entry([ours(id)], 'human', body, { at: later, source: 'vicidial' }));

    const rows = (await store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'disposition');
    expect(rows).toMatchObject([{ state: 'cancelled', why: 'a human agent was faster', createdAt: noon }]);
    expect(rows[0]?.cancelledBy).toBeUndefined();
  });
}
