import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeLegs } from '../../src/flows/complete-legs.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const campaign = { dispositions: { callback: 'later', not_interested: 'gone', opt_out: 'never', qualified: 'sold' } };
const carousel = {
  type: 'made-up',
  headers: [
    { name: 'X-correlation_id', from: 'correlation_id' },
    { name: 'X-first_name', from: 'first_name' },
  ],
  campaigns: { Autumn: { ...campaign, safeRoute: 'skill', screenPop: ['intent'] } },
};

let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([ada, ben]);
  patchbay = await startTestApp({ dialers: { carousel: { ...carousel, url: dialer.url } } });
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

const ivr = (path: string) => request(patchbay.url).get(`/v1/ivr/carousel/${path}`).auth('script', keys.script);

async function register(callId: string, more = ''): Promise<Record<string, string>> {
  const answer = await ivr(`register?call_id=${callId}&lead_id=r1&number=3035550111&campaign=Autumn${more}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

function commit(body: object) {
  return request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);
}

describe('a call from register to the written disposition', () => {
  it('gets its ID and headers, waits for its outcome, and ends in the dialer', async () => {
    const registered = await register('mu-1');
    const id = registered.correlation_id ?? '';
    const pending = await ivr(`outcome?correlation_id=${id}&wait_ms=50`);
    const waiting = ivr(`outcome?correlation_id=${id}`).then((answer) => answer.body);
    const committed = await commit({
      correlation_id: id,
      outcome: 'Not interested',
      summary: 'Has one',
      intent: 'none',
    });
    const woken = await waiting;

    expect(registered).toMatchObject({ status: 'ok', route: 'ai', reason: '', error: '', 'X-first_name': 'Ada' });
    expect(Object.keys(registered)).toEqual([
      'status',
      'route',
      'reason',
      'correlation_id',
      'error',
      'X-correlation_id',
      'X-first_name',
    ]);
    expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{14}$/);
    expect(pending.body).toMatchObject({ status: 'pending', route: 'skill', outcome: '', correlation_id: id });
    expect(committed.body).toMatchObject({ ok: true, outcome: 'not_interested' });
    expect(woken).toMatchObject({
      status: 'done',
      route: 'hangup',
      outcome: 'not_interested',
      disposition: 'gone',
      summary: 'Has one',
      intent: 'none',
    });
    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));
  });

  it('gives the same call the same ID, however it asks', async () => {
    const first = await register('mu-1');
    const again = await register('mu-1');
    const form = await request(patchbay.url)
      .post('/v1/ivr/carousel/register')
      .set('X-API-Key', keys.script)
      .type('form')
      .send({ call_id: 'mu-1' });
    const spliced = await request(patchbay.url)
      .post('/v1/ivr/carousel/register')
      .set('Authorization', `Bearer ${keys.script}`)
      .type('json')
      .send('{"call_id":"mu-1","first_name":"Bob "The Man"\n Hill","campaign":"Autumn"}');

    expect([again, form.body, spliced.body].map((answer) => answer.correlation_id)).toEqual(
      Array.from({ length: 3 }, () => first.correlation_id),
    );
    expect(spliced.body['X-first_name']).toBe("Bob 'The Man' Hill");
  });

  it('answers the headers endpoint in three forms and registers the call by it', async () => {
    const arr = await ivr('headers?code=mu-7&lead_id=r2');
    const hash = await ivr('headers?code=mu-7&lead_id=r2&fmt=hash');
    const json = await ivr('headers?code=mu-7&lead_id=r2&fmt=json');
    const { correlation_id: id } = await register('mu-7');

    expect(arr.text).toBe(`X-correlation_id: ${id},X-first_name: Ben`);
    expect(hash.text).toBe(`correlation_id=${id}&first_name=Ben`);
    expect(JSON.parse(json.text)).toEqual({ correlation_id: id, first_name: 'Ben' });
  });

  it('takes events in any order, twice, and refuses forged ones', async () => {
    const { correlation_id: id } = await register('mu-1');
    const data = { callId: 'call_1', dynamicVariables: { correlation_id: id } };
    const ended = {
      event: 'conversation_ended',
      data: { ...data, status: 'ended', terminationReason: 'user_ended_call' },
    };
    const analysed = {
      event: 'conversation_analysed',
      data: { ...data, postConversationAnalysis: [{ insightName: 'qualification', value: 'Interested' }] },
    };

    const forged = await patchbay.postEvent({ ...analysed, event: 'conversation_ended' }, { forge: true });
    const first = await (await patchbay.postEvent(analysed)).json();
    const second = await (await patchbay.postEvent(analysed)).json();
    await patchbay.postEvent(ended);
    const answer = await ivr(`outcome?call_id=mu-1`);

    expect(forged.status).toBe(401);
    expect([first, second]).toEqual([{ result: 'recorded' }, { result: 'duplicate' }]);
    expect(answer.body).toMatchObject({ status: 'done', outcome: 'qualified', route: 'skill' });
  });

  it('keeps an event that comes before the call is registered', async () => {
    const variables = {
      correlation_id: '',
      made_up_call: 'mu-9',
      lead_id: 'r2',
      number: '3035550112',
      campaign: 'Autumn',
    };
    await commit({ ...variables, outcome: 'not_interested' });

    const answer = await register('mu-9', '');
    const outcome = await ivr(`outcome?correlation_id=${answer.correlation_id}`);

    expect(outcome.body).toMatchObject({ status: 'done', outcome: 'not_interested' });
    await eventually(() => expect(dialer.records.get('r2')?.values.disposition).toBe('gone'));
  });

  it('puts a poor and a rich telling of one call together, whichever comes first', async () => {
    await ivr('register?call_id=mu-5');
    const rich = await register('mu-5');
    await commit({ correlation_id: rich.correlation_id, outcome: 'not_interested' });

    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));
  });

  it('completes a call later when the dialer was away as its header came back', async () => {
    dialer.failNext('down', 20);
    await commit({ made_up_call: 'mu-6', lead_id: 'r2', outcome: 'opt_out' });
    const [call] = await patchbay.app.deps.store.writeBacks({ states: ['held'], limit: 9 });
    dialer.heal();

    expect(call?.target).toMatchObject({ leadKey: 'r2', campaign: '', phone: '' });
    await eventually(async () => {
      await completeLegs(patchbay.app.deps);
      expect(dialer.dnc.has('+13035550112')).toBe(true);
      expect(dialer.records.get('r2')?.values.disposition).toBe('never');
    });
  });

  it('routes an opted-out number away from the AI, and lists it in the dialer', async () => {
    const { correlation_id: id } = await register('mu-1');
    await commit({ correlation_id: id, outcome: 'opt_out' });
    const later = await register('mu-2');

    expect(later).toMatchObject({ route: 'hangup', reason: 'opt_out' });
    await eventually(() => expect(dialer.dnc.has('+13035550111')).toBe(true));
  });

  it('answers an unknown outcome with the allowed ones, a garbled ID kindly, and a bad time with a hint', async () => {
    const { correlation_id: id } = await register('mu-1');

    const unknown = await commit({ correlation_id: id, outcome: 'splendid' });
    const garbled = await commit({ correlation_id: 'zzzzzzzzzzzzzz', outcome: 'callback' });
    const badTime = await commit({ correlation_id: id, outcome: 'callback', callback_at: 'soonish' });

    expect(unknown.body).toMatchObject({ ok: false, error: 'unknown_outcome' });
    expect(unknown.body.allowed).toContain('not_interested');
    expect(garbled.body).toMatchObject({ ok: false, error: 'unknown_call' });
    expect(badTime.body).toMatchObject({ ok: false, error: 'bad_time' });
  });

  it('takes an outcome that came back in the headers of the hang-up', async () => {
    await register('mu-1');

    const answer = await ivr('outcome?call_id=mu-1&X-outcome=callback&X-callback_at=2027-01-04T15:00:00Z');

    expect(answer.body).toMatchObject({
      status: 'done',
      outcome: 'callback',
      callback_at: '2027-01-04T15:00:00.000Z',
      route: 'callback',
    });
    await eventually(() => expect(dialer.records.get('r1')?.values.callback).toBe('2027-01-04T15:00:00.000Z'));
  });

  it.each([
    ['an unknown correlation ID', 'outcome?correlation_id=00000000000000', 'unknown'],
    ['an ID that cannot be one', 'outcome?correlation_id=hello', 'unknown'],
    ['nothing at all', 'outcome', 'unknown'],
    ['a register without a call', 'register?campaign=Autumn', 'error'],
  ])('answers 200 and the safe route to %s', async (_what, path, status) => {
    const answer = await ivr(path);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status, route: 'skill' });
  });

  it('asks for a key, and tells what it wants', async () => {
    const answer = await request(patchbay.url).get('/v1/ivr/carousel/register?call_id=mu-1').auth('script', 'wrong');

    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
  });

  it('hands context to a human only when exactly one call of the number waits', async () => {
    const { correlation_id: first } = await register('mu-1');
    const none = await ivr('context?ani=3035550111');
    await commit({ correlation_id: first, outcome: 'qualified', summary: 'Wants two' });
    const one = await ivr('context?ani=3035550111');
    const { correlation_id: second } = await register('mu-2');
    await commit({ correlation_id: second, outcome: 'qualified' });
    const two = await ivr('context?ani=3035550111');

    expect(none.body.status).toBe('unknown');
    expect(one.body).toMatchObject({ status: 'done', summary: 'Wants two', correlation_id: first });
    expect(two.body).toMatchObject({ status: 'unknown', error: '2 calls of this number wait' });
  });
});

describe('what the operator sees', () => {
  it('never logs a number, a name, a path token or a body', async () => {
    const { correlation_id: id } = await register('mu-1', '&first_name=Zebedee');
    await commit({ correlation_id: id, outcome: 'callback', summary: 'Zebedee asked for noon' });
    await patchbay.postEvent({ event: 'conversation_ended', data: { callId: 'call_1', from_number: '+13035550111' } });

    const text = JSON.stringify(patchbay.log);
    expect(text.length).toBeGreaterThan(200);
    for (const secret of ['3035550111', 'Zebedee', 'token-of-the-webhook', keys.script])
      expect(text).not.toContain(secret);
  });

  it('holds the write-backs of a campaign whose mapping lacks the outcome, and says so', async () => {
    const { correlation_id: id } = await register('mu-1');
    await commit({ correlation_id: id, outcome: 'wrong_number' });

    const rows = await eventually(async () => {
      const found = await patchbay.app.deps.store.writeBacksOf(id ?? '');
      expect(found).toHaveLength(1);
      return found;
    });
    expect(rows[0]).toMatchObject({ state: 'held', aspect: 'disposition' });
    expect(await (await fetch(`${patchbay.url}/metrics`)).text()).toContain(
      'patchbay_write_backs{dialer="carousel",state="held"} 1',
    );
  });

  it('describes every endpoint in OpenAPI 3.1', async () => {
    const document = (await (await fetch(`${patchbay.url}/openapi.json`)).json()) as { openapi: string; paths: object };

    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/ivr/{dialer}/register', '/v1/platforms/{platform}/events/{token}']),
    );
  });
});
