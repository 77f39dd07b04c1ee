import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { correlationRef } from '../../../src/domain/connector.ts';
import type { Dialling, DialRequest } from '../../../src/domain/dialling.ts';
import type { StoredFact } from '../../../src/domain/fact.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import { readDialState } from '../../../src/flows/dial/dial-notes.ts';
import { createDialling } from '../../../src/flows/dial/dialling.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-20T17:00:00.000Z';
const lead = (key: string): Lead => ({
  dialer: 'carousel',
  key,
  list: 'people',
  campaign: 'Autumn',
  phones: [`+1303555${key.padStart(4, '0')}`],
  fields: { first_name: 'Ada' },
  changedAt: noon,
});
const request = (key: string, more: Partial<DialRequest> = {}): DialRequest => ({
  lead: lead(key),
  purpose: 'Autumn',
  batch: 'Autumn',
  at: noon,
  callerId: '+13035550100',
  agent: 'agent_1',
  ...more,
});

let server: MadeUpServer;
let folder: string;
let one: OpenDeps;
let dialling: Dialling;

beforeEach(async () => {
  server = await startMadeUpServer([]);
  folder = mkdtempSync(join(tmpdir(), 'patchbay-dialling-'));
  one = await openDeps({ folder, url: server.url });
  dialling = createDialling(() => one.deps, 'sigmamind');
});

afterEach(async () => {
  await one.close();
  await server.stop();
});

it('lets one of many dial: every other is in doubt, whichever process asks', async () => {
  const other = await openDeps({ folder, url: server.url });
  const beside = createDialling(() => other.deps, 'sigmamind');

  const claims = await Promise.all([dialling, beside, dialling, beside].map((each) => each.claim([request('7')])));

  expect(
    claims
      .flat()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['in-doubt', 'in-doubt', 'in-doubt', 'ready']);
  expect(new Set(claims.flat().map((claim) => claim.kind !== 'refused' && claim.correlationId)).size).toBe(1);
  await other.close();
});

it('gives a call the same ID again after it was not placed, and none after it was', async () => {
  const [first] = await dialling.claim([request('7')]);
  if (first?.kind !== 'ready') throw new Error('the first claim is free');
  await dialling.settle([{ correlationId: first.correlationId, attempt: 1, isPlaced: false, why: 'refused' }]);
  const [second] = await dialling.claim([request('7')]);
  await dialling.settle([{ correlationId: first.correlationId, attempt: 2, isPlaced: true, callKey: 'call_1' }]);
  const [third] = await dialling.claim([request('7')]);

  expect(first).toMatchObject({
    phone: '+13035550007',
    variables: { lead_id: '7', correlation_id: first.correlationId },
  });
  expect(second).toMatchObject({ kind: 'ready', attempt: 2, correlationId: first.correlationId });
  expect(third).toEqual({ kind: 'dialled', correlationId: first.correlationId });
  const call = await one.deps.store.callByRef({ instance: 'sigmamind', kind: 'call-id', key: 'call_1' });
  expect(call).toMatchObject({ correlationId: first.correlationId, leadKey: '7', campaign: 'Autumn', route: 'dial' });
  const [registered] = await one.deps.store.factsOf(first.correlationId);
  expect(registered?.body).toMatchObject({
    via: 'dialled',
    evidence: { callerId: '+13035550100', agentVersion: 'agent_1' },
  });
});

it('calls a lead again for another purpose, and not while its call is heard of', async () => {
  const [first] = await dialling.claim([request('7')]);
  if (first?.kind !== 'ready') throw new Error('the first claim is free');
  const refs = [correlationRef(first.correlationId)];
  const ended = { kind: 'ended', outcome: 'busy', reason: 'busy' } as const;
  await recordFacts(one.deps, [{ refs, source: 'sigmamind', key: 'end', at: noon, body: ended }], { budgetMs: 2000 });

  const [again, other] = await dialling.claim([request('7'), request('7', { purpose: 'Winter' })]);

  expect(again).toMatchObject({ kind: 'dialled' });
  expect(other).toMatchObject({ kind: 'ready', attempt: 1 });
});

