import { expect, it } from 'vitest';
import type { Leg } from '../../../src/domain/call.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  adasNumber,
  callerCode,
  claim,
  committed,
  entry,
  later,
  legOf,
  noon,
  record,
  registration,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const ofAdasLead = { dialer: 'vicidial', leadKeys: ['7'], phones: [adasNumber], since: noon };

async function soldTo(store: Store, callKey: string, changes: Partial<Leg> = {}, receivedAt = noon): Promise<void> {
  const leg = registration(legOf(callKey, changes));
  const refs = [callerCode(callKey)];
  await record(
    store,
    entry(refs, `registered:${callKey}`, leg, { source: 'vicidial', receivedAt }),
    entry(refs, 'commit', committed('sale'), { receivedAt }),
  );
}

/** What several calls of one record wanted of it, by which the order of their words is kept. */
export function itTellsOfRecords(database: StoreUnderTest): void {
  it('tells what the calls of one record wanted, by its lead or by its number', async () => {
    const store = await database.open();
    await soldTo(store, 'V1');
    await soldTo(store, 'V2', { phone: '+13125550109' });
    await soldTo(store, 'V3', { leadKey: '' });
    await soldTo(store, 'V4', { leadKey: '8', phone: '+13125550104' });

    const found = await store.rowsOfRecords(ofAdasLead);

    const told = found.map(({ target, aspect }) => `${target.callKey} ${aspect}`).sort();
    expect(told).toEqual(['V1', 'V2', 'V3'].flatMap((call) => [`${call} disposition`, `${call} fields`]));
    expect(await store.rowsOfRecords({ ...ofAdasLead, dialer: 'five9' })).toEqual([]);
    expect(await store.rowsOfRecords({ ...ofAdasLead, leadKeys: [''], phones: [] })).toEqual([]);
  });

  it('leaves out records with one call, and what is over since long', async () => {
    const store = await database.open();
    await soldTo(store, 'V1', { leadKey: '8', phone: '+13125550104' }, later);
    await soldTo(store, 'V2');
    await store.settleWriteBacks((await claim(store)).map((row) => settlement(row)));
    await soldTo(store, 'V3', {}, later);

    const alone = await store.rowsOfRecords({ ...ofAdasLead, leadKeys: ['8'], phones: ['+13125550104'] });
    const since = await store.rowsOfRecords({ ...ofAdasLead, since: later });
    const all = await store.rowsOfRecords(ofAdasLead);

    expect(alone).toEqual([]);
    expect(new Set(since.map(({ target }) => target.callKey))).toEqual(new Set(['V3']));
    expect(new Set(all.map(({ target }) => target.callKey))).toEqual(new Set(['V2', 'V3']));
  });

  it('tells of a number with very many calls what the latest of them wanted', async () => {
    const store = await database.open();
    const facts = [];
    for (let index = 0; index < 205; index += 1) {
      const key = `V${index}`;
      const receivedAt = new Date(Date.parse(noon) + index).toISOString();
      const registered = registration(legOf(key, { calledAt: receivedAt }));
      facts.push(
        entry([callerCode(key)], `registered:${key}`, registered, { source: 'vicidial', receivedAt }),
        entry([callerCode(key)], 'commit', committed('sale'), { receivedAt }),
      );
    }
    await record(store, ...facts);
    await soldTo(store, 'V-of-ben', { leadKey: '8', phone: '+13125550104' });
    await soldTo(store, 'V-of-ben-again', { leadKey: '8', phone: '+13125550104' });

    const found = await store.rowsOfRecords({ ...ofAdasLead, leadKeys: ['7', '8'] });

    const told = new Set(found.map(({ target }) => target.callKey));
    const latest = Array.from({ length: 200 }, (_, index) => `V${index + 5}`);
    expect(told).toEqual(new Set([...latest, 'V-of-ben', 'V-of-ben-again']));
  });
}
