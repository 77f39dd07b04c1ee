import { expect, it } from 'vitest';
import { possibleNumbersNote } from '../../../src/domain/possible-numbers.ts';
import type { Aspect, Desired } from '../../../src/domain/write-back.ts';
import type { Store } from '../../../src/store/store.ts';
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
  legOf,
  noon,
  ours,
  platformCall,
  record,
  registered,
  registration,
  rules,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const gracesNumber = '+13125550102';
const switchboard = '+13125550190';

export function itOptsPeopleOut(database: StoreUnderTest): void {
  it('plans an opt-out for all numbers of the person and every lead that has one', async () => {
    const store = await database.open();
    // Grace has Ada's other number as her main one.
    const grace = ada({ key: '8', phones: [adasOtherNumber, gracesNumber] });
    await store.saveLeads([ada(), grace, ada({ dialer: 'five9', key: 'c-1', phones: [adasOtherNumber] })], noon);

    const id = await callWithOutcome(store, 'V1', 'opt_out');

    expect(await lastWishes(store, id)).toEqual({
      vicidial: { aspect: 'dnc', phones: [adasNumber, adasOtherNumber], leads: ['7', '8'], listed: true },
      five9: { aspect: 'dnc', phones: [adasNumber, adasOtherNumber], leads: ['c-1'], listed: true },
    });
    expect(await store.isOptedOut(gracesNumber)).toBe(false);
  });

  it('covers a lead that comes later, and one that gets another number later', async () => {
    const store = await database.open();
    await store.saveLeads([ada({ phones: [adasNumber] })], noon);
    const id = await callWithOutcome(store, 'V1', 'opt_out');

    await store.saveLeads([ada({ key: '8', phones: [gracesNumber, adasNumber] })], later);
    const afterComing = await lastWishes(store, id);
    await store.renewLeads([ada({ phones: [adasNumber, adasOtherNumber], changedAt: later })], later);

    expect(afterComing.vicidial).toMatchObject({ phones: [adasNumber, gracesNumber], leads: ['7', '8'] });
    expect((await lastWishes(store, id)).five9).toMatchObject({ phones: [adasNumber, adasOtherNumber, gracesNumber] });
    expect(await store.isOptedOut(adasOtherNumber)).toBe(true);
  });

  it('plans a call anew only while a lead asks for it', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    const rows = (await store.writeBacksOf(id)).length;

    await store.saveLeads([ada({ key: '9', phones: [gracesNumber] })], later);

    expect(await store.writeBacksOf(id)).toHaveLength(rows);
    expect(await store.replan({ now: later })).toBe(0);
  });

  it('lists a switchboard, leaves its leads alone, and shows that', async () => {
    const store = await database.open();
    const colleagues = Array.from({ length: 21 }, (_, index) =>
      ada({ key: String(100 + index), phones: [switchboard, `+1312555${1000 + index}`] }),
    );
    await store.saveLeads([...colleagues, ada({ phones: [switchboard, adasOtherNumber] })], noon);

    const { call } = await record(
      store,
      entry([callerCode('V1')], 'registered:V1', registration(legOf('V1', { phone: switchboard }))),
      entry([callerCode('V1')], 'commit', committed('opt_out')),
    );
    await store.replan({ correlationIds: [call.correlationId], now: later });

    expect((await lastWishes(store, call.correlationId)).vicidial).toMatchObject({
      phones: [adasOtherNumber, switchboard],
      leads: ['7'],
    });
    expect(await store.attention({ kind: 'shared-number', limit: 5 })).toMatchObject([
      { correlationId: call.correlationId, count: 1, details: { numbers: switchboard } },
    ]);
  });

  it('leaves a number on the lists that another call opted out, when one opt-out is undone', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    await record(
      store,
      entry([callerCode('V2')], 'registered:V2', registration(legOf('V2', { phone: adasOtherNumber, leadKey: '' }))),
    );
    await store.saveLeads([ada({ phones: [adasNumber], changedAt: later })], later);
    await record(store, entry([callerCode('V2')], 'commit', committed('opt_out')));
    for (const dialer of ['vicidial', 'five9']) {
      await store.settleWriteBacks((await claim(store, { dialer })).map((row) => settlement(row)));
    }

    const undo = { kind: 'opt-out-undone', by: 'operator-1', why: '' } as const;
    await record(store, entry([ours(id)], 'undo', undo, { at: later, source: 'operator:one' }));

    expect((await lastWishes(store, id)).vicidial).toMatchObject({ phones: [adasNumber], listed: false });
    expect(await store.isOptedOut(adasOtherNumber)).toBe(true);
  });

  it('reaches a dialer that comes later, and takes nothing off the lists of one that is away from the configuration', async () => {
    const only = (...ids: string[]) => ({
      rules: { ...rules, dialers: Object.fromEntries(ids.map((id) => [id, rules.dialers[id] ?? allOf('dnc')])) },
    });
    const first = await database.open(only('vicidial', 'five9'));
    const id = await callWithOutcome(first, 'V1', 'opt_out');
    for (const dialer of ['vicidial', 'five9']) {
      await first.settleWriteBacks((await claim(first, { dialer })).map((row) => settlement(row)));
    }
    await first.close();

    const store = await database.open(only('vicidial', 'convoso'));
    await store.replan({ correlationIds: await store.optedOutCalls(), now: later });

    const rows = (await store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'dnc');
    expect(rows.map(({ dialer, state }) => `${dialer} ${state}`).sort()).toEqual([
      'convoso pending',
      'five9 confirmed',
      'vicidial confirmed',
    ]);
  });

  it('runs the clocks of an opt-out of which no number can be read, until one is known', async () => {
    const store = await database.open();
    const nameless = legOf('V1', { phone: '', number: '42', leadKey: '7' });
    const { call } = await record(
      store,
      entry([callerCode('V1')], 'registered:V1', registration(nameless)),
      entry([callerCode('V1')], 'commit', committed('opt_out')),
    );

    const open = await store.toldOptOuts({ isOpen: true, limit: 5 });
    const standing = await store.optedOutCalls({ isOpen: true });
    await store.saveLeads([ada()], later);
    await store.replan({ now: later });

    expect([open.map(({ correlationId, phones }) => [correlationId, phones]), standing]).toEqual([
      [[call.correlationId, []]],
      [call.correlationId],
    ]);
    expect(open[0]?.writeBacks.map(({ state }) => state)).toEqual(['held', 'held']);
    expect(await store.toldOptOuts({ limit: 5 })).toMatchObject([{ phones: [adasNumber, adasOtherNumber] }]);
    expect((await lastWishes(store, call.correlationId)).five9).toMatchObject({
      phones: [adasNumber, adasOtherNumber],
    });
    expect(await store.optOuts('', 5)).toHaveLength(2);
  });

  it('blocks the numbers that a conversation can be of, writes nothing, and then obeys the call that it is', async () => {
    const store = await database.open();
    const conversation = platformCall('c1');
    const { call: shell } = await record(
      store,
      entry([conversation], 'possible', possibleNumbersNote([adasNumber, gracesNumber])),
      entry([conversation], 'analysed', { kind: 'analysed', outcome: 'opt_out', summary: '', fields: {} }),
    );

    const blocked = [await store.isOptedOut(adasNumber), await store.isOptedOut(gracesNumber)];
    const waiting = await store.writeBacksOf(shell.correlationId);
    const [told] = await store.toldOptOuts({ isOpen: true, limit: 5 });
    await record(store, registered('V1'));
    const matched = { kind: 'matched', by: 'operator' } as const;
    const { call } = await record(store, entry([callerCode('V1'), conversation], 'matched', matched));

    expect([blocked, waiting.map(({ state }) => state)]).toEqual([
      [true, true],
      ['held', 'held'],
    ]);
    expect(told).toMatchObject({ correlationId: shell.correlationId, phones: [gracesNumber, adasNumber].sort() });
    expect((await lastWishes(store, call.correlationId)).vicidial).toMatchObject({ phones: [adasNumber] });
    expect([await store.isOptedOut(adasNumber), await store.isOptedOut(gracesNumber)]).toEqual([true, false]);
    expect((await store.writeBacks({ limit: 50 })).filter(({ state }) => state === 'held')).toEqual([]);
  });
}

const allOf = (...aspects: Aspect[]) => ({ aspects, campaigns: {} });

/** What each dialer's DNC lists shall hold for a call at last. */
async function lastWishes(store: Store, id: string): Promise<Record<string, Desired>> {
  const rows = await store.writeBacksOf(id);
  const wishes = rows.filter(({ aspect, state }) => aspect === 'dnc' && state !== 'superseded');
  return Object.fromEntries(wishes.map(({ dialer, desired }) => [dialer, desired]));
}
