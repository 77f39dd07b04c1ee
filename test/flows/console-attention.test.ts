import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attentionRoom } from '../../src/console/pages/attention/attention-room.ts';
import { auditRoom } from '../../src/console/pages/audit/audit-room.ts';
import { leadsRoom } from '../../src/console/pages/leads/leads-room.ts';
import { optOutsRoom } from '../../src/console/pages/opt-outs/opt-outs-room.ts';
import type { AttentionToRaise } from '../../src/domain/attention.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import type { Role } from '../../src/domain/roles.ts';
import { namesOfCandidates } from '../../src/flows/ambiguous-calls.ts';
import { needsAPerson } from '../../src/flows/needs-a-person.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { runSync } from '../../src/flows/run-sync.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const now = Date.parse('2026-03-02T16:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const numbers = { ada: '+13125550142', ben: '+13125550143' };
const inFull = /555-?014[23]|555 014[23]|555014[23]/;

let open: OpenDeps;
let server: MadeUpServer;
let begun: string[];

beforeEach(async () => {
  begun = [];
  server = await startMadeUpServer([
    { key: '42', number: '3125550142', name: 'Ada Lovelace', values: {} },
    { key: '43', number: '3125550143', name: 'Ben', values: {} },
  ]);
  open = await openDeps({ url: server.url, clock: { now: () => now, sleep: async () => undefined } });
});
afterEach(async () => {
  await open.close();
  await server.stop();
});

async function call(name: keyof typeof numbers, outcome?: string): Promise<string> {
  const leg = { dialer: 'carousel', callKey: `mu-${name}`, campaign: 'Autumn', list: '', agent: '', number: '' };
  const leadKey = name === 'ada' ? '42' : '43';
  const sighting = {
    refs: [{ instance: 'carousel', kind: 'call-id', key: leg.callKey }],
    leg: { ...leg, leadKey, phone: numbers[name], calledAt: at(-70) },
    fields: {},
  };
  const { correlationId } = await registerCall(open.deps, open.dialer, sighting, 'register', 5000);
  const body = { kind: 'committed', outcome: outcome ?? '', summary: '', fields: {} } as const;
  const fact = { refs: [correlationRef(correlationId)], source: 'mind', key: `commit-${name}`, at: at(0), body };
  if (outcome) await recordFacts(open.deps, [fact], { budgetMs: 5000 });
  return correlationId;
}

const sync = {
  begin: (dialer: string, how: object) => void begun.push(`${dialer} ${JSON.stringify(how)}`),
  nextAt: () => at(3600),
};
const rooms = [attentionRoom, optOutsRoom, leadsRoom, auditRoom];
const as = (role: Role) => request(openConsole(open.deps, { rooms, role, sync }));
const page = async (path: string, role: Role = 'operator') =>
  mainOf((await as(role).get(`/console/${path}`).expect(200)).text);
const send = (path: string, fields: object, role: Role = 'operator') =>
  as(role).post(`/console/${path}`).type('form').send(fields);
const mainOf = (markup: string) =>
  markup
    .slice(markup.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const raise = (...items: AttentionToRaise[]) => open.deps.store.raiseAttention(items, at(0));
const acts = async () => (await open.deps.store.auditLog(9)).map(({ act, by }) => `${by} ${act}`);

describe('a conversation that several calls can be', () => {
  async function twins(): Promise<{ ids: string[]; key: string }> {
    const ids = [await call('ada'), await call('ben')];
    const calls = await Promise.all(ids.map((id) => open.deps.store.callById(id)));
    const candidates = namesOfCandidates(calls.flatMap((each) => each ?? []));
    const key = 'mind:conversation-1';
    const details = { platform: 'mind', conversation: 'conversation-1', customer: numbers.ada, ...candidates };
    await raise({ kind: 'ambiguous-call', key, details });
    const refs = [{ instance: 'mind', kind: 'call-id', key: 'conversation-1' }];
    const body = { kind: 'committed', outcome: 'sale', summary: '', fields: {} } as const;
    await recordFacts(open.deps, [{ refs, source: 'mind', key: 'commit', at: at(0), body }], { budgetMs: 5000 });
    return { ids, key };
  }

  it('shows its candidates side by side, and binds it to the one that is chosen', async () => {
    const { ids, key } = await twins();
    expect(await page('attention')).toMatch(
      /Autumn on carousel 42 ••• ••• 0142 no outcome yet .*Autumn on carousel 43/,
    );

    const done = await send('attention/choose', { key, call: ids[1] }).expect(303);

    expect(done.headers.location).toBe(`/console/calls/${ids[1]}`);
    expect((await open.deps.store.callById(ids[1] ?? ''))?.outcome).toMatchObject({ code: 'sale' });
    expect(await page('attention?tab=settled')).toContain(`by operator-user: chose ${ids[1]}`);
    expect(await acts()).toEqual(['operator-user attention-choose']);
  });

  it('says why a call can’t be chosen, and lets the other word stand', async () => {
    const { ids, key } = await twins();
    await send('attention/choose', { key, call: ids[0] }).expect(303);

    const late = await send('attention/choose', { key, call: ids[1] }).expect(409);

    expect(mainOf(late.text)).toMatch(/was found to be \w+ meanwhile|was settled before/);
  });

  it('shows a number for one look only, on the record', async () => {
    const { key } = await twins();
    expect(await page('attention')).not.toMatch(inFull);

    const shown = await send('attention/number', { kind: 'ambiguous-call', key }).expect(200);

    expect(mainOf(shown.text)).toContain('+1 312 555 0142');
    expect(await acts()).toEqual(['operator-user number-shown']);
    await send('attention/number', { kind: 'ambiguous-call', key }, 'viewer').expect(403);
  });
});

describe('what needs a person', () => {
  it('is shown by kind with what to do, and to a viewer without what is personal', async () => {
    await call('ada', 'wrong_number');
    await raise(
      { kind: 'unlisted-outcome', key: 'mind:calback', details: { platform: 'mind', code: 'calback' } },
      {
        kind: 'unplaced-opt-out',
        key: 'mind:x',
        details: { first_name: 'Ada', number: '312-555-0142', hint: 'Find it.' },
      },
      { kind: 'finding', key: 'many-lost:carousel:disposition', details: { why: '30 are not there', hint: 'Look.' } },
    );

    const shown = await page('attention');

    expect(shown).toMatch(/Outcomes without a disposition .*wrong_number carousel Autumn 1/);
    expect(shown).toContain('dialers: carousel: campaigns: Autumn: dispositions: wrong_number: &quot;&quot;');
    expect(shown).toContain('Nearest: callback');
    expect(shown).toContain('npx patchbay reconcile --heal-all');
    expect(shown).toMatch(/First name Ada Number ••• ••• 0142/);
    const toViewer = await page('attention', 'viewer');
    expect(toViewer).not.toMatch(/Ada|Settle it|0142/);
    expect(toViewer).toContain('2 more for operators.');
    expect(await page('attention?kind=finding')).not.toContain('Nearest');
    const kinds = (await needsAPerson(open.deps)).map(({ kind, count }) => `${kind} ${count}`);
    expect(kinds).toEqual(['unplaced-opt-out 1', 'held-write-back 1', 'finding 1', 'unlisted-outcome 1']);
  });

  it('is settled with a reason, once', async () => {
    const item = { kind: 'unknown-event', key: 'mind:paused' } as const;
    await raise({ ...item, details: {} });

    await send('attention/leave', { ...item, why: ' ' }).expect(409);
    await send('attention/leave', { ...item, why: 'harmless' }).expect(303);
    await send('attention/leave', { ...item, why: 'again' }).expect(409);

    expect(await page('attention')).toContain('Nothing needs a person');
    expect(await page('attention?tab=settled')).toContain('by operator-user: left: harmless');
    await send('attention/leave', { ...item, why: 'x' }, 'viewer').expect(403);
  });

  it('writes again what was lost again', async () => {
    const id = await call('ada', 'sale');
    const [row] = await open.deps.store.claimWriteBacks({
      dialer: 'carousel',
      limit: 9,
      leaseMs: 60_000,
      now: at(999),
    });
    const confirmed = { state: 'confirmed', attempts: 0, inDoubt: false, receipt: '', why: '', hint: '' } as const;
    if (!row) throw new Error('nothing was claimed');
    await open.deps.store.settleWriteBacks([{ ...confirmed, id: row.id, claim: row.claim, dueAt: at(0), now: at(0) }]);
    const item = { kind: 'finding', key: `lost-again:${row.id}` } as const;
    await raise({ ...item, correlationId: id, details: { why: 'it is lost again' } });

    await send('attention/write-again', item).expect(303);

    expect(await open.deps.store.writeBacksById([row.id])).toMatchObject([{ state: 'pending', inDoubt: true }]);
    await send('attention/write-again', item).expect(409);
  });
});

describe('opt-outs', () => {
  it('are shown with the clock of each dialer, open first, and found by number', async () => {
    const id = await call('ada', 'opt_out');

    expect(await page('opt-outs')).toMatch(/by mind ••• ••• 0142 on its way carousel waits .*target/);
    expect(await page('opt-outs?tab=all')).toContain('••• ••• 0142');
    expect(await page(`opt-outs/${id}`)).toMatch(/Legal limit .*carousel waits/);
    expect(mainOf((await send('opt-outs/find', { number: '(312) 555-0142' }).expect(200)).text)).toContain('by mind');
    expect(mainOf((await send('opt-outs/find', { number: '(312) 555-0143' })).text)).toContain('No opt-out of this');
    await send('opt-outs/find', { number: 'Ada' }).expect(400);
    const shown = await send('opt-outs/number', { call: id }).expect(200);
    expect(mainOf(shown.text)).toContain('+1 312 555 0142');
    expect(await acts()).toEqual(['operator-user number-shown']);
  });
});

describe('leads', () => {
  beforeEach(async () => {
    await runSync(open.deps, open.dialer, new AbortController().signal, { by: 'schedule' });
  });

  it('tell how they were read last, and are read again when somebody says so', async () => {
    expect(await page('leads')).toMatch(/carousel read Leads held 2 when it was read last Last sync .* by schedule/);

    await send('leads/sync', { dialer: 'carousel', full: 'yes' }).expect(303);

    expect(begun).toEqual(['carousel {"by":"operator-user","isFull":true}']);
    expect(await acts()).toEqual(['operator-user leads-sync']);
    await send('leads/sync', { dialer: 'carousel' }, 'viewer').expect(403);
  });

  it('tell why they could not be read', async () => {
    server.failNext('down', 99);
    const failed = runSync(open.deps, open.dialer, new AbortController().signal, { by: 'schedule' });
    await expect(failed).rejects.toThrow();

    expect(await page('leads')).toMatch(/carousel failed/);
  });

  it('are found by key or number; what their fields hold is for operators', async () => {
    const id = await call('ada');
    const see = await as('viewer').get('/console/leads/by-key?dialer=carousel&key=42').expect(303);
    expect(see.headers.location).toBe('/console/leads/carousel/42');

    expect(await page('leads/carousel/42')).toMatch(/first_name Ada Lovelace/);
    expect(await page('leads/carousel/42')).toContain(id);
    expect(await page('leads/carousel/42', 'viewer')).not.toMatch(/Ada|5550142/);
    expect(mainOf((await send('leads/find', { number: '312 555 0142' }).expect(200)).text)).toContain(
      '42 carousel people',
    );
    expect(mainOf((await send('leads/carousel/42/number', {}).expect(200)).text)).toContain('+1 312 555 0142');
    expect(await acts()).toEqual(['operator-user number-shown']);
    await as('viewer').get('/console/leads/carousel/nobody').expect(404);
  });

  it('whose key is their number show it to nobody unasked, and the audit log does not hold it', async () => {
    server.records.set('3125550142', { key: '3125550142', number: '3125550142', name: 'Ada', values: {} });
    await runSync(open.deps, open.dialer, new AbortController().signal, { by: 'schedule' });

    expect(await page('leads/carousel/3125550142', 'viewer')).not.toMatch(inFull);
    expect(await page('leads/carousel/3125550142')).toContain('Lead ••• ••• 0142');
    expect(mainOf((await send('leads/find', { number: '+13125550142' }).expect(200)).text)).not.toMatch(/ 3125550142/);
    await send('leads/carousel/3125550142/number', {}).expect(200);
    expect(JSON.stringify(await open.deps.store.auditLog(9))).not.toMatch(inFull);
  });
});

describe('the audit log', () => {
  it('is shown to admins, filtered by who, what and day, and taken away as CSV', async () => {
    const entry = { act: 'number-shown', subject: 'call-1', details: { where: 'calls' } };
    await open.deps.store.appendAudit({ ...entry, at: at(0), by: '=ada' });
    await open.deps.store.appendAudit({ ...entry, at: at(-86_400), by: 'grace' });

    expect(await page('audit', 'admin')).toMatch(/=ada number-shown call-1 where: calls .*grace number-shown/);
    expect(await page('audit?by=grace', 'admin')).not.toContain('=ada number-shown');
    expect(await page('audit?from=2026-03-02&to=2026-03-02', 'admin')).not.toContain('grace number-shown');
    const { text, headers } = await as('admin').get('/console/audit.csv').expect(200);
    expect(headers['content-type']).toContain('text/csv');
    expect(text).toContain("'=ada,number-shown,call-1,where: calls\r\n");
    await as('operator').get('/console/audit').expect(403);
    await as('operator').get('/console/audit.csv').expect(403);
  });
});
