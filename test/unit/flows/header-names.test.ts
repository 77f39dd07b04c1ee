import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RegisteredVia } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { gatherCallPage } from '../../../src/flows/call-page.ts';
import { heldNow } from '../../../src/flows/held-now.ts';
import { registerCall } from '../../../src/flows/register-call.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const at = '2026-03-02T16:00:00.000Z';
const phone = '+13125550142';

let open: OpenDeps;
beforeAll(async () => {
  open = await openDeps({ clock: { now: () => Date.parse(at), sleep: async () => undefined } });
});
afterAll(() => open.close());

async function register(callKey: string, via: RegisteredVia, leadKey: string) {
  const leg = { dialer: 'carousel', callKey, campaign: 'Autumn', list: '', leadKey, agent: '', number: '', phone };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: callKey }];
  const registered = await registerCall(
    open.deps,
    open.dialer,
    { refs, leg: { ...leg, calledAt: at }, fields: {} },
    via,
    5000,
  );
  await open.deps.registrations.flush();
  return registered;
}

async function namesOf(id: string) {
  const facts = await open.deps.store.factsOf(id);
  return facts.flatMap(({ body }) => (body.kind === 'registered' ? [body.headers] : []));
}

it('keeps which headers a call was given, and again when it is given more', async () => {
  const { correlationId: id } = await register('mu-1', 'register', '42');
  expect(await namesOf(id)).toEqual([
    { sent: ['X-correlation_id', 'X-lead_id'], empty: ['X-first_name'], dropped: [] },
  ]);
  const lead = { dialer: 'carousel', key: '42', list: '', campaign: 'Autumn', phones: [phone], changedAt: at };
  await open.deps.store.saveLeads([{ ...lead, fields: { first_name: 'Ada' } }], at);

  const { sentHeaders } = await register('mu-1', 'register', '42');
  await register('mu-1', 'register', '42');

  expect((await namesOf(id)).map((names) => names?.empty).sort()).toEqual([[], ['X-first_name']]);
  const call = await open.deps.store.callById(id);
  const page = call && (await gatherCallPage(open.deps, call));
  expect(page?.headers).toHaveLength(sentHeaders.length);
  expect(page?.headers?.at(-1)).toEqual({
    ...{ name: 'X-first_name', variable: 'first_name', state: 'sent', value: 'Ada', isOfToday: true },
    privacy: 'personal',
  });
});

it('keeps none where the dialer is given none', async () => {
  const { correlationId: id } = await register('mu-2', 'start', '42');

  expect(await namesOf(id)).toEqual([undefined]);
});

it('asks what dialers hold within its time, and never fails', async () => {
  const target = { campaign: '', list: '', leadKey: '42', callKey: '', number: '', phone, agent: '', calledAt: at };
  const row: WriteBack = {
    ...{ id: 'w1', correlationId: 'none', dialer: 'carousel', aspect: 'disposition', revision: 1, target },
    desired: { aspect: 'disposition', disposition: 'sold', outcome: 'sale' },
    ...{ state: 'pending', dueAt: at, attempts: 0, inDoubt: false, receipt: '', why: '', hint: '' },
    ...{ createdAt: at, settledAt: null },
  };
  const deaf = { ...open.dialer, look: () => new Promise<never>(() => undefined) };
  const dialers = new Map([
    ['deaf', deaf],
    ['carousel', open.dialer],
  ]);

  const held = await heldNow(
    { dialers },
    [{ ...row, id: 'w2', dialer: 'deaf' }, row, { ...row, id: 'w3', dialer: 'gone' }],
    200,
  );

  expect([...held].sort().map(([id, state]) => [id, state.kind, state.kind === 'unknown' && state.why])).toEqual([
    ['w1', 'unknown', 'the made-up dialer did not answer'],
    ['w2', 'unknown', 'the dialer did not answer within 0.2 s'],
    ['w3', 'unknown', 'the dialer is not configured'],
  ]);
});
