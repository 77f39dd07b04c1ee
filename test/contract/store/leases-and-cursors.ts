import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { callWithOutcome, noon, record, registered } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const adaAsLead = {
  dialer: 'vicidial',
  key: '1001',
  list: '101',
  campaign: 'SPRING',
  phones: ['+13125550100'],
  fields: { first_name: 'Ada' },
  changedAt: noon,
};

export function itLeases(database: StoreUnderTest): void {
  it('gives a lease to one holder at a time and counts the fence up at each new one', async () => {
    const [one, two] = [await database.open(), await database.open()];

    const taken = await Promise.all([one.takeLease('sync', 'one', 60_000), two.takeLease('sync', 'two', 60_000)]);
    const holder = taken[0] ? 'one' : 'two';
    const other = taken[0] ? 'two' : 'one';
    const renewed = await one.takeLease('sync', holder, 60_000);
    await two.releaseLease('sync', other);
    const refused = await two.takeLease('sync', other, 60_000);
    await one.releaseLease('sync', holder);
    const next = await two.takeLease('sync', other, 60_000);

    expect(taken.filter(Boolean)).toEqual([{ fence: 1 }]);
    expect(renewed).toEqual({ fence: 1 });
    expect(refused).toBeNull();
    expect(next).toEqual({ fence: 2 });
  });

  it('lets a lease end by the database clock', async () => {
    const store = await database.open();
    await store.takeLease('sync', 'gone', 1);

    const next = await eventually(async () => {
      const lease = await store.takeLease('sync', 'next', 60_000);
      expect(lease).not.toBeNull();
      return lease;
    });

    expect(next).toEqual({ fence: 2 });
  });

  it('refuses what is written under a lease that another holder has by now, and keeps nothing of it', async () => {
    const [ours, theirs] = [await database.open(), await database.open()];
    const stale = { name: 'sync', holder: 'ours', fence: 1, ttlMs: 60_000 };
    expect(await ours.takeLease('sync', 'ours', 1)).toEqual({ fence: 1 });
    await eventually(async () => expect(await theirs.takeLease('sync', 'theirs', 60_000)).toEqual({ fence: 2 }));
    await theirs.writeCursor('leads:vicidial', '200', { ...stale, holder: 'theirs', fence: 2 });

    const cursor = ours.writeCursor('leads:vicidial', '100', stale);
    await expect(cursor).rejects.toMatchObject({ code: 'lease_lost', retryable: false });
    const page = ours.saveLeads([adaAsLead], noon, { name: 'leads:vicidial', value: '100', under: stale });
    await expect(page).rejects.toMatchObject({ code: 'lease_lost' });

    expect(await ours.readCursor('leads:vicidial')).toBe('200');
    expect(await ours.leadByKey('vicidial', adaAsLead.key)).toBeNull();
  });

  it('keeps the lease with what is written under it, until it is through', async () => {
    const [ours, theirs] = [await database.open(), await database.open()];
    await ours.takeLease('sync', 'ours', 1);

    await ours.writeCursor('leads:vicidial', '100', { name: 'sync', holder: 'ours', fence: 1, ttlMs: 60_000 });

    expect(await theirs.takeLease('sync', 'theirs', 60_000)).toBeNull();
  });

  it('keeps a cursor between runs', async () => {
    const store = await database.open();

    const before = await store.readCursor('leads:vicidial');
    await store.writeCursor('leads:vicidial', '100');
    await store.writeCursor('leads:vicidial', '200');

    expect([before, await store.readCursor('leads:vicidial')]).toEqual(['', '200']);
  });

  it('opens twice at once on a new database', async () => {
    await database.beBare();
    const [one, two] = await Promise.all([database.open(), database.open()]);

    await callWithOutcome(one, 'V1');

    expect((await record(two, registered('V1'))).isAdded).toBe(false);
  });

  it('only checks the tables when it may not change them', async () => {
    await database.beBare();
    const opening = database.open({ migrate: false });

    await expect(opening).rejects.toMatchObject({ code: 'config_invalid', hint: expect.stringContaining('serve') });
    await database.open();
    await expect(database.open({ migrate: false })).resolves.toBeDefined();
  });

  it('rejects after it was closed, and answers before', async () => {
    const store = await database.open();
    const last = record(store, registered('V1'));

    await store.ping();
    await store.close();

    expect((await last).isAdded).toBe(true);
    await expect(record(store, registered('V2'))).rejects.toMatchObject({ code: 'store_away', retryable: true });
    await expect(store.callById('x')).rejects.toMatchObject({ code: 'store_away' });
    await expect(store.writeBacks({ limit: 1 })).rejects.toMatchObject({ code: 'store_away' });
  });
}
