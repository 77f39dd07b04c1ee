import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SigmamindConfig } from '../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { callsRoom } from '../../src/console/pages/calls/calls-room.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import { mintCorrelationId } from '../../src/domain/correlation-id.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import type { Role } from '../../src/domain/roles.ts';
import { correctOutcome } from '../../src/flows/correct-outcome.ts';
import { fetchTranscript } from '../../src/flows/fetch-transcript.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

const now = Date.parse('2026-03-02T16:00:00.000Z');
const ada = { phone: '+13125550142', spoken: 'Ada asks for a call at 312-555-0144' };
const secrets = ['Lovelace', 'Ada', '5550142', '555-0142', '555-0144', '5550144'];

let open: OpenDeps;
let server: MadeUpServer;
/** Each test has a call of its own, of the same customer. */
let id: string;
let calls = 0;
let told = 0;

beforeAll(async () => {
  server = await startMadeUpServer([{ key: '42', number: '3125550142', name: 'Ada Lovelace', values: {} }]);
  open = await openDeps({ url: server.url, clock: { now: () => now, sleep: async () => undefined } });
  const lead = { dialer: 'carousel', key: '42', list: 'autumn', campaign: 'Autumn', phones: [ada.phone] };
  const fields = { first_name: 'Ada', last_name: 'Lovelace' };
  await open.deps.store.saveLeads([{ ...lead, fields, changedAt: at(-3600) }], at(0));
});
afterAll(async () => {
  await open.close();
  await server.stop();
});
beforeEach(async () => {
  calls += 1;
  id = await register(`mu-${calls}`, ada.phone);
  await tell({ kind: 'started' }, -57);
  await tell({ kind: 'committed', outcome: 'sale', summary: ada.spoken, fields: { wish: 'Ada wants two' } }, -30);
});

const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();

async function register(callKey: string, phone: string, leadKey = '42'): Promise<string> {
  const leg = { dialer: 'carousel', callKey, campaign: 'Autumn', list: '', leadKey, agent: '', number: '' };
  const sighting = {
    refs: [{ instance: 'carousel', kind: 'call-id', key: callKey }],
    leg: { ...leg, phone, calledAt: at(-70) },
    fields: {},
  };
  const { correlationId } = await registerCall(open.deps, open.dialer, sighting, 'register', 5000);
  return correlationId;
}

async function tell(body: FactBody, seconds: number): Promise<void> {
  told += 1;
  const fact = { refs: [correlationRef(id)], source: 'mind', key: `told-${told}`, at: at(seconds), body };
  await recordFacts(open.deps, [fact], { budgetMs: 5000 });
}

function mindAt(apiUrl: string) {
  const config = SigmamindConfig.parse({ type: 'sigmamind', apiUrl, apiKey: 'key-1' });
  return sigmamind.create('mind', config, { ...testConnectorDeps, clock: open.deps.clock });
}

/** What waits of this call's write-backs is refused with these words. */
async function refuse(why: string): Promise<void> {
  const { store } = open.deps;
  const claimed = await store.claimWriteBacks({ dialer: 'carousel', limit: 1000, leaseMs: 60_000, now: at(60) });
  const own = claimed.filter(({ correlationId }) => correlationId === id);
  const end = { state: 'refused', dueAt: at(60), now: at(60), why, hint: '' } as const;
  await store.settleWriteBacks(own.map((row) => ({ ...row, ...end })));
}

const as = (role: Role) => request(openConsole(open.deps, { rooms: [callsRoom], role }));
const page = async (role: Role, path = `calls/${id}`) =>
  mainOf((await as(role).get(`/console/${path}`).expect(200)).text);
