import { expect, it } from 'vitest';
import {
  ada,
  adasNumber,
  adasOtherNumber,
  callerCode,
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

export function itKeepsLeads(database: StoreUnderTest): void {
  it('saves leads, finds them by key and by any of their numbers', async () => {
    const store = await database.open();
    const grace = ada({ key: '8', phones: [adasOtherNumber], fields: { first_name: 'Grace' } });

    await store.saveLeads([ada(), grace, ada({ dialer: 'five9', key: 'c-1', phones: [adasNumber] })], noon);

    expect(await store.leadByKey('vicidial', '7')).toEqual(ada());
    expect(await store.leadByKey('vicidial', '9')).toBeNull();
    expect((await store.leadsByPhone(adasOtherNumber)).map((lead) => lead.key).sort()).toEqual(['7', '8']);
    expect((await store.leadsByPhone(adasNumber, 'five9')).map((lead) => lead.key)).toEqual(['c-1']);
    expect(await store.countLeads()).toEqual([
      { dialer: 'five9', count: 1 },
      { dialer: 'vicidial', count: 2 },
    ]);
  });

  it('tells everybody who asks at one moment of their own number, the latest lead first, 50 of very many', async () => {
    const store = await database.open();
    const at = (second: number) => new Date(Date.parse(noon) + second * 1000).toISOString();
    const shared = Array.from({ length: 60 }, (_, index) =>
      ada({ key: `s${index}`, phones: [adasOtherNumber], changedAt: at((index * 7) % 60) }),
    );
    const own = [2, 9, 4].map((second) => ada({ key: `o${second}`, phones: [adasNumber], changedAt: at(second) }));
    await store.saveLeads([...own, ada({ dialer: 'five9', key: 'c-1', phones: [adasNumber] }), ...shared], noon);
    await callWithOutcome(store, 'V1', 'opt_out');

    const [few, five9, none] = await Promise.all([
      store.leadsByPhone(adasNumber, 'vicidial'),
      store.leadsByPhone(adasNumber, 'five9'),
      store.leadsByPhone('+12125550199'),
    ]);
    const [many, again, isOut, isNotOut] = await Promise.all([
      store.leadsByPhone(adasOtherNumber),
      store.leadsByPhone(adasNumber, 'vicidial'),
      store.isOptedOut(adasNumber),
      store.isOptedOut('+12125550199'),
    ]);

    expect(few.map(({ key }) => key)).toEqual(['o9', 'o4', 'o2']);
    expect([five9.map(({ key }) => key), none, again]).toEqual([['c-1'], [], few]);
    const latest = shared.toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1)).slice(0, 50);
    expect(many.map(({ key }) => key)).toEqual(latest.map(({ key }) => key));
    expect([isOut, isNotOut]).toEqual([true, false]);
  });

  it('tells which database it is, and how many rows each table has', async () => {
    const store = await database.open();
    await store.saveLeads([ada(), ada({ key: '8', phones: [adasOtherNumber] })], noon);

    const { version, tables } = await store.measure();

    expect(version).toMatch(/^\d+\.\d+/);
    expect(tables).toContainEqual({ table: 'leads', count: 2 });
    expect(tables).toContainEqual({ table: 'transcripts', count: 0 });
  });

  it('gives the leads of one list of one dialer in the order of their keys, part by part', async () => {
    const store = await database.open();
    const ofList = (key: string, list: string, dialer = 'vicidial') => ada({ key, list, dialer });
    await store.saveLeads(
      [ofList('10', 'A'), ofList('9', 'A'), ofList('8', 'A'), ofList('7', 'B'), ofList('6', 'A', 'five9')],
      noon,
    );

    const keysAfter = async (after: string) =>
      (await store.leadsOfList({ dialer: 'vicidial', list: 'A', after, limit: 2 })).map(({ key }) => key);

    expect(await keysAfter('')).toEqual(['10', '8']);
    expect(await keysAfter('8')).toEqual(['9']);
    expect(await keysAfter('9')).toEqual([]);
  });

  it('finds leads by postal code and last name, as people say them', async () => {
    const store = await database.open();
    const lovelace = { last_name: 'de la Lovelace', postal_code: '80202-1234' };
    const others = [
      ada({ key: '8', fields: { last_name: 'Hopper', postal_code: '80202' } }),
      ada({ key: '9', fields: { last_name: 'Lovelace', postal_code: '80203' } }),
      ada({ key: '10', fields: {} }),
    ];
    await store.saveLeads([ada({ fields: lovelace }), ...others], noon);
    const find = async (postalCode: string, lastName: string) =>
      (await store.leadsByPlace({ postalCode, lastName })).leads.map(({ key }) => key);

    expect(await find('80202', 'delalovelace')).toEqual(['7']);
    expect(await store.leadsByPlace({ postalCode: '80202', lastName: 'delalovelace' })).toMatchObject({
      isWhole: true,
    });
    await store.saveLeads([ada({ fields: { ...lovelace, postal_code: 'K1A 0B1' }, changedAt: later })], later);
    expect(await find('80202', 'delalovelace')).toEqual([]);
    expect(await find('K1A0B1', 'delalovelace')).toEqual(['7']);
  });

  it('follows a lead that changes its numbers', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);

    await store.saveLeads([ada({ phones: [adasOtherNumber], changedAt: later })], later);

    expect(await store.leadsByPhone(adasNumber)).toEqual([]);
    expect(await store.leadsByPhone(adasOtherNumber)).toEqual([ada({ phones: [adasOtherNumber], changedAt: later })]);
  });

  it('renews leads that it holds, and takes no other in', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);

    await store.renewLeads([ada({ list: '900', phones: [adasOtherNumber] }), ada({ key: '8' })], later);

    expect(await store.leadByKey('vicidial', '7')).toMatchObject({ list: '900', phones: [adasOtherNumber] });
    expect(await store.leadByKey('vicidial', '8')).toBeNull();
    expect(await store.leadsByPhone(adasNumber)).toEqual([]);
  });

  it('counts the last of two leads with one key', async () => {
    const store = await database.open();

    await store.saveLeads([ada(), ada({ list: '900' })], noon);

    expect(await store.leadByKey('vicidial', '7')).toMatchObject({ list: '900' });
  });

  it('writes the place of a page with its last lead, or not at all', async () => {
    const store = await database.open();
    const page = Array.from({ length: 1100 }, (_, index) => ada({ key: String(index) }));
    const broken = [...page.slice(0, -1), ada({ key: '1099', changedAt: undefined as never })];

    await expect(store.saveLeads(broken, noon, { name: 'leads:vicidial', value: '2' })).rejects.toThrow();
    const before = await store.readCursor('leads:vicidial');
    await store.saveLeads(page, noon, { name: 'leads:vicidial', value: '2' });
    await store.saveLeads([], noon, { name: 'leads:five9', value: '3' });

    expect([before, await store.readCursor('leads:vicidial'), await store.readCursor('leads:five9')]).toEqual([
      '',
      '2',
      '3',
    ]);
  });

  it('saves a page of many leads, twice', async () => {
    const store = await database.open();
    const page = Array.from({ length: 700 }, (_, index) =>
      ada({ key: String(index), phones: [`+1312555${String(index).padStart(4, '0')}`] }),
    );

    await store.saveLeads(page, noon);
    await store.saveLeads(page, later);

    expect(await store.countLeads()).toEqual([{ dialer: 'vicidial', count: 700 }]);
    expect((await store.leadsByPhone('+13125550699')).map((lead) => lead.key)).toEqual(['699']);
  });

  it('opts out every number of the lead', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);

    await callWithOutcome(store, 'V1', 'opt_out');

    expect(await store.isOptedOut(adasNumber)).toBe(true);
    expect(await store.isOptedOut(adasOtherNumber)).toBe(true);
    expect(await store.isOptedOut('+13125550199')).toBe(false);
    expect(await store.optOuts('', 10)).toEqual([
      { phone: adasNumber, at: noon },
      { phone: adasOtherNumber, at: noon },
    ]);
    expect(await store.optOuts(adasNumber, 10)).toHaveLength(1);
  });

  it('ends an opt-out when an operator takes it back, and takes the DNC entry back too', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    const rows = await claim(store);
    await store.settleWriteBacks(rows.map((row) => settlement(row)));

    const undo = { kind: 'opt-out-undone', by: 'operator-1', why: 'asked for by mistake' } as const;
    await record(store, entry([ours(id)], 'undo', undo, { at: later, source: 'operator:one' }));

    expect(await store.isOptedOut(adasNumber)).toBe(false);
    const dnc = (await claim(store)).filter((row) => row.aspect === 'dnc');
    expect(dnc.map((row) => row.desired)).toEqual([{ aspect: 'dnc', phones: [adasNumber], listed: false }]);
  });

  it('keeps a number opted out that another call opted out as well', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    await record(store, registered('V2'), entry([callerCode('V2')], 'commit', committed('opt_out')));

    const undo = { kind: 'opt-out-undone', by: 'operator-1', why: '' } as const;
    await record(store, entry([ours(id)], 'undo', undo, { at: later, source: 'operator:one' }));

    expect(await store.isOptedOut(adasNumber)).toBe(true);
  });
}
