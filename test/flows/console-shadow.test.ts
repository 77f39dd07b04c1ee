import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shadowRoom } from '../../src/console/pages/shadow/shadow-room.ts';
import { writeBacksRoom } from '../../src/console/pages/write-backs/write-backs-room.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import type { Role } from '../../src/domain/roles.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const now = '2026-03-02T16:00:00.000Z';

let open: OpenDeps;
let server: MadeUpServer;

beforeEach(async () => {
  server = await startMadeUpServer([{ key: '42', number: '3125550142', name: 'Ada', values: {} }]);
  const clock = { now: () => Date.parse(now), sleep: async () => undefined };
  open = await openDeps({ url: server.url, clock, campaigns: { Winter: { dispositions: { sale: 'sold' } } } });
});
afterEach(async () => {
  await open.close();
  await server.stop();
});

const as = (role: Role) => request(openConsole(open.deps, { rooms: [shadowRoom, writeBacksRoom], role }));
const send = (path: string, fields: object, role: Role = 'admin') =>
  as(role).post(`/console/${path}`).type('form').send(fields);
async function page(role: Role = 'viewer', query = ''): Promise<string> {
  const { text } = await as(role).get(`/console/shadow${query}`).expect(200);
  return text
    .slice(text.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

async function soldTo(leadKey: string, { campaign = 'Autumn', callKey = 'mu-1' } = {}): Promise<string> {
  const leg = { dialer: 'carousel', callKey, campaign, list: '', leadKey, agent: '', number: '' };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: callKey }];
  const sighting = { refs, leg: { ...leg, phone: '+13125550142', calledAt: now }, fields: {} };
  const { correlationId: id } = await registerCall(open.deps, open.dialer, sighting, 'register', 5000);
  const body = { kind: 'committed', outcome: 'sale', summary: '', fields: {} } as const;
  await recordFacts(
    open.deps,
    [{ refs: [correlationRef(id)], source: 'mind', key: `sold ${callKey}`, at: now, body }],
    {
      budgetMs: 5000,
    },
  );
  return id;
}

it('an admin decides a stage, everybody sees it, and it is on the record', async () => {
  const decided = await send('shadow/stage', {
    dialer: 'carousel',
    campaign: 'Autumn',
    percent: '0',
    why: 'first day',
  });

  expect([decided.status, decided.headers.location]).toEqual([303, expect.stringContaining('/console/shadow')]);
  expect(await page()).toMatch(/carousel Autumn shadow .* for carousel \/ Autumn first day/);
  expect((await send('shadow/lift', { dialer: 'carousel', campaign: 'Autumn' }, 'operator')).status).toBe(403);
  await send('shadow/lift', { dialer: 'carousel', campaign: 'Autumn' });
  expect(await page()).toMatch(/carousel Autumn all by the configuration/);
  expect((await open.deps.store.auditLog(9)).map(({ act }) => act).sort()).toEqual(['stage-lifted', 'stage-set']);
});

it('a stage of a campaign that no configuration names holds, and is doubted', async () => {
  const { headers } = await send('shadow/stage', { campaign: ' Atumn ', percent: '0', why: 'first day' });
  const notice = /patchbay-notice=([^.;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '';

  const said = JSON.parse(Buffer.from(notice, 'base64url').toString());
  expect(said).toEqual(['warn', expect.stringContaining('Is Autumn meant?')]);
  expect(open.deps.controls.now().all).toMatchObject([{ kind: 'stage', scope: { campaign: 'Atumn' } }]);
});

it.each([
  { percent: '101', why: 'x' },
  { percent: '10', why: '' },
  { percent: '10', why: 'x', dialer: 'nobody' },
  { percent: '10', why: 'x', aspect: 'dnc' },
  { percent: '10', why: 'x', aspect: 'all' },
])('decides nothing by %j', async (fields) => {
  await send('shadow/stage', fields);

  expect(open.deps.controls.now().all).toEqual([]);
});

it('finds what is of a campaign behind pages that are of others', async () => {
  await send('shadow/stage', { percent: '0', why: 'first day' });
  await soldTo('42', { campaign: 'Winter', callKey: 'mu-0' });
  for (let call = 1; call <= 26; call += 1) await soldTo('42', { callKey: `mu-${call}` });

  expect(await page('viewer', '?campaign=Winter')).toMatch(/Winter 42 sold/);
  expect(await page('viewer', '?campaign=Summer')).toContain('no call of this choice ran in shadow');
});

it('shows what would be written beside what the dialer holds, and has it written on demand', async () => {
  await send('shadow/stage', { percent: '0', why: 'first day' });
  const id = await soldTo('42');
  const [row] = await open.deps.store.writeBacksOf(id);

  const before = await page();
  const shown = await as('operator').get('/console/write-backs?view=shadow').expect(200);
  const preview = await send('write-backs/chosen', { id: row?.id, do: 'replay' }, 'operator');
  const mark = /name="mark" value="([^"]+)"/.exec(preview.text)?.[1] ?? '';
  await send('write-backs/replay', { id: row?.id, mark }, 'operator').expect(303);

  expect(before).toMatch(/disposition on carousel .* Autumn 42 sold for sale not known would change it/);
  expect(shown.text).toContain('shown</span>');
  expect(shown.text).not.toContain('All dead and refused');
  expect((await open.deps.store.writeBacksOf(id)).map(({ state }) => state)).toEqual(['superseded', 'pending']);
});
