import { expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import {
  ada,
  adasNumber,
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
  registration,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const bensNumber = '+13125550150';

export function itKeepsEvidence(database: StoreUnderTest): void {
  it('gives opt-outs with what was written of them: the open ones, those of a number, those of a span in pages', async () => {
    const store = await database.open();
    const first = await callWithOutcome(store, 'V1', 'opt_out');
    const second = await bensOptOut(store);
    await confirmAll(store, first);

    const span = { from: noon, before: '2026-11-21T13:00:00.000Z' };
    const page = await store.toldOptOuts({ ...span, after: { toldAt: '', correlationId: '' }, limit: 1 });
    const next = await store.toldOptOuts({ ...span, after: page[0] ?? { toldAt: '', correlationId: '' }, limit: 5 });

    expect(idsOf(await store.toldOptOuts({ limit: 5 }))).toEqual([second, first]);
    expect(idsOf(await store.toldOptOuts({ isOpen: true, limit: 5 }))).toEqual([second]);
    expect(await store.toldOptOuts({ phone: adasNumber, limit: 5 })).toMatchObject([
      { correlationId: first, source: 'sigmamind', toldAt: noon, phones: [adasNumber], isUndone: false },
    ]);
    expect([idsOf(page), idsOf(next)]).toEqual([[first], [second]]);
    expect(await store.toldOptOuts({ from: '2026-11-22T00:00:00.000Z', limit: 5 })).toEqual([]);
    expect(page[0]?.writeBacks.map(({ dialer, state }) => `${dialer} ${state}`).sort()).toEqual([
      'five9 confirmed',
      'vicidial confirmed',
    ]);
  });

  it('gives the calls of a dialer in pages, each once', async () => {
    const store = await database.open();
    const ids = [];
    for (const key of ['V1', 'V2', 'V3']) ids.push(await callWithOutcome(store, key));

    const pages = [];
    let after = { at: noon, correlationId: '' };
    for (let page = await read(store, after); page.length > 0; page = await read(store, after)) {
      pages.push(page.length);
      const last = page.at(-1);
      after = { at: last?.registeredAt ?? '', correlationId: last?.correlationId ?? '' };
    }

    expect(await store.dialersOfCalls()).toEqual(['vicidial']);
    expect(pages).toEqual([2, 1]);
    expect(ids).toHaveLength(3);
  });

  it('erases a call without a trace', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);
    const id = await callWithOutcome(store, 'V1', 'sale');
    await record(store, entry([callerCode('V1'), platformCall('p-1')], 'ended', ended));

    const held = await store.heldOfPerson(adasNumber);
    const what = await store.eraseCall({ ...operator, correlationId: id });
    await store.eraseLeads({ phone: adasNumber });

    expect([held.callIds, held.leads.map(({ key }) => key), what]).toEqual([[id], ['7'], 'erased']);
    expect(await store.heldOfPerson(adasNumber)).toEqual({ callIds: [], leads: [], attention: [] });
    expect([await store.callByRef(platformCall('p-1')), await store.factsOf(id)]).toEqual([null, []]);
    expect(await store.eraseCall({ ...operator, correlationId: id })).toBe('nothing');
  });

  it('erases all of an opted-out call but the evidence, writes nothing for it, and still obeys it', async () => {
    const store = await database.open();
    await store.saveLeads([ada()], noon);
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    await record(store, entry([callerCode('V1'), platformCall('p-1')], 'ended', ended));
    await confirmAll(store, id);

    const what = await store.eraseCall({ ...operator, correlationId: id });
    await store.eraseCall({ ...operator, correlationId: id });
    await store.replan({ correlationIds: [id], now: later });

    expect(what).toBe('evidence kept');
    const facts = await store.factsOf(id);
    expect(facts.map(({ body }) => body.kind).sort()).toEqual(['committed', 'erased', 'registered']);
    expect(facts.find(({ body }) => body.kind === 'committed')?.body).toMatchObject({ summary: '', fields: {} });
    expect(facts.find(({ body }) => body.kind === 'registered')?.body).toMatchObject({ fields: { first_name: 'Ada' } });
    expect((await store.writeBacksOf(id)).map(({ aspect, state }) => `${aspect} ${state}`)).toEqual([
      'dnc confirmed',
      'dnc confirmed',
    ]);
    expect(await store.callByRef(platformCall('p-1'))).toBeNull();
    expect(await store.isOptedOut(adasNumber)).toBe(true);
  });

  it('takes an undone opt-out of an erased call off the lists', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    await confirmAll(store, id);
    await store.eraseCall({ ...operator, correlationId: id });

    const undo = { kind: 'opt-out-undone', by: 'one', why: '' } as const;
    await record(store, entry([ours(id)], 'undo', undo, { at: later, source: 'operator:one' }));

    const open = (await store.writeBacksOf(id)).filter(({ state }) => state === 'pending');
    expect(open.map(({ dialer, desired }) => [dialer, 'listed' in desired && desired.listed])).toEqual([
      ['five9', false],
      ['vicidial', false],
    ]);
  });
}

const ended = { kind: 'ended', outcome: 'hung_up', reason: '', durationSec: 5 } as const;
const operator = { platforms: ['sigmamind'], names: { first_name: 'Ada' }, by: 'cli:one', now: later };

async function bensOptOut(store: Store): Promise<string> {
  const leg = legOf('V2', { phone: bensNumber, leadKey: '9' });
  const { call } = await record(
    store,
    entry([callerCode('V2')], 'registered:V2', registration(leg)),
    entry([callerCode('V2')], 'commit', committed('opt_out'), { at: '2026-11-21T12:01:00.000Z' }),
  );
  return call.correlationId;
}

async function confirmAll(store: Store, id: string): Promise<void> {
  for (const dialer of ['vicidial', 'five9']) {
    const rows = await claim(store, { dialer });
    await store.settleWriteBacks(rows.filter((row) => row.correlationId === id).map((row) => settlement(row)));
  }
}

function read(store: Store, after: { at: string; correlationId: string }) {
  return store.callsPage({ dialer: 'vicidial', before: later, after, limit: 2 });
}

function idsOf(told: readonly { correlationId: string }[]): string[] {
  return told.map(({ correlationId }) => correlationId);
}