it('does not call who opted out on another number', async () => {
  const other = '+17205550107';
  const leg = {
    ...{ dialer: 'carousel', callKey: 'mu-1', campaign: 'Autumn', list: '', leadKey: '99', number: other },
  };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-1' }];
  const told = { refs, source: 'carousel', at: noon };
  const where = { leg: { ...leg, phone: other, agent: '', calledAt: noon }, route: 'ai', reason: '', fields: {} };
  const registered = { kind: 'registered', via: 'register', ...where } as const;
  const committed = { kind: 'committed', outcome: 'opt_out', summary: '', fields: {} } as const;
  await recordFacts(
    one.deps,
    [
      { ...told, key: 'a', body: registered },
      { ...told, key: 'b', body: committed },
    ],
    { budgetMs: 2000 },
  );
  const ada = { ...lead('7'), phones: ['+13035550007', other] };

  expect(await dialling.claim([request('7', { lead: ada })])).toEqual([{ kind: 'refused', reason: 'opt_out' }]);
});

it('asks about calling hours at the time of the call, not of the command', async () => {
  const { settings } = one.deps;
  const strict = { ...one.deps, settings: { ...settings, gate: { ...settings.gate, isHoursChecked: true } } };
  const dialling = createDialling(() => strict, 'sigmamind');
  const [tenInDenver, oneAtNight] = ['2026-11-20T17:00:00.000Z', '2026-11-20T08:00:00.000Z'] as const;

  const claims = await dialling.judge([request('7', { at: tenInDenver }), request('8', { at: oneAtNight })]);

  expect(claims).toMatchObject([{ kind: 'ready' }, { kind: 'refused', reason: 'outside_hours' }]);
});

it('keeps the ID of a call that is scheduled until after its time', async () => {
  const at = new Date(one.deps.clock.now() + 5 * 86_400_000).toISOString();

  const [claim] = await dialling.claim([request('7', { at })]);

  const call = await one.deps.store.callById(claim?.kind === 'ready' ? claim.correlationId : '');
  expect((call?.expiresAt ?? '') > at).toBe(true);
});

it('writes nothing when it only looks, and takes the dialer’s word', async () => {
  server.dnc.add('+13035550008');

  const claims = await dialling.judge([request('7'), request('8')]);
  const again = await dialling.claim([request('7'), request('8')]);

  expect(claims).toMatchObject([{ kind: 'ready' }, { kind: 'refused', reason: 'on its list' }]);
  expect(again).toMatchObject([{ kind: 'ready', attempt: 1 }, { kind: 'refused' }]);
});

it('lets nobody dial while the store takes nothing, or the dialer can not be asked', async () => {
  const lock = new DatabaseSync(join(folder, 'store.sqlite'));
  lock.exec('begin immediate');
  await expect(dialling.claim([request('7')])).rejects.toMatchObject({ code: 'store_away' });
  lock.exec('rollback');
  lock.close();

  server.failNext('down', 5);
  await expect(dialling.claim([request('8')])).rejects.toMatchObject({ code: 'dialer_away' });
}, 20_000);

it('reads the same state out of notes in any order', () => {
  const notes = ['dialling:1', 'not-dialled:1', 'dialling:2', 'dialled:2'].map((key) => factOf(key));

  fc.assert(
    fc.property(fc.shuffledSubarray(notes), (facts) => {
      const keys = facts.map(({ key }) => key);
      const state = readDialState('sigmamind', facts);
      const inOrder = [...facts].sort((a, b) => (a.key < b.key ? -1 : 1));
      expect(state).toEqual(readDialState('sigmamind', inOrder));
      if (keys.includes('dialling:1') && !keys.includes('not-dialled:1') && !keys.includes('dialling:2')) {
        expect(state).toMatchObject({ kind: 'in-doubt', attempt: 1, batch: 'Autumn' });
      }
      if (keys.length === notes.length) expect(state).toEqual({ kind: 'dialled' });
    }),
  );
});

function factOf(key: string): StoredFact {
  const body = { kind: 'noted', event: key.split(':')[0] ?? '', text: 'Autumn' } as const;
  return { correlationId: 'c', source: 'sigmamind', key, at: noon, receivedAt: noon, body };
}