/** What stands on a page, without the frame and the marks. */
const mainOf = (markup: string) =>
  markup
    .slice(markup.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const send = (role: Role, path: string, fields: object = {}) =>
  as(role).post(`/console/calls/${id}/${path}`).type('form').send(fields);
const audited = async () => (await open.deps.store.auditOf(id, 9)).map(({ act, by }) => [act, by]);

describe('finding a call', () => {
  it('by its number in any writing, which nobody sees whole', async () => {
    const found = await page('operator', 'calls?text=(312)%20555-0142');

    expect(found).toContain('11:00:00 ••• ••• 0142 sale');
    expect(found.replaceAll('(312) 555-0142', '')).not.toMatch(/555-?0142/);
  });

  it.each([
    ["a dialer's name", () => `mu-${calls}`],
    ['our own', () => id],
  ])('by %s it goes straight to it', async (_whose, name) => {
    await as('viewer').get(`/console/calls?text=${name()}`).expect(303).expect('location', `/console/calls/${id}`);
  });

  it('by an outcome, a campaign and a day by the clock of the site', async () => {
    expect(await page('viewer', 'calls?outcome=sale&campaign=Autumn&from=2026-03-02&to=2026-03-02')).toContain(
      '••• ••• 0142',
    );
    expect(await page('viewer', 'calls?outcome=sale&from=2026-03-03')).toContain('No call fits');
    expect(await page('viewer', 'calls?outcome=busy')).toContain('No call fits');
  });
});

describe('the page of a call', () => {
  it('tells an operator the story, what the prompt saw included, but no number', async () => {
    const shown = await page('operator');

    for (const words of ['Dialled', 'Headers sent', 'The AI answered', 'Outcome committed: sale', 'Lovelace'])
      expect(shown).toContain(words);
    expect(shown).toContain('Ada asks for a call at ••• ••• 0144');
    expect(shown).not.toMatch(/555-?014[24]/);
  });

  it('shows a viewer nothing of the customer, the raw events included', async () => {
    const shown = await page('viewer');

    expect(shown).toContain('Outcome committed: sale');
    expect(shown).toContain('••• ••• 0142');
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('is not there for an ID that nobody has', async () => {
    await as('viewer').get('/console/calls/0000000000000a').expect(404);
    await as('operator').post('/console/calls/0000000000000a/number').expect(404);
  });

  it('masks the key of a lead that is known by its number, and has no link with it', async () => {
    id = await register(`number-${calls}`, ada.phone, '3125550142');

    const shown = (await as('operator').get(`/console/calls/${id}`).expect(200)).text;

    expect(mainOf(shown)).toContain('Lead ••• ••• 0142');
    expect(shown).not.toContain('3125550142');
    expect((await as('viewer').get('/console/calls').expect(200)).text).not.toContain('3125550142');
    expect((await send('operator', 'number')).text).toContain('href="/console/leads/carousel/3125550142"');
  });

  it('shows the key of a lead that only has many digits', async () => {
    id = await register(`long-${calls}`, ada.phone, '20261234');

    expect(await page('operator')).toContain('{{lead_id}} sent 20261234');
  });

  it('masks the numbers in what a dialer said', async () => {
    await refuse('no list takes 312-555-0144');

    const shown = await page('viewer');

    expect(shown).toContain('no list takes ••• ••• 0144');
    expect(shown).not.toContain('555-0144');
  });

  it('masks the number in the name of an event that nobody knows', async () => {
    await tell({ kind: 'noted', event: 'odd_3125550144', text: '' }, -20);

    const shown = await page('viewer');

    expect(shown).toContain('Noted: odd_');
    expect(shown).not.toContain('3125550144');
  });

  it('is found by every ID that was given to it', async () => {
    const other = mintCorrelationId(randomBytes);
    const refs = [{ instance: 'carousel', kind: 'call-id', key: `mu-${calls}` }, correlationRef(other)];
    const at = new Date(now).toISOString();
    const body = { kind: 'noted', event: 'seen', text: '' } as const;
    await recordFacts(open.deps, [{ refs, source: 'mind', key: 'other', at, body }], { budgetMs: 5000 });

    await as('viewer').get(`/console/calls/${other}`).expect(303).expect('location', `/console/calls/${id}`);
    expect(mainOf((await as('operator').post(`/console/calls/${other}/number`).expect(200)).text)).toContain('+1 312');
  });

  it('shows the number when it is asked for, once, and writes down who asked', async () => {
    const shown = await send('operator', 'number').expect(200);

    expect(mainOf(shown.text)).toContain('+1 312 555 0142');
    expect(shown.text).not.toContain('id="call-head" data-live');
    expect(await audited()).toEqual([['number-shown', 'operator-user']]);
    expect(await page('operator')).not.toContain('312 555 0142');
    await send('viewer', 'number').expect(403);
    expect(await audited()).toHaveLength(1);
  });

  it('shows what was spoken to operators, and writes down who asked', async () => {
    await tell({ kind: 'noted', event: 'seen', text: '' }, -20);
    const kept = { correlationId: id, platform: 'mind', spoken: 'Hello <b>Ada</b>', keptAt: at(0) };
    await open.deps.store.keepTranscript(kept);

    const shown = await send('operator', 'transcript').expect(200);

    expect(mainOf(shown.text)).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;');
    expect(await audited()).toEqual([['transcript-read', 'operator-user']]);
    await send('viewer', 'transcript').expect(403);
  });

  it('says so when the platform that has the transcript is away, and waits no longer than it may', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const platforms = (url: string) => new Map([['mind', mindAt(url)]]);
    const refs = [correlationRef(id), { instance: 'mind', kind: 'call-id', key: 'call_1' }];
    const body = { kind: 'noted', event: 'seen', text: '' } as const;
    await recordFacts(open.deps, [{ refs, source: 'mind', key: 'named', at: at(0), body }], { budgetMs: 5000 });

    const deps = { ...open.deps, platforms: platforms('http://127.0.0.1:9') };
    const shown = await request(openConsole(deps, { rooms: [callsRoom] })).post(`/console/calls/${id}/transcript`);
    const reading = fetchTranscript(
      { ...open.deps, platforms: platforms(`http://127.0.0.1:${port}`) },
      { correlationId: id },
      50,
    );

    expect([shown.status, mainOf(shown.text)]).toEqual([502, expect.stringContaining('did not answer')]);
    await expect(reading).rejects.toMatchObject({ code: 'platform_away' });
    silent.closeAllConnections();
    silent.close();
  });
});

describe('correcting an outcome by hand', () => {
  const wrong = { outcome: 'not_interested', why: 'heard the recording' };
  const markIn = (text: string) => /name="mark" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const outcome = async () => (await open.deps.store.callById(id))?.outcome;

  it('shows first what would be written beside what the dialer holds, and writes nothing', async () => {
    const record = server.records.get('42');
    if (record) record.values.human = 'sold';

    const shown = await send('operator', 'correct', wrong).expect(200);

    expect(mainOf(shown.text)).toMatch(/carousel disposition sold gone somebody set it anna/);
    expect((await outcome())?.code).toBe('sale');
    expect(await audited()).toEqual([]);
    expect(await server.journal()).toEqual([]);
    if (record) record.values = {};
  });

  it('then corrects, audited, with what follows', async () => {
    const { text } = await send('operator', 'correct', { ...wrong, said_by: 'grace' });

    await send('operator', 'correct/confirm', { ...wrong, said_by: 'grace', mark: markIn(text) })
      .expect(303)
      .expect('location', `/console/calls/${id}`);

    expect(await outcome()).toMatchObject({ code: 'not_interested', basis: 'operator' });
    expect(await audited()).toEqual([['outcome-correct', 'operator-user']]);
    const rows = await open.deps.store.writeBacksOf(id);
    expect(rows.at(-1)?.desired).toMatchObject({ disposition: 'gone' });
    expect(await page('operator')).toContain('Corrected to not_interested');
  });

  it('is one correction when its form is sent twice', async () => {
    const { text } = await send('operator', 'correct', wrong);
    const confirmed = { ...wrong, mark: markIn(text) };

    const both = await Promise.all([1, 2].map(() => send('operator', 'correct/confirm', confirmed)));
    const later = await send('operator', 'correct/confirm', confirmed);

    expect([...both, later].map(({ status }) => status)).toEqual([303, 303, 303]);
    const facts = await open.deps.store.factsOf(id);
    expect(facts.filter(({ body }) => body.kind === 'corrected')).toHaveLength(1);
  });

  it('shows it again when the call changed meanwhile', async () => {
    const { text } = await send('operator', 'correct', wrong);
    const call = await open.deps.store.callById(id);
    if (call) await correctOutcome(open.deps, call, { outcome: 'voicemail', why: 'a machine', by: 'grace' });

    const again = await send('operator', 'correct/confirm', { ...wrong, mark: markIn(text) }).expect(409);

    expect(mainOf(again.text)).toContain('nothing was written');
    expect((await outcome())?.code).toBe('voicemail');
    await send('operator', 'correct/confirm', { ...wrong, mark: markIn(again.text) }).expect(303);
    expect((await outcome())?.code).toBe('not_interested');
  });

  it('takes a callback by the clocks of the zone that was chosen', async () => {
    const callback = { ...wrong, outcome: 'callback', date: '2026-03-04', time: '15:30', zone: 'America/New_York' };
    const { text } = await send('operator', 'correct', callback).expect(200);

    await send('operator', 'correct/confirm', { ...callback, mark: markIn(text) }).expect(303);

    expect(await outcome()).toMatchObject({ code: 'callback', callbackAt: '2026-03-04T20:30:00.000Z' });
  });

  it.each([
    [{ ...wrong, outcome: '' }, 'Choose what'],
    [{ ...wrong, why: ' ' }, 'Write down why'],
    [{ ...wrong, outcome: 'sold' }, 'Use one of'],
    [{ ...wrong, outcome: 'callback' }, 'Fill in both'],
    [{ ...wrong, outcome: 'callback', date: '2026-03-04', time: '15:30', zone: 'Mars/Base' }, 'from the list'],
  ])('says at the form what would do: %j', async (fields, hint) => {
    const shown = await send('operator', 'correct', fields).expect(400);

    expect(mainOf(shown.text)).toContain(hint);
    expect(shown.text).toContain('<form');
    expect((await outcome())?.code).toBe('sale');
  });

  it('is for operators', async () => {
    await as('viewer').get(`/console/calls/${id}/correct`).expect(403);
    await send('viewer', 'correct', wrong).expect(403);
    await send('viewer', 'correct/confirm', wrong).expect(403);
  });

  it('stands below an opt-out, which only an admin takes back, for a reason', async () => {
    await tell({ kind: 'committed', outcome: 'opt_out', summary: '', fields: {} }, -10);

    const refused = await send('operator', 'correct', wrong).expect(400);
    expect(mainOf(refused.text)).toContain('opted out');
    await send('operator', 'undo-opt-out', { why: 'she called' }).expect(403);
    await send('admin', 'undo-opt-out', { why: '' }).expect(400);
    expect((await outcome())?.optedOutAt).toBeDefined();

    await send('admin', 'undo-opt-out', { why: 'she called', said_by: 'grace' }).expect(303);

    expect((await outcome())?.optedOutAt).toBeUndefined();
    expect(await open.deps.store.isOptedOut(ada.phone)).toBe(false);
    expect((await open.deps.store.auditOf(id, 9))[0]).toMatchObject({
      ...{ act: 'opt-out-undo', by: 'admin-user' },
      details: { why: 'she called (on the word of grace)' },
    });
  });
});
