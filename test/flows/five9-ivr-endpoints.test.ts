import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import { answerRegex, outcomeKeys, registerKeys } from '../../connectors/five9/ivr/regexes.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const adasNumber = '2125550101';
const bensNumber = '2125550102';
/** She opts out, for good. */
const cleosNumber = '2125550103';
const ourCallerId = '8005550199';
const aiNumber = '+12125550190';
const inboundToken = 'token-of-the-inbound-call-0123456789';
// A call must be in the store once it is registered, also on a machine that has much else to do.
const budgets = { registerMs: 2000, outcomeMs: 500, contextMs: 500 };

const dispositions = { qualified: 'AI - Qualified', not_interested: 'AI - No', transferred: 'AI - Transferred' };
const domain = {
  type: 'five9',
  domainTimeZone: 'America/New_York',
  // Nobody listens there: every look-up of a contact fails at once.
  soap: { host: 'http://127.0.0.1:9', users: [{ user: 'ada@example', password: 'engine' }] },
  keyField: 'number1',
  budgets,
  returnedHeaders: { outcome: 'X-RouteReason' },
  campaigns: {
    Spring: { dispositions, safeRoute: 'callback', screenPop: ['intent', 'campaign'] },
    Autumn: {
      dispositions,
      safeRoute: 'skill',
      screenPop: ['budget'],
      connection: 'carrier',
      script: { transferTo: aiNumber, skill: 'People' },
    },
  },
};

/** The service's clock; a test moves it on. */
let skippedMs = 0;
let tests = 0;
let patchbay: TestApp;

// One service for all tests: each has a day of its own, and calls of its own.
beforeEach(() => {
  tests += 1;
  skippedMs += 86_400_000;
  adasCall = { call_id: callId(1), call_type: '5', ani: ourCallerId, dnis: adasNumber, campaign: 'Spring' };
});

beforeAll(async () => {
  patchbay = await startTestApp({
    registry: { dialers: [five9 as never], platforms: [sigmamind] },
    dialers: { five9: domain },
    clock: { ...realClock, now: () => realClock.now() + skippedMs },
    config: {
      platforms: {
        sigmamind: { type: 'sigmamind', apiKey: 'unused', inboundCall: { tokens: [inboundToken] } },
      },
    },
  });
});

afterAll(() => patchbay.stop());

type Answer = Record<string, string>;

