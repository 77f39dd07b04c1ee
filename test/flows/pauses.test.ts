import { createHash } from 'node:crypto';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayCall } from '../../src/flows/gate/may-call.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const mapping = { dispositions: { not_interested: 'gone', opt_out: 'never' } };
const operatorKey = 'pb_key-of-the-operator';
const hash = (key: string) => createHash('sha256').update(key).digest('hex');

let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([ada, ben]);
  const campaigns = { Autumn: mapping, Winter: { ...mapping, gate: { routes: { paused: 'skill' } } } };
  patchbay = await startTestApp({
    dialers: { carousel: { type: 'made-up', url: dialer.url, campaigns } },
    config: {
      clients: {
        script: { keys: [hash(keys.script)], may: ['dialer'] },
        agent: { keys: [hash(keys.tools)], may: ['tools'] },
        desk: { keys: [hash(operatorKey)], may: ['operator'] },
      },
    },
  });
});
afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

const api = (method: 'get' | 'put' | 'delete', key = operatorKey) =>
  request(patchbay.url)[method]('/v1/controls').set('X-API-Key', key);
const pause = (scope: object) => api('put').send({ kind: 'pause', note: 'test', ...scope });
const register = async (callId: string, lead: typeof ada, campaign = 'Autumn') =>
  (
    await request(patchbay.url)
      .get(`/v1/ivr/carousel/register?call_id=${callId}&lead_id=${lead.key}&number=${lead.number}&campaign=${campaign}`)
      .auth('script', keys.script)
  ).body as Record<string, string>;
const commit = (body: object) =>
  request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);
const dispositions = () => [...dialer.records.values()].map(({ values }) => values.disposition ?? '');

describe('while a dialer is paused over the API', () => {
  it('refuses a note that is no text, and says so', async () => {
    const answer = await pause({ note: { length: { valueOf: 1, toString: 1 } } });

    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('note')]);
    expect(await patchbay.app.deps.store.controls()).toEqual([]);
  });

  it('nothing is written to it, all is kept, and it goes out when the pause is lifted', async () => {
    const paused = await pause({ dialer: 'carousel' });
    const { correlation_id: id, ...call } = await register('mu-1', ada);
    const told = await commit({ correlation_id: id, outcome: 'not_interested' });
    const optedOut = await commit({
      correlation_id: (await register('mu-2', ben)).correlation_id,
      outcome: 'opt_out',
    });
    const again = await pause({ dialer: 'carousel' });
    const during = [dispositions(), dialer.dnc.size];
    const lifted = await api('delete').query({ kind: 'pause', dialer: 'carousel' });

    expect([paused.status, paused.body.waiting, call.route, call.reason]).toEqual([200, 0, 'ai', 'paused']);
    expect([told.body.ok, optedOut.body.ok]).toEqual([true, true]);
    expect([again.body.waiting, again.body.waiting_opt_outs]).toEqual([3, 1]);
    expect(during).toEqual([['', ''], 0]);
    expect(lifted.status).toBe(200);
    await eventually(() => expect([dispositions(), dialer.dnc.size]).toEqual([['gone', 'never'], 1]));
  });

  it('a call goes to people where its campaign says so, and nobody is called', async () => {
    await pause({});
    const people = await register('mu-1', ada, 'Winter');
    const question = { dialer: 'carousel', campaign: 'Winter', phone: '+13035550111', fields: {} };
    const asked = await mayCall(patchbay.app.deps, question);
    await api('delete').query({ kind: 'pause' });
    const after = [await register('mu-2', ben, 'Winter'), await mayCall(patchbay.app.deps, question)];

    expect(people).toMatchObject({ status: 'ok', route: 'skill', reason: 'paused' });
    expect(asked).toEqual({ isAllowed: false, reason: 'paused', evidence: {} });
    expect(after).toMatchObject([{ route: 'ai', reason: '' }, { isAllowed: true }]);
  });

  it('calls go on by a pause of one aspect, or of another campaign', async () => {
    await pause({ aspect: 'dnc' });
    await pause({ campaign: 'Autumn' });

    expect(await register('mu-1', ada, 'Winter')).toMatchObject({ route: 'ai', reason: '' });
  });

  it('who opted out is still sent away, not to people', async () => {
    const { correlation_id: id } = await register('mu-1', ada);
    await commit({ correlation_id: id, outcome: 'opt_out' });
    await pause({});

    expect(await register('mu-2', ada, 'Winter')).toMatchObject({ route: 'hangup', reason: 'opt_out' });
  });

  it('each process says so, and so does the page for Prometheus', async () => {
    await pause({ dialer: 'carousel', aspect: 'dnc' });
    const during = await (await fetch(`${patchbay.url}/metrics`)).text();
    await api('delete').query({ kind: 'pause', dialer: 'carousel', aspect: 'dnc' });
    const after = await (await fetch(`${patchbay.url}/metrics`)).text();

    expect(during).toContain('patchbay_pauses{scope="aspect",dialer="carousel"} 1');
    expect(after).not.toMatch(/^patchbay_pauses\{/m);
    const fields = { control: 'pause', dialer: 'carousel', campaign: '', aspect: 'dnc', percent: 0 };
    expect(patchbay.log).toContainEqual(expect.objectContaining({ ...fields, msg: 'a control holds from now on' }));
    expect(patchbay.log).toContainEqual(expect.objectContaining({ ...fields, msg: 'a control was lifted' }));
  });
});

