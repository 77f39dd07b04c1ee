import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { localTime } from '../../src/domain/zone-time.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { startPrivateMariaDb } from '../support/private-mariadb.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const dispositions = { callback: 'later', not_interested: 'gone', opt_out: 'never' };
const carousel = {
  type: 'made-up',
  campaigns: { '*': { dispositions }, Night: { dispositions, gate: { hours: false } } },
};

/** Wednesday, half past eight in Denver. */
let now: number;
const clock: Clock = { now: () => now, sleep: realClock.sleep };
let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  now = Date.parse('2026-03-04T15:30:00.000Z');
  dialer = await startMadeUpServer([{ key: 'r1', number: '3035550111', name: 'Ada', values: {} }]);
  patchbay = await start({});
  await patchbay.app.deps.store.saveLeads([ada, grace, otherGrace, sameAda], '2026-11-21T12:00:00.000Z');
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

function start(tools: object): Promise<TestApp> {
  return startTestApp({ clock, dialers: { carousel: { ...carousel, url: dialer.url } }, config: { tools, gate: {} } });
}

function lead(key: string, phone: string, fields: Record<string, string>): Lead {
  const changedAt = '2026-11-01T12:00:00.000Z';
  return { dialer: 'carousel', key, list: 'people', campaign: 'Autumn', phones: [phone], fields, changedAt };
}

const denver = { city: 'Denver', state: 'CO', postal_code: '80202-1234' };
const ada = lead('r1', '+13035550111', {
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@example.com',
  ...denver,
});
/** The same person in another list. */
const sameAda = { ...ada, key: 'r9', list: 'more people' };
const grace = lead('r2', '+13035550112', { first_name: 'Grace', last_name: "O'Hopper", ...denver });
const otherGrace = lead('r3', '+13035550112', { first_name: 'Gracia', last_name: 'Moss', ...denver, city: 'Boulder' });