async function ask(endpoint: string, variables: Answer = {}, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${patchbay.url}/v1/ivr/five9/${endpoint}?${new URLSearchParams(variables)}`, {
    ...init,
    headers: { 'x-api-key': keys.script, ...init.headers },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

let adasCall: Record<'call_id' | 'call_type' | 'ani' | 'dnis' | 'campaign', string>;

function callId(index: number): string {
  return String(300_000_000_000_000 + tests * 100 + index);
}

async function register(overrides: Answer = {}): Promise<string> {
  return (await ask('register', { ...adasCall, ...overrides })).correlation_id ?? '';
}

async function commit(correlationId: string, outcome: string, more: Answer = {}): Promise<void> {
  const response = await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: correlationId, outcome, ...more }),
  });
  expect(response.status).toBe(200);
}

/** The AI has begun to talk, as its platform's event would tell. */
async function start(correlationId: string): Promise<void> {
  const { store, clock } = patchbay.app.deps;
  const now = new Date(clock.now()).toISOString();
  const fact = {
    refs: [correlationRef(correlationId)],
    source: 'sigmamind',
    key: `started:${correlationId}`,
    at: now,
    body: { kind: 'started' },
  } as const;
  const expiresAt = new Date(clock.now() + 3_600_000).toISOString();
  await store.recordFacts({
    facts: [{ fact, receivedAt: now, freshId: correlationId, isAnnounced: false, expiresAt }],
    now,
  });
}

const callOf = (id: string) => patchbay.app.deps.store.callById(id);

describe('a register Query', () => {
  const inQuery = (headers: Record<string, string> = {}) => ask('register', adasCall, { headers });
  const inBody = (body: string | URLSearchParams, method = 'POST') => ask('register', {}, { method, body });
  const asXml = () => Object.entries(adasCall).map(([key, value]) => `<${key}>${value}</${key}>`);

  it.each<[string, () => Promise<Answer>]>([
    ['parameters', inQuery],
    ['a form', () => inBody(new URLSearchParams(adasCall))],
    ['a form by PUT', () => inBody(new URLSearchParams(adasCall), 'PUT')],
    ['a JSON template', () => inBody(JSON.stringify(adasCall))],
    [
      'a JSON template with a name that breaks it',
      () => inBody(JSON.stringify(adasCall).replace('{', '{"first_name":"Ada "the\\" \n{"Countess",')),
    ],
    ['an XML template', () => inBody(`<q>${asXml().join('')}</q>`)],
    ['Basic', () => inQuery({ 'x-api-key': '', authorization: `Basic ${btoa(`script:${keys.script}`)}` })],
    ['Bearer', () => inQuery({ 'x-api-key': '', authorization: `Bearer ${keys.script}` })],
    [
      "Bearer beside another system's key",
      () => inQuery({ 'x-api-key': 'theirs', authorization: `Bearer ${keys.script}` }),
    ],
  ])('gives the call its ID, sent as %s', async (_how, send) => {
    const answer = await send();

    expect(answer).toMatchObject({ route: 'ai', error: '' });
    expect(await callOf(answer.correlation_id ?? '')).toMatchObject({ campaign: 'Spring', phone: `+1${adasNumber}` });
  });

  it.each([
    ['1', `+1${adasNumber}`],
    ['4', `+1${adasNumber}`],
    ['5', `+1${adasNumber}`],
    ['2', `+1${ourCallerId}`],
    ['3', ''],
    ['6', ''],
    ['257', ''],
    ['258', ''],
    ['259', ''],
    ['Call.type', ''],
  ])("takes the customer's number by call type %s", async (type, phone) => {
    expect((await callOf(await register({ call_type: type })))?.phone).toBe(phone);
  });

  it('takes names that were not filled in as missing', async () => {
    const id = await register({ campaign: 'Call.campaign_name', list: 'null', session_id: 'Call.session_id' });

    expect(await callOf(id)).toMatchObject({ campaign: '' });
  });

  it('answers every key to one expression, also when it cannot use the request', async () => {
    const answer = await ask('register', { call_id: 'Call.call_id' });
    const expression = new RegExp(answerRegex([...registerKeys, 'X-correlation_id', 'X-lead_id', 'X-first_name']));

    expect(expression.exec(JSON.stringify(answer))?.[1]).toBe('error');
  });
});

describe('an outcome Query', () => {
  it.each([
    ['pending', async () => ({ correlation_id: await register() })],
    ['unknown', async () => ({ call_id: '399999999999999', campaign: 'Spring' })],
    ['unknown', async () => ({ correlation_id: 'Call.nothing', campaign: 'Spring' })],
  ])('is answered %s with the safe route and every key, screen pop included', async (status, variables) => {
    const answer = await ask('outcome', { wait_ms: '0', ...(await variables()) });

    expect(answer).toMatchObject({ status, route: 'callback', intent: '' });
    expect(Object.keys(answer)).toEqual([...outcomeKeys, 'intent', 'campaign']);
  });

  it('has the fields of every campaign when none is known, so that each expression finds its own', async () => {
    const answer = await ask('outcome', { call_id: '399999999999999', campaign: 'Call.campaign_name' });

    expect(Object.keys(answer).slice(outcomeKeys.length)).toEqual(['intent', 'campaign', 'budget']);
  });

  it('gives the safe route of the campaign in the request while the store is away', async () => {
    const { store } = patchbay.app.deps;
    const real = store.callByRef;
    Object.assign(store, { callByRef: () => new Promise(() => undefined) });

    const startedAt = performance.now();
    const answer = await ask('outcome', { call_id: '399999999999999', campaign: 'Spring' });
    const ms = performance.now() - startedAt;
    Object.assign(store, { callByRef: real });

    expect(answer).toMatchObject({ status: 'error', route: 'callback' });
    // A busy machine may take its time; without the budget there would be no answer at all.
    expect(ms).toBeLessThan(budgets.outcomeMs + 2000);
  });

  it.each<[string, Answer]>([
    ['a header each', { 'x-route-reason': 'not a code', 'x-routereason': 'Not interested', 'x-summary': 'Has one' }],
    ['the text of the KVList', { returned_headers: '{"X-RouteReason":"not-interested","X-Summary":"Has one"}' }],
    ['our own name', { 'X-OUTCOME': 'not_interested', 'X-summary': 'Has one' }],
  ])('records an outcome that came back with the hang-up as %s', async (_how, headers) => {
    const id = await register();

    const answer = await ask('outcome', { correlation_id: id, ...headers });
    await ask('outcome', { correlation_id: id, ...headers });

    expect(answer).toMatchObject({ status: 'done', outcome: 'not_interested', summary: 'Has one', correlation_id: id });
    const facts = await patchbay.app.deps.store.factsOf(id);
    expect(facts.filter(({ body }) => body.kind === 'committed')).toHaveLength(1);
  });

  it('does not believe a code that nobody knows, nor a field of the lead', async () => {
    const id = await register();

    const unknown = await ask('outcome', { correlation_id: id, 'X-RouteReason': 'free money', wait_ms: '0' });
    const lead = await ask('outcome', { correlation_id: id, first_name: '{"X-outcome":"sale"}', wait_ms: '0' });

    expect([unknown.status, lead.status]).toEqual(['pending', 'pending']);
  });

  it('does not acknowledge a returned outcome that neither store nor spool took', async () => {
    const id = await register();
    const { store, spool } = patchbay.app.deps;
    const real = { recordFacts: store.recordFacts, append: spool.append };
    Object.assign(store, { recordFacts: () => Promise.reject(new Error('away')) });
    Object.assign(spool, { append: () => Promise.reject(new Error('disk full')) });

    const lost = await ask('outcome', { correlation_id: id, 'X-RouteReason': 'qualified' });
    Object.assign(store, { recordFacts: real.recordFacts });
    Object.assign(spool, { append: real.append });
    const kept = await ask('outcome', { correlation_id: id, 'X-RouteReason': 'qualified' });

    expect(lost).toMatchObject({ status: 'error', outcome: '', route: 'callback' });
    expect(kept).toMatchObject({ status: 'done', outcome: 'qualified', route: 'skill' });
  });

  it('is in every format what the published expressions read', async () => {
    const id = await register();
    await commit(id, 'qualified', { summary: 'Said "outcome":"opt_out"\noutcome=opt_out', intent: 'buy' });

    for (const format of ['json', 'text', 'xml'] as const) {
      const url = `${patchbay.url}/v1/ivr/five9/outcome?correlation_id=${id}&format=${format}`;
      const body = await (await fetch(url, { headers: { 'x-api-key': keys.script } })).text();
      const found = new RegExp(answerRegex(['outcome', 'summary', 'intent'], format)).exec(body);

      expect(found?.slice(1)).toEqual(['qualified', expect.stringContaining('Said'), 'buy']);
    }
  });
});

describe('handing over to people (context)', () => {
  const byAni = (more: Answer = {}) => ask('context', { ani: adasNumber, wait_ms: '0', ...more });

  it.each(['correlation_id', 'X-correlation_id', 'x-correlation-id'])('finds the call by %s', async (name) => {
    const id = await register();
    await commit(id, 'transferred', { summary: 'Two vans', intent: 'buy' });

    const answer = await ask('context', { [name]: id.toUpperCase() });

    expect(answer).toMatchObject({
      status: 'done',
      summary: 'Two vans',
      intent: 'buy',
      campaign: 'Spring',
      budget: '',
    });
  });

  it('finds a call that the AI transfers before it commits, and waits for the outcome', async () => {
    const id = await register();
    await start(id);
    const waiting = ask('context', { ani: adasNumber });
    await eventually(async () => {
      const facts = await patchbay.app.deps.store.factsOf(id);
      expect(facts.some(({ body }) => body.kind === 'handed-over')).toBe(true);
    });
    await commit(id, 'transferred', { summary: 'Two vans' });

    expect(await waiting).toMatchObject({ status: 'done', summary: 'Two vans', correlation_id: id });
  });

  it('does not take a call for one that waits while the AI has not begun', async () => {
    await register();

    expect(await byAni()).toMatchObject({ status: 'unknown' });
  });

  it('refuses to guess between two, and says so', async () => {
    await commit(await register(), 'transferred');
    await start(await register({ call_id: callId(2) }));

    expect(await byAni()).toMatchObject({
      status: 'unknown',
      error: '2 calls of this number wait',
      correlation_id: '',
    });
  });

  it('gives a call again to the script that fetched it, and to no other', async () => {
    const id = await register();
    await commit(id, 'transferred');
    const mine = { call_id: callId(77) };

    const answers = [await byAni(mine), await byAni(mine), await byAni({ call_id: callId(78) })];

    expect(answers.map(({ status }) => status)).toEqual(['done', 'done', 'unknown']);
  });

  it('no longer counts a call that was fetched when the next one waits', async () => {
    await commit(await register(), 'transferred');
    await byAni({ call_id: callId(77) });
    const second = await register({ call_id: callId(2) });
    await commit(second, 'qualified');

    expect(await byAni({ call_id: callId(78) })).toMatchObject({ status: 'done', correlation_id: second });
    expect(await byAni({ call_id: callId(77) })).not.toMatchObject({ correlation_id: second });
  });

  it('lets a script that does not name its call ask again for some minutes', async () => {
    await commit(await register(), 'transferred');
    const first = await byAni();
    const again = await byAni();
    skippedMs += 6 * 60_000;
    const late = await byAni();

    expect([first.status, again.status, late.status]).toEqual(['done', 'done', 'unknown']);
  });

  it('answers within its budget while the store is away', async () => {
    const { store } = patchbay.app.deps;
    const real = store.callsByPhone;
    Object.assign(store, { callsByPhone: () => new Promise(() => undefined) });

    const startedAt = performance.now();
    const answer = await byAni();
    const ms = performance.now() - startedAt;
    Object.assign(store, { callsByPhone: real });

    expect(answer).toMatchObject({ status: 'error', route: 'skill' });
    expect(ms).toBeLessThan(budgets.contextMs + 2000);
  });
});

describe('a call that reaches the AI over a carrier', () => {
  async function ring(from: string, to = aiNumber): Promise<Answer> {
    const response = await fetch(`${patchbay.url}/v1/platforms/sigmamind/inbound-call/${inboundToken}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'inbound_call', from_number: from, to_number: to }),
    });
    return ((await response.json()) as { dynamic_variables: Answer }).dynamic_variables;
  }
  const overCarrier = { campaign: 'Autumn' };

  it("is found by the customer's number", async () => {
    const id = await register(overCarrier);
    await register({ ...overCarrier, call_id: callId(2), dnis: bensNumber });

    expect(await ring(`+1${adasNumber}`)).toMatchObject({ correlation_id: id });
  });

  it('is found by the called number when the dialer shows its own', async () => {
    const id = await register(overCarrier);
    await register({ call_id: callId(3), dnis: bensNumber, campaign: 'Spring' });

    expect(await ring(`+1${ourCallerId}`)).toMatchObject({ correlation_id: id });
    expect(await ring(`+1${ourCallerId}`, '+12125550191')).toEqual({});
  });

  it("is nobody else's when the number is that of a customer whose call was refused", async () => {
    const cleos = { ...overCarrier, dnis: cleosNumber };
    await commit(await register({ ...cleos, call_id: callId(4) }), 'opt_out');
    await register({ ...cleos, call_id: callId(5) });
    await register(overCarrier);

    expect(await ring(`+1${cleosNumber}`)).toEqual({});
  });

  it('is not guessed between two', async () => {
    await register(overCarrier);
    await register({ ...overCarrier, call_id: callId(2), dnis: bensNumber });

    expect(await ring(`+1${ourCallerId}`)).toEqual({});
  });

  it('is not taken for the only one while others wait in the spool', async () => {
    const id = await register(overCarrier);
    const { spool } = patchbay.app.deps;
    const realSize = spool.size;
    Object.assign(spool, { size: () => 1 });
    const answer = await ring(`+1${ourCallerId}`);
    Object.assign(spool, { size: realSize });

    expect(answer).toEqual({});
    expect(await ring(`+1${ourCallerId}`)).toMatchObject({ correlation_id: id });
  });

  it('counts no more once the AI talks, nor minutes later', async () => {
    await start(await register(overCarrier));
    const second = await register({ ...overCarrier, call_id: callId(2), dnis: bensNumber });

    expect(await ring(`+1${ourCallerId}`)).toMatchObject({ correlation_id: second });
    skippedMs += 3 * 60_000;
    expect(await ring(`+1${ourCallerId}`)).toEqual({});
  });
});