describe('the API of controls', () => {
  it('lists what is set, with who and why, and writes it down', async () => {
    await pause({ dialer: 'carousel', campaign: 'Autumn', note: 'wrong dispositions' });
    await api('put').send({ kind: 'stage', percent: 25, note: 'begin small' });

    const { body } = await api('get');

    expect(body.controls).toHaveLength(2);
    expect(body.controls).toContainEqual({
      ...{ kind: 'pause', dialer: 'carousel', campaign: 'Autumn', aspect: '', percent: 0 },
      ...{ note: 'wrong dispositions', by: 'api:desk', at: expect.any(String) },
    });
    const audit = await patchbay.app.deps.store.auditLog(9);
    expect(audit.map(({ act, by, subject }) => `${by} ${act} ${subject}`).sort()).toEqual([
      'api:desk pause-set carousel / Autumn',
      'api:desk stage-set everywhere',
    ]);
  });

  it.each([
    { kind: 'pause', campaign: 'Atumn' },
    { kind: 'stage', campaign: 'Atumn', dialer: 'carousel', percent: 0 },
    { kind: 'share', campaign: 'Atumn', percent: 5 },
  ])('sets a $kind for a campaign that no configuration names, and says which may be meant', async (wish) => {
    const { status, body } = await api('put').send({ ...wish, note: 'x' });
    const known = await api('put').send({ ...wish, campaign: ' Autumn ', note: 'x' });

    expect([status, known.status]).toEqual([200, 200]);
    expect(body.warning).toContain('Is Autumn meant?');
    expect(known.body).toMatchObject({ campaign: 'Autumn' });
    expect(known.body).not.toHaveProperty('warning');
    expect(await patchbay.app.deps.store.controls()).toHaveLength(2);
  });

  it('is for operators alone', async () => {
    for (const key of [keys.script, keys.tools, 'pb_wrong', '']) {
      expect((await api('get', key)).status).toBe(401);
      expect((await api('put', key).send({ kind: 'pause', note: 'x' })).status).toBe(401);
      expect((await api('delete', key).query({ kind: 'pause' })).status).toBe(401);
    }
    expect(await patchbay.app.deps.store.controls()).toEqual([]);
  });

  it.each([
    [{ kind: 'pause' }, 'note'],
    [{ kind: 'halt', note: 'x' }, 'kind'],
    [{ kind: 'pause', note: 'x', dialer: 'caroussel' }, 'There are: carousel'],
    [{ kind: 'pause', note: 'x', aspect: 'everything' }, 'aspect'],
    [{ kind: 'pause', note: 'x', percent: 5 }, 'percentage'],
    [{ kind: 'stage', note: 'x' }, 'percentage'],
    [{ kind: 'stage', note: 'x', percent: 5, aspect: 'dnc' }, 'aspect'],
    [{ kind: 'pause', note: 'x', campain: 'Autumn' }, 'campain'],
    [{ kind: 'pause', note: ' ' }, 'reason'],
  ])('refuses %j, and says why', async (wish, why) => {
    const { status, type, body } = await api('put').send(wish);

    expect([status, type]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toContain(why);
    expect(await patchbay.app.deps.store.controls()).toEqual([]);
  });

  it('says that there is none of exactly this scope', async () => {
    await pause({ dialer: 'carousel' });

    expect((await api('delete').query({ kind: 'pause' })).status).toBe(404);
    expect((await api('delete').query({ kind: 'nothing' })).status).toBe(400);
    expect(await patchbay.app.deps.store.controls()).toHaveLength(1);
  });
});