async function registered(callId: string, leadKey: string, phone: string, campaign = 'Autumn'): Promise<string> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=${callId}&lead_id=${leadKey}&number=${phone}&campaign=${campaign}`)
    .set('X-API-Key', keys.script);
  return String(answer.body.correlation_id);
}

async function tool(name: string, body: object) {
  const answer = await request(patchbay.url)
    .post(`/v1/platforms/sigmamind/tools/${name}`)
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);
  expect(answer.status).toBe(200);
  expect(answer.body.say).toMatch(/^[A-Z].{5,250}[.]$/);
  return answer.body;
}

describe('the agent asks who the customer is', () => {
  it("tells the call's own lead, and only the fields that it may", async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await tool('find-lead', { correlation_id: id, phone: '', last_name: '{{last_name}}' });

    expect(answer).toEqual({
      ok: true,
      found: true,
      lead: { first_name: 'Ada', city: 'Denver', state: 'CO' },
      say: 'This is the customer: first name Ada, city Denver, state CO.',
    });
  });

  it.each([
    ['a number, as people say it', { phone: '(303) 555-0111' }],
    ['the last name and the postal code', { last_name: 'love lace', postal_code: '80202' }],
    ['a number that two have, and the last name', { phone: '303 555 0112', last_name: 'o hopper' }],
  ])('finds the customer by %s', async (_what, said) => {
    const answer = await tool('find-lead', said);

    expect(answer).toMatchObject({ ok: true, found: true });
    expect(['Ada', 'Grace']).toContain(answer.lead.first_name);
  });

  it('takes the one of the call among those of a number', async () => {
    const id = await registered('mu-1', 'r3', '3035550112');

    const answer = await tool('find-lead', { correlation_id: id, phone: '3035550112' });

    expect(answer.lead).toMatchObject({ first_name: 'Gracia' });
  });

  it.each([
    ['two people have the number', { phone: '3035550112' }, 'several', 'the last name'],
    ['two have it, in one place', { phone: '3035550112', postal_code: '80202' }, 'several', 'the last name'],
    ['the name belies the number', { phone: '3035550111', last_name: 'Moss' }, 'not_found', 'another number'],
    ['nobody has it', { phone: '3035550119' }, 'not_found', 'another number'],
    ['it is no number', { phone: 'the blue one' }, 'not_found', 'another number'],
    ['only a name was said', { last_name: 'Lovelace' }, 'needs_mark', 'the phone number'],
    ['nothing was said', {}, 'needs_mark', 'the phone number'],
    ['only a lead ID, which anybody can guess', { lead_id: 'r1' }, 'needs_mark', 'the phone number'],
    [
      'a lead ID beside a call that nobody knows',
      { lead_id: 'r1', call_id: 'mu-99' },
      'needs_mark',
      'the phone number',
    ],
  ])('names nobody when %s', async (_what, said, error, words) => {
    const answer = await tool('find-lead', said);

    expect(answer).toMatchObject({ ok: false, found: false, error });
    expect(answer.say).toContain(words);
    expect(JSON.stringify(answer)).not.toMatch(/Ada|Grac|Lovelace|Denver|Boulder/);
  });

  it('tells nothing of the call’s lead to somebody with another name', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await tool('find-lead', { correlation_id: id, last_name: 'Byron' });

    expect(answer).toMatchObject({ ok: false, error: 'needs_mark' });
  });

  it('asks for a mark in a call of which no lead is known', async () => {
    const id = await registered('mu-1', '', '3035550177');

    const unknown = await tool('find-lead', { correlation_id: id });
    const found = await tool('find-lead', { correlation_id: id, phone: '3035550111' });

    expect(unknown).toMatchObject({ ok: false, error: 'needs_mark' });
    expect(found.lead).toMatchObject({ first_name: 'Ada' });
  });

  it('lets nobody try number after number in one call', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');
    const ask = (phone: string) => tool('find-lead', { correlation_id: id, phone });
    for (const number of ['0121', '0122', '0123', '0124', '0124', '0125']) await ask(`303555${number}`);

    const sixth = await ask('3035550112');
    const again = await ask('3035550125');
    const own = await tool('find-lead', { correlation_id: id });
    const other = await registered('mu-2', 'r9', '3035550111');

    expect(sixth).toMatchObject({ ok: false, found: false, error: 'refused' });
    expect(again).toMatchObject({ error: 'not_found' });
    expect(own.lead).toMatchObject({ first_name: 'Ada' });
    expect(await tool('find-lead', { correlation_id: other, phone: '3035550112' })).toMatchObject({ error: 'several' });
  });

  it('goes by what is configured', async () => {
    await patchbay.stop();
    patchbay = await start({ findLead: { fields: ['email'], by: ['lead_id'] } });
    await patchbay.app.deps.store.saveLeads([ada], '2026-11-21T12:00:00.000Z');
    const id = await registered('mu-1', 'r1', '3035550111');

    const byLeadId = await tool('find-lead', { lead_id: 'r1' });
    const byCall = await tool('find-lead', { correlation_id: id });
    const byPhone = await tool('find-lead', { phone: '3035550111' });

    expect(byLeadId.lead).toEqual({ email: 'ada@example.com' });
    expect([byCall.error, byPhone.error]).toEqual(['needs_mark', 'needs_mark']);
  });

  it('asks for a key', async () => {
    const closed = await request(patchbay.url).post('/v1/platforms/sigmamind/tools/find-lead').send({});
    const wrong = await request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/find-lead')
      .set('X-API-Key', keys.script)
      .send({ phone: '3035550111' });

    expect([closed.status, wrong.status]).toEqual([401, 401]);
    expect(JSON.stringify(wrong.body)).not.toContain('Ada');
  });
});

describe('the agent commits a code that nobody allowed', () => {
  it('hears the allowed ones, and the operator sees it, once per code', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await tool('commit-outcome', { correlation_id: id, outcome: 'Splendid!' });
    await tool('commit-outcome', { correlation_id: id, outcome: 'splendid' });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_outcome' });
    expect(answer.allowed).toContain('not_interested');
    await eventually(async () => {
      await patchbay.app.deps.board.flush();
      expect(await patchbay.app.deps.store.attention({ kind: 'unlisted-outcome', limit: 10 })).toMatchObject([
        { key: 'sigmamind:splendid', correlationId: id, count: 2, details: { code: 'splendid' } },
      ]);
    });
  });
});

describe('the agent arranges a callback', () => {
  const ask = async (id: string, when: string, more: object = {}) =>
    tool('schedule-callback', { correlation_id: id, when, ...more });
  const callbacks = async (id: string) =>
    (await patchbay.app.deps.store.factsOf(id)).flatMap(({ body }) =>
      body.kind === 'committed' ? [`${body.outcome} ${body.callbackAt}`] : [],
    );

  it('commits the exact instant of the customer’s own time, and the dialer gets it', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await ask(id, 'tomorrow at 10 am', { summary: 'Wants the price list first' });

    expect(answer).toMatchObject({ ok: true, outcome: 'callback', callback_at: '2026-03-05T17:00:00.000Z' });
    expect(answer.say).toContain('tomorrow, Thursday March 5, at 10 AM Mountain Time');
    expect((await patchbay.app.deps.store.callById(id))?.outcome).toMatchObject({
      code: 'callback',
      basis: 'callback',
      callbackAt: '2026-03-05T17:00:00.000Z',
      summary: 'Wants the price list first',
      fields: {},
    });
    await eventually(() => expect(dialer.records.get('r1')?.values.callback).toBe('2026-03-05T17:00:00.000Z'));
  });

  it('gives the same wish the same answer and one callback, also twice at once', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const both = await Promise.all([ask(id, 'tomorrow 10 am'), ask(id, 'tomorrow 10 am')]);
    const later = await ask(id, '2026-03-05T12:00:00-05:00');

    expect(both[1]).toEqual(both[0]);
    expect(later).toEqual(both[0]);
    expect(await callbacks(id)).toEqual(['callback 2026-03-05T17:00:00.000Z']);
  });

  it('is revised by another time, and back again', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');
    const outcome = async () => (await patchbay.app.deps.store.callById(id))?.outcome?.callbackAt;

    const times: (string | undefined)[] = [];
    for (const when of ['tomorrow 10 am', 'friday afternoon', 'tomorrow 10 am']) {
      now += 1000;
      await ask(id, when);
      times.push(await outcome());
    }

    expect(times).toEqual(['2026-03-05T17:00:00.000Z', '2026-03-06T22:00:00.000Z', '2026-03-05T17:00:00.000Z']);
    await eventually(() => expect(dialer.records.get('r1')?.values.callback).toBe('2026-03-05T17:00:00.000Z'));
  });

  it.each([
    ['no time is named', '', 'needs_time'],
    ['the time can not be read', 'when the cows come home', 'needs_time'],
    ['only a day is named', 'tomorrow', 'needs_time'],
    ['it is the middle of the night', 'tomorrow 3 am', 'not_then'],
    ['it is past', '2026-03-01T17:00:00Z', 'not_then'],
    ['it is now', '2026-03-04T15:31:00Z', 'not_then'],
    ['it is too far ahead', '2026-06-01 10:00', 'not_then'],
  ])('offers times that would do when %s', async (_what, when, error) => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await ask(id, when);

    expect(answer).toMatchObject({ ok: false, error });
    expect(answer.offers).toHaveLength(3);
    for (const { at, say } of answer.offers) {
      const { minute } = localTime('America/Denver', Date.parse(at));
      expect(minute >= 8 * 60 && minute < 21 * 60).toBe(true);
      expect(say).toMatch(/^(today|tomorrow|on)\b.* (AM|PM) Mountain Time$/);
      expect(await ask(id, at)).toMatchObject({ ok: true, callback_at: at });
    }
    expect(await callbacks(id)).toHaveLength(3);
  });

  it('takes any time where the campaign does not ask for calling hours', async () => {
    const id = await registered('mu-1', 'r1', '3035550111', 'Night');

    const answer = await ask(id, 'tomorrow 3 am');

    expect(answer).toMatchObject({ ok: true, callback_at: '2026-03-05T10:00:00.000Z' });
  });

  it.each([
    ['by night', '2026-03-05T03:00:00-07:00'],
    ['in a year that is past', '2025-03-05T10:00:00-07:00'],
  ])('is kept when it is committed for a time %s, and others are offered', async (_what, callback_at) => {
    const id = await registered('mu-1', 'r1', '3035550111');
    const commit = (at: string) => tool('commit-outcome', { correlation_id: id, outcome: 'callback', callback_at: at });

    const answer = await commit(callback_at);
    now += 1000;
    const better = await commit(answer.offers[0].at);

    expect(answer).toMatchObject({ ok: true, outcome: 'callback', say: expect.stringMatching(/^Noted, but/) });
    expect(answer.offers).toHaveLength(3);
    expect(better).toEqual({ ok: true, outcome: 'callback', say: 'Noted. You can end or transfer the call now.' });
    expect((await callbacks(id)).sort()).toEqual(
      [new Date(callback_at).toISOString(), answer.offers[0].at].map((at) => `callback ${at}`).sort(),
    );
    expect((await patchbay.app.deps.store.callById(id))?.outcome?.callbackAt).toBe(answer.offers[0].at);
  });

  it.each([
    ['no day', 'monday 3'],
    ['no offset', '2026-03-05T15:00:00'],
    ['no such day', '2026-02-30T15:00:00Z'],
  ])('is not committed for a time with %s, which would be read by a clock of our own', async (_what, callback_at) => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await tool('commit-outcome', { correlation_id: id, outcome: 'callback', callback_at });

    expect(answer).toMatchObject({ ok: false, error: 'bad_time' });
    expect(await callbacks(id)).toEqual([]);
  });

  it('does not cost an opt-out its commit, whatever the agent writes where a time could be', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await tool('commit-outcome', { correlation_id: id, outcome: 'opt_out', callback_at: 'not needed' });

    expect(answer).toMatchObject({ ok: true, outcome: 'opt_out' });
    await eventually(() => expect(dialer.dnc.has('+13035550111')).toBe(true));
  });

  it('offers times of the day that was named, by the clock of the customer', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');

    const answer = await ask(id, 'friday');

    expect(answer.offers).toEqual([
      { at: '2026-03-06T15:00:00.000Z', say: 'on Friday March 6 at 8 AM Mountain Time' },
      { at: '2026-03-06T18:00:00.000Z', say: 'on Friday March 6 at 11 AM Mountain Time' },
      { at: '2026-03-06T21:00:00.000Z', say: 'on Friday March 6 at 2 PM Mountain Time' },
    ]);
  });

  it('refuses kindly who opted out, in this call or an earlier one', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');
    await tool('commit-outcome', { correlation_id: id, outcome: 'opt_out' });
    const other = await registered('mu-2', 'r9', '3035550111');

    const answers = [await ask(id, 'tomorrow 10 am'), await ask(other, 'tomorrow 10 am')];

    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: 'opted_out' });
    expect(await callbacks(id)).toEqual(['opt_out undefined']);
  });

  it('refuses a call that is over, but for what was arranged in it', async () => {
    const id = await registered('mu-1', 'r1', '3035550111');
    await ask(id, 'tomorrow 10 am');
    now += 1000;
    await tool('commit-outcome', { correlation_id: id, outcome: 'callback' });
    await patchbay.postEvent({
      event: 'conversation_ended',
      data: { callId: 'call_1', status: 'ended', dynamicVariables: { correlation_id: id } },
    });

    expect(await ask(id, 'tomorrow 10 am')).toMatchObject({ ok: true, callback_at: '2026-03-05T17:00:00.000Z' });
    expect(await ask(id, 'friday 10 am')).toMatchObject({ ok: false, error: 'call_over' });
    expect(await ask('zzzzzzzzzzzzzz', 'friday 10 am')).toMatchObject({ ok: false, error: 'unknown_call' });
  });
});

it('a simulated agent asks who the customer is, and arranges what they choose', async () => {
  const id = await registered('mu-1', 'r1', '3035550111');
  const tools = `${patchbay.url}/v1/platforms/sigmamind/tools`;
  const sigmamind = await startSigmamindSimulator({
    clock: realClock,
    apiKey: 'key-1',
    tools: {
      commitUrl: `${tools}/commit-outcome`,
      findLeadUrl: `${tools}/find-lead`,
      scheduleCallbackUrl: `${tools}/schedule-callback`,
      token: keys.tools,
    },
    behaviours: { '*': { talkSec: 0, analysisAfterSec: 0, findLead: {}, scheduleCallback: { when: 'at night' } } },
  });
  try {
    sigmamind.placeSipCall({ to: '+19895550123', from: '+13035550111', headers: { 'X-correlation_id': id } });
    const call = await eventually(() => {
      const [first] = sigmamind.calls();
      expect(first?.isDone).toBe(true);
      return first;
    });

    expect(call?.steering.map(({ tool: name, status }) => `${name} ${status}`)).toEqual([
      'find-lead 200',
      'schedule-callback 200',
      'schedule-callback 200',
    ]);
    expect((await sigmamind.journal()).map(({ kind, value }) => `${kind} ${value}`)).toEqual(
      expect.arrayContaining([
        'find-lead-answered ok',
        'schedule-callback-answered needs_time',
        'schedule-callback-answered ok',
      ]),
    );
    expect((await patchbay.app.deps.store.callById(id))?.outcome).toMatchObject({
      code: 'callback',
      callbackAt: '2026-03-04T16:00:00.000Z',
    });
  } finally {
    await sigmamind.stop();
  }
});

it('answers both within 3 s while the store is away, and keeps the callback', async () => {
  const mariadb = await startPrivateMariaDb();
  try {
    await mariadb.createDatabase('patchbay');
    const { host, port, user, password } = mariadb;
    await patchbay.stop();
    patchbay = await startTestApp({
      clock,
      store: { kind: 'mysql', host, port, user, password, database: 'patchbay' },
      dialers: { carousel: { ...carousel, url: dialer.url } },
    });
    const id = await registered('mu-1', 'r1', '3035550111');
    process.kill(mariadb.pid, 'SIGSTOP');
    const times: number[] = [];
    const timed = async (name: string, body: object) => {
      const startedAt = performance.now();
      const answer = await tool(name, body);
      times.push(performance.now() - startedAt);
      return answer;
    };
    const answers = [];
    try {
      answers.push(await timed('schedule-callback', { correlation_id: id, when: 'tomorrow 10 am' }));
      answers.push(await timed('find-lead', { correlation_id: id }));
      answers.push(await timed('find-lead', { phone: '3035550111' }));
    } finally {
      process.kill(mariadb.pid, 'SIGCONT');
    }

    expect(answers).toMatchObject([
      { ok: true, callback_at: '2026-03-05T17:00:00.000Z' },
      { ok: true, lead: { first_name: 'Ada' } },
      { ok: false, error: 'not_sure' },
    ]);
    expect(Math.max(...times)).toBeLessThan(3000);
    await eventually(async () => {
      expect((await patchbay.app.deps.store.callById(id))?.outcome).toMatchObject({ code: 'callback' });
    }, 10_000);
  } finally {
    await patchbay.stop();
    await mariadb.stop();
    patchbay = await start({});
  }
}, 60_000);