describe('whatever else comes', () => {
  it.each([
    ['HEAD', 200],
    ['DELETE', 405],
    ['PATCH', 405],
  ])('answers %s with %d, and registers nothing', async (method, status) => {
    const before = new Date(patchbay.app.deps.clock.now()).toISOString();
    const url = `${patchbay.url}/v1/ivr/five9/register?${new URLSearchParams(adasCall)}`;
    const response = await fetch(url, { method, headers: { 'x-api-key': keys.script } });

    expect(response.status).toBe(status);
    expect(await patchbay.app.deps.store.callsByPhone(`+1${adasNumber}`, before)).toEqual([]);
  });

  it('keeps the budgets of others while a thousand scripts wait', async () => {
    const logged = patchbay.log.length;
    const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => register({ call_id: callId(10 + index) })));
    const waiting = Array.from({ length: 1000 }, (_, index) =>
      ask('outcome', { correlation_id: ids[index % 20] ?? '' }),
    );

    const startedAt = performance.now();
    const answer = await ask('register', { ...adasCall, call_id: callId(99) });
    const ms = performance.now() - startedAt;
    const statuses = new Set((await Promise.all(waiting)).map(({ status }) => status));

    expect(answer.route).toBe('ai');
    expect([...statuses]).toEqual(['pending']);
    expect(patchbay.log.slice(logged).some(({ msg }) => String(msg).startsWith('the store is away'))).toBe(false);
    // This process makes the thousand requests as well, before it hears the one answer.
    expect(ms).toBeLessThan(budgets.registerMs + 4000);
  });
});
