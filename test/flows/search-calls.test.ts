import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call } from '../../src/domain/call.ts';
import { searchCalls } from '../../src/flows/search-calls.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

let patchbay: TestApp;
let ada: Call;
let grace: Call;

beforeAll(async () => {
  patchbay = await startTestApp({
    registry: { dialers: [madeUp], platforms: [] },
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:9' } },
    config: { platforms: {} },
  });
  ada = await called('C-1', 'r1', '+12125550142', 'agent_1');
  grace = await called('C-2', 'r2', '+12125550177', 'agent_1');
});
afterAll(() => patchbay.stop());

it.each([
  ['an ID of ours', () => ada.correlationId, 'name'],
  ["a dialer's own name of the call", () => 'C-1', 'name'],
  ['a number as people write it', () => '(212) 555-0142', 'phone'],
  ['a number with blanks around it', () => ' +1 212 555 0142 ', 'phone'],
  ["the lead's key", () => 'r1', 'lead'],
])('finds a call by %s', async (_, text, readAs) => {
  const answer = await searchCalls(patchbay.app.deps, { text: text(), limit: 10 });

  expect(answer).toMatchObject({ readAs, calls: [{ correlationId: ada.correlationId }], next: null });
});

it('finds calls by the agent, newest first, page by page', async () => {
  const first = await searchCalls(patchbay.app.deps, { text: 'agent_1', limit: 1 });
  const second = await searchCalls(patchbay.app.deps, { text: 'agent_1', limit: 1, after: first.next ?? '' });

  expect([...first.calls, ...second.calls].map(({ correlationId }) => correlationId)).toEqual([
    grace.correlationId,
    ada.correlationId,
  ]);
  expect([first.readAs, second.readAs, second.next]).toEqual(['agent', 'agent', null]);
});

it('says that nothing is there, and takes no place that is none', async () => {
  const { deps } = patchbay.app;

  expect(await searchCalls(deps, { text: 'nobody', limit: 10 })).toMatchObject({ calls: [], readAs: '', next: null });
  expect((await searchCalls(deps, { phone: 'no number', limit: 10 })).calls).toEqual([]);
  expect((await searchCalls(deps, { after: "x' or 1=1", limit: 10 })).calls).toHaveLength(2);
  expect((await searchCalls(deps, { outcome: 'none', limit: 10 })).calls).toHaveLength(2);
});

async function called(callKey: string, leadKey: string, phone: string, agent: string): Promise<Call> {
  const { deps } = patchbay.app;
  const now = new Date(deps.clock.now()).toISOString();
  const leg = {
    ...{ dialer: 'carousel', callKey, campaign: 'Spring', list: '', leadKey, number: phone.slice(2), phone },
    ...{ agent: '', calledAt: now },
  };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: callKey }];
  const bodies = [
    { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} },
    { kind: 'started', agent },
  ] as const;
  const facts = bodies.map((body) => ({
    fact: { refs, source: 'carousel', key: `${body.kind}:${callKey}`, at: now, body },
    ...{ receivedAt: now, freshId: `0000000000000${callKey.at(-1)}`, isAnnounced: false, expiresAt: now },
  }));
  const results = await deps.store.recordFacts({ facts, now });
  const call = results.at(-1)?.call;
  if (!call) throw new Error('nothing was recorded');
  return call;
}
