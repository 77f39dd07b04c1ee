import { expect, it } from 'vitest';
import { callerCode, callWithOutcome, entry, noon, platformCall, record, registered } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const later = '2026-11-21T13:00:00.000Z';

/** What needs a person, and who did what. */
export function itShowsToPeople(subject: StoreUnderTest): void {
  it('shows a thing once, however often it is told, and with its latest words', async () => {
    const store = await subject.open();
    const item = { kind: 'finding' as const, key: 'lost:ada', correlationId: 'ada', details: { held: 'SALE' } };

    await store.raiseAttention([item], noon);
    await store.raiseAttention([{ ...item, details: { held: 'NI' } }], later);

    const [shown, ...others] = await store.attention({ kind: 'finding', isOpen: true, limit: 10 });
    expect(others).toEqual([]);
    expect(shown).toMatchObject({ count: 2, details: { held: 'NI' }, firstAt: noon, lastAt: later, settledAt: null });
  });

  it('keeps settled what somebody settled', async () => {
    const store = await subject.open();
    const item = { kind: 'unknown-event' as const, key: 'conversation_paused', details: {} };
    await store.raiseAttention([item], noon);

    const settle = { kind: item.kind, key: item.key, by: 'cli:ada', settlement: 'left alone', now: later };
    expect(await store.settleAttention(settle)).toBe(true);
    expect(await store.settleAttention({ ...settle, by: 'cli:grace' })).toBe(false);
    await store.raiseAttention([item], later);

    expect(await store.attention({ kind: item.kind, isOpen: true, limit: 10 })).toEqual([]);
    const [settled] = await store.attention({ kind: item.kind, isOpen: false, limit: 10 });
    expect(settled).toMatchObject({ count: 2, settledBy: 'cli:ada', settlement: 'left alone', settledAt: later });
  });

  it('shows again what is told after it was settled, where that is another opt-out or a mending that did not help', async () => {
    const store = await subject.open();
    const optOut = { kind: 'unplaced-opt-out' as const, key: 'sigmamind:no-marks', details: {} };
    const lost = { kind: 'finding' as const, key: 'lost-again:row-1', details: {} };
    await store.raiseAttention([optOut, lost], noon);
    const word = { by: 'ada', now: later };
    await store.settleAttention({ ...word, ...optOut, settlement: 'left: listed by hand' });
    await store.settleAttention({ ...word, ...lost, settlement: 'written again' });

    await store.raiseAttention([optOut, lost], later);

    const shown = await store.attention({ isOpen: true, limit: 10 });
    expect(shown.map(({ kind }) => kind).sort()).toEqual(['finding', 'unplaced-opt-out']);
    expect(shown[0]).toMatchObject({ count: 2, settledBy: '', settlement: '', settledAt: null });
  });

  it('writes down who did what, the latest first', async () => {
    const store = await subject.open();
    await store.appendAudit({ at: noon, by: 'cli:ada', act: 'person-erase', subject: 'a1', details: { calls: '2' } });
    await store.appendAudit({ at: later, by: 'cli:ada', act: 'opt-out-undone', subject: 'b2', details: {} });

    const acts = (await store.auditLog(2)).map(({ act, details }) => [act, details]);
    expect(acts).toEqual([
      ['opt-out-undone', {}],
      ['person-erase', { calls: '2' }],
    ]);
  });

  it('keeps one transcript of a call and platform, the latest, also when the call turns out to be another', async () => {
    const store = await subject.open();
    const conversation = platformCall('call_1');
    const { correlationId } = (await record(store, entry([conversation], 'started', { kind: 'started' }))).call;
    const spoken = (text: string, keptAt = noon) => ({ correlationId, platform: 'sigmamind', spoken: text, keptAt });
    await store.keepTranscript(spoken('Agent: Hello.'));
    await store.keepTranscript(spoken('Agent: Hello, Ädä.', later));
    await record(store, registered('V1'));
    const ended = { kind: 'ended', outcome: 'hung_up', reason: '' } as const;
    const joined = await record(store, entry([callerCode('V1'), conversation], 'ended', ended));

    expect(joined.call.isRegistered).toBe(true);
    expect(await store.transcriptsOf(joined.call.correlationId)).toMatchObject([
      { platform: 'sigmamind', spoken: 'Agent: Hello, Ädä.', keptAt: later },
    ]);
    expect(await store.transcriptsOf('nobody')).toEqual([]);
  });

  it('keeps no transcript of a call that was erased', async () => {
    const store = await subject.open();
    const correlationId = await callWithOutcome(store, 'V1', 'opt_out');
    const spoken = { correlationId, platform: 'sigmamind', spoken: 'Agent: Hello.', keptAt: noon };
    await store.keepTranscript(spoken);
    await store.eraseCall({ correlationId, platforms: ['sigmamind'], names: {}, by: 'cli:ada', now: later });
    await store.keepTranscript(spoken);

    expect(await store.transcriptsOf(correlationId)).toEqual([]);
  });
}
