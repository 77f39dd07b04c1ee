import { expect, it } from 'vitest';
import type { Call } from '../../../src/domain/call.ts';
import {
  callerCode,
  callWithOutcome,
  committed,
  entry,
  five9Call,
  freshId,
  later,
  legOf,
  noon,
  ours,
  platformCall,
  record,
  registered,
  registration,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

export function itRecords(database: StoreUnderTest): void {
  it('registers a call once, whoever asks again', async () => {
    const store = await database.open();

    const first = await record(store, registered('V1'));
    const again = await record(store, registered('V1'));

    expect([first.isAdded, again.isAdded]).toEqual([true, false]);
    expect(again.call).toEqual(first.call);
    expect(first.call).toMatchObject({ dialer: 'vicidial', campaign: 'SPRING', leadKey: '7', isRegistered: true });
    expect(await store.callByRef(callerCode('V1'))).toEqual(first.call);
    expect(await store.callById(first.call.correlationId)).toEqual(first.call);
  });

  it('makes one call of many registrations at once, in two processes', async () => {
    const [one, two] = [await database.open(), await database.open()];

    const results = await Promise.all([one, two, one, two, one, two].map((store) => record(store, registered('V1'))));

    expect(new Set(results.map((result) => result.call.correlationId)).size).toBe(1);
    expect(results.filter((result) => result.isAdded)).toHaveLength(1);
  });

  it('keeps names apart that differ in case only', async () => {
    const store = await database.open();

    const upper = await record(store, registered('V1'));
    const lower = await record(store, registered('v1'));

    expect(lower.call.correlationId).not.toBe(upper.call.correlationId);
  });

  it('keeps a key that is longer than its column, and finds the call by it', async () => {
    const store = await database.open();
    const long = `${'k'.repeat(400)}é`;

    const { call } = await record(
      store,
      registered('V1'),
      entry([callerCode('V1'), platformCall(long)], long, { kind: 'started' }),
    );

    expect((await store.callByRef(platformCall(long)))?.correlationId).toBe(call.correlationId);
    expect(await store.callByRef(platformCall(`${long}x`))).toBeNull();
  });

  it('keeps text of any script as it came', async () => {
    const store = await database.open();
    const summary = 'Größe 日本 👩‍🚀 \\ \' " %_';

    const { call } = await record(
      store,
      registered('V1'),
      entry([callerCode('V1')], 'commit', { kind: 'committed', outcome: 'sale', summary, fields: {} }),
    );

    expect(call.outcome?.summary).toBe(summary);
    expect((await store.callById(call.correlationId))?.outcome?.summary).toBe(summary);
  });

  it('plans write-backs with the outcome and shows both', async () => {
    const store = await database.open();

    const id = await callWithOutcome(store, 'V1', 'sale');

    const rows = await store.writeBacksOf(id);
    expect(rows.map((row) => [row.aspect, row.state, row.revision])).toEqual([
      ['disposition', 'pending', 1],
      ['fields', 'pending', 1],
    ]);
    expect(rows[0]?.desired).toEqual({ aspect: 'disposition', disposition: 'SALE', outcome: 'sale' });
    expect((await store.callsWithOutcome([id, freshId()])).map((call) => call.outcome?.code)).toEqual(['sale']);
    expect(await store.countWriteBacks()).toEqual([
      { dialer: 'vicidial', state: 'pending', count: 2, oldestDueAt: noon },
    ]);
    expect((await store.factsOf(id)).map((fact) => fact.body.kind).sort()).toEqual(['committed', 'registered']);
  });

  it('replaces a waiting wish when a stronger fact comes', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');

    await record(store, entry([ours(id)], 'commit:2', committed('not_interested'), { at: later }));

    const rows = (await store.writeBacksOf(id)).filter((row) => row.aspect === 'disposition');
    expect(rows.map((row) => row.state)).toEqual(['superseded', 'pending']);
  });

  it('holds what has no mapping, and plans it when the mapping is there', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'qualified');
    const held = (await store.writeBacksOf(id)).find((row) => row.aspect === 'disposition');
    const { rules } = await import('./store-cast.ts');
    const spring = { dispositions: { qualified: 'QUAL' }, fields: { comments: 'summary' } };
    const mended = await database.open({
      rules: {
        ...rules,
        dialers: { ...rules.dialers, vicidial: { aspects: ['disposition', 'fields'], campaigns: { SPRING: spring } } },
      },
    });

    const changed = await mended.replan({ now: noon });

    expect(held?.state).toBe('held');
    expect(changed).toBe(1);
    const rows = (await store.writeBacksOf(id)).filter((row) => row.aspect === 'disposition');
    expect(rows.map((row) => row.state)).toEqual(['superseded', 'pending']);
    expect(await mended.replan({ now: noon })).toBe(0);
  });

  it('gives a shell its own ID, and the late registration finds it', async () => {
    const store = await database.open();
    const announced = freshId();

    const shell = await record(store, entry([ours(announced)], 'commit', committed('sale')));
    const late = await record(store, registered('V1', { freshId: announced, isAnnounced: true }));

    expect(shell.call).toMatchObject({ correlationId: announced, isRegistered: false });
    expect(late.call).toMatchObject({ correlationId: announced, isRegistered: true });
    expect((await store.writeBacksOf(announced)).length).toBeGreaterThan(0);
  });

  it('lets an announced ID be a further name of a call that was known', async () => {
    const store = await database.open();
    const announced = freshId();
    const { call } = await record(store, registered('V1'));

    await record(store, registered('V1', { freshId: announced, isAnnounced: true }));

    expect((await store.callById(announced))?.correlationId).toBe(call.correlationId);
    await record(store, entry([ours(announced)], 'commit', committed('sale')));
    expect((await store.callsWithOutcome([announced])).map((found) => found.correlationId)).toEqual([announced]);
  });

  it('merges a shell into the registered call when a fact names both', async () => {
    const store = await database.open();
    const shell = await record(store, entry([platformCall('p1')], 'commit', committed('sale')));
    const { call } = await record(store, registered('V1'));

    const merged = await record(store, entry([callerCode('V1'), platformCall('p1')], 'started', { kind: 'started' }));

    expect(merged.call).toMatchObject({ correlationId: call.correlationId, outcome: { code: 'sale' } });
    expect((await store.callById(shell.call.correlationId))?.correlationId).toBe(call.correlationId);
    expect(await store.factsOf(call.correlationId)).toHaveLength(3);
    expect((await store.writeBacksOf(call.correlationId)).length).toBeGreaterThan(0);
  });

  it('never merges two registered calls: the strongest name wins, the others stay', async () => {
    const store = await database.open();
    const one = await record(store, registered('V1'));
    const two = await record(store, registered('V2'));

    const result = await record(store, entry([callerCode('V2'), callerCode('V1')], 'commit', committed('sale')));

    expect(result.call.correlationId).toBe(two.call.correlationId);
    expect((await store.callByRef(callerCode('V1')))?.correlationId).toBe(one.call.correlationId);
    expect((await store.callById(one.call.correlationId))?.outcome).toBeNull();
  });

  it('leaves a correlation ID out that can not be ours', async () => {
    const store = await database.open();
    const { call } = await record(store, registered('V1'));

    const result = await record(store, entry([ours('not-an-id'), callerCode('V1')], 'started', { kind: 'started' }));

    expect(result.call.correlationId).toBe(call.correlationId);
    expect(await store.refsOf(call.correlationId)).toEqual([ours(call.correlationId), callerCode('V1')]);
  });

  it('keeps the legs of two dialers under one call', async () => {
    const store = await database.open();
    const { call } = await record(store, registered('V1'));
    const leg = legOf('F1', { dialer: 'five9', campaign: 'Spring', calledAt: later });

    await record(store, entry([ours(call.correlationId), five9Call('F1')], 'registered:F1', registration(leg)));
    const result = await record(store, entry([five9Call('F1')], 'commit', committed('sale')));

    expect(result.call).toMatchObject({ correlationId: call.correlationId, dialer: 'vicidial' });
    const rows = await store.writeBacksOf(call.correlationId);
    expect(rows.filter((row) => row.aspect === 'disposition').map((row) => row.dialer)).toEqual(['five9', 'vicidial']);
  });

  it('finds the registered calls of a number, newest first', async () => {
    const store = await database.open();
    await record(
      store,
      registered('V1', { receivedAt: '2026-11-21T11:00:00.000Z' }),
      registered('V2'),
      registered('V3', { receivedAt: later }),
    );

    const calls = await store.callsByPhone('+13125550100', noon);

    expect(calls.map((call) => call.registeredAt)).toEqual([later, noon]);
  });

  it("finds a campaign's latest calls, all or those that have no outcome", async () => {
    const store = await database.open();
    await record(store, registered('V1', { receivedAt: '2026-11-21T11:00:00.000Z' }), registered('V2'));
    await record(store, registered('V3', { receivedAt: later }), entry([callerCode('V3')], 'end', committed('sale')));
    const { dialer, campaign } = (await store.callsByPhone('+13125550100', noon))[0] as Call;

    const open = await store.openCalls({ dialer, campaign, since: noon });
    const others = await store.openCalls({ dialer, campaign: 'another', since: noon });

    const all = await store.callsOfCampaign({ dialer, campaign, since: noon });

    expect(open.map((call) => call.registeredAt)).toEqual([noon]);
    expect(others).toEqual([]);
    expect(all.map((call) => call.registeredAt)).toEqual([later, noon]);
  });

  it("finds a dialer's registered calls of a span of time, oldest first", async () => {
    const store = await database.open();
    const before = '2026-11-21T11:00:00.000Z';
    await record(
      store,
      registered('V1', { receivedAt: before }),
      registered('V2'),
      registered('V3', { receivedAt: later }),
    );
    await record(store, entry([{ instance: 'vicidial', kind: 'caller-code', key: 'V9' }], 'commit', committed('sale')));

    const found = await store.callsRegistered({ dialer: 'vicidial', from: before, before: later });
    const others = await store.callsRegistered({ dialer: 'five9', from: before, before: later });

    expect(found.map((call) => call.registeredAt)).toEqual([before, noon]);
    expect(others).toEqual([]);
  });

  it('writes everything again in the drill that switches idempotency off', async () => {
    const store = await database.open({ ignoresIdempotency: true });
    const id = await callWithOutcome(store, 'V1', 'sale');

    await record(store, entry([ours(id)], 'commit:sale', committed('sale')));

    const rows = (await store.writeBacksOf(id)).filter((row) => row.aspect === 'disposition');
    expect(rows.map((row) => [row.revision, row.state])).toEqual([
      [1, 'pending'],
      [2, 'pending'],
    ]);
  });
}
