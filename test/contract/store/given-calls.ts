import { expect, it } from 'vitest';
import { callerCode, entry, legOf, noon, record, registered, registration } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const span = { from: '2026-11-21T11:00:00.000Z', before: '2026-11-21T13:00:00.000Z' };
const query = { dialer: 'vicidial', ...span, platforms: ['sigmamind'], silentMs: 120_000 };
const at = (sec: number) => new Date(Date.parse(noon) + sec * 1000).toISOString();

/** What the autopilot judges the AI by. */
export function itTellsOfGivenCalls(subject: StoreUnderTest): void {
  it('tells of the calls that a dialer gave to the AI, the newest first, and when each was heard of', async () => {
    const store = await subject.open();
    const received = (sec: number) => ({ at: at(sec), receivedAt: at(sec) });
    await record(store, registered('V1', received(0)));
    await record(store, entry([callerCode('V1')], 'started:1', { kind: 'started' }, received(2)));
    await record(store, registered('V2', received(60)));
    const elsewhere = { ...registration(legOf('V3')), route: 'skill', reason: 'ai_unwell' };
    await record(store, entry([callerCode('V3')], 'registered:V3', elsewhere, { source: 'vicidial', ...received(90) }));

    const calls = await store.givenCalls(query);
    expect(calls).toMatchObject([
      { givenAt: Date.parse(at(60)), heardAt: null, eventAt: null, firstWordMs: null },
      { givenAt: Date.parse(noon), heardAt: Date.parse(at(2)), eventAt: Date.parse(at(2)), firstWordMs: 2000 },
    ]);
    expect(await store.givenCalls({ ...query, before: at(30) })).toHaveLength(1);
    expect(await store.givenCalls({ ...query, dialer: 'five9' })).toEqual([]);
  });
}
