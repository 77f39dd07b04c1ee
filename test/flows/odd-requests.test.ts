import { afterEach, beforeEach, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const dispositions = {
  callback: 'later',
  not_interested: 'gone',
  opt_out: 'never',
  qualified: 'sold',
  hung_up: 'gone',
};
let dialer: MadeUpServer;
let patchbay: TestApp;
let hangs = false;

// The made-up dialer, with a call's time from the request and a look-up that may ignore its signal.
const odd = {
  ...madeUp,
  create(id: string, config: never, deps: never) {
    const made = (madeUp.create as (...all: never[]) => ReturnType<typeof madeUp.create>)(id as never, config, deps);
    return {
      ...made,
      recogniseCall(variables: Record<string, string>) {
        const found = made.recogniseCall?.(variables) ?? null;
        const calledAt = variables.called_at;
        return found && calledAt ? { ...found, leg: { ...found.leg, calledAt } } : found;
      },
      findLead(sighting: never, signal: never) {
        if (hangs) return new Promise<null>((resolve) => setTimeout(() => resolve(null), 3000));
        return (
          (made.findLead as ((...all: never[]) => Promise<never>) | undefined)?.(sighting, signal) ??
          Promise.resolve(null)
        );
      },
    };
  },
};

beforeEach(async () => {
  hangs = false;
  dialer = await startMadeUpServer([ada, ben]);
  patchbay = await startTestApp({
    registry: { dialers: [odd as never], platforms: [sigmamind] },
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        budgets: { registerMs: 400, outcomeMs: 1000, headersMs: 200 },
        headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
        campaigns: {
          Autumn: { dispositions, safeRoute: 'callback' },
          '*': { dispositions, safeRoute: 'skill' },
        },
      },
    },
  });
});
afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

async function ivr(path: string, init: RequestInit = {}) {
  const startedAt = performance.now();
  const response = await fetch(`${patchbay.url}/v1/ivr/carousel/${path}`, {
    ...init,
    headers: { 'x-api-key': keys.script, ...init.headers },
  });
  const text = await response.text();
  const body = (() => {
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch {
      return {};
    }
  })();
  return { status: response.status, body, text, ms: performance.now() - startedAt };
}
async function commit(body: object) {
  const response = await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}
const callOf = async (id: string) => await patchbay.app.deps.store.callById(id);

it('a question mark in a query value does not swallow the variables behind it', async () => {
  const { body } = await ivr('register?call_id=mu-1&first_name=Ada?&number=3035550111&campaign=Autumn');
  expect((await callOf(body.correlation_id ?? ''))?.campaign).toBe('Autumn');
});
it('a campaign that is called as every object has something is one like any other', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=constructor');
  const answer = await commit({ correlation_id: body.correlation_id, outcome: 'opt_out' });
  expect(answer).toMatchObject({ ok: true });
  await eventually(() => expect(dialer.dnc.has('+13035550111')).toBe(true));
  expect((await ivr(`outcome?correlation_id=${body.correlation_id}&wait_ms=0`)).body).toMatchObject({ status: 'done' });
});
it('a nested key never beats the top-level one', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({
    notes: { mood: 'good', outcome: 'qualified' },
    correlation_id: body.correlation_id,
    outcome: 'opt_out',
  });
  expect((await callOf(body.correlation_id ?? ''))?.outcome?.code).toBe('opt_out');
});
it('an outcome said again after another one within 10 s is the last word', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  const correlation_id = body.correlation_id;
  for (const outcome of ['not_interested', 'qualified', 'not_interested']) {
    expect(await commit({ correlation_id, outcome })).toMatchObject({ ok: true });
    await new Promise((r) => setTimeout(r, 20));
  }
  expect((await callOf(correlation_id ?? ''))?.outcome?.code).toBe('not_interested');
});
it('a richer second telling of the same outcome is kept', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  const correlation_id = body.correlation_id;
  await commit({ correlation_id, outcome: 'qualified' });
  await commit({ correlation_id, outcome: 'qualified', summary: 'Two vans', intent: 'buy' });
  expect((await callOf(correlation_id ?? ''))?.outcome).toMatchObject({
    summary: 'Two vans',
    fields: { intent: 'buy' },
  });
});
it('a call registered again by its id alone keeps its gate', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: body.correlation_id, outcome: 'opt_out' });
  const first = await ivr('register?call_id=mu-2&number=3035550111&campaign=Autumn');
  const again = await ivr('register?call_id=mu-2');
  expect([first.body.route, again.body.route]).toEqual(['hangup', 'hangup']);
});
it('an opt-out and an outcome that lie in the spool hold for live calls', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  const { store } = patchbay.app.deps;
  const real = {
    recordFacts: store.recordFacts,
    isOptedOut: store.isOptedOut,
    callByRef: store.callByRef,
    leadByKey: store.leadByKey,
    leadsByPhone: store.leadsByPhone,
    ping: store.ping,
  };
  const never = () => new Promise<never>(() => undefined);
  Object.assign(store, {
    recordFacts: never,
    isOptedOut: never,
    callByRef: never,
    leadByKey: never,
    leadsByPhone: never,
    ping: never,
  });
  const ok = await commit({ correlation_id: body.correlation_id, outcome: 'opt_out' });
  const outcome = await ivr(`outcome?correlation_id=${body.correlation_id}&wait_ms=0`);
  const next = await ivr('register?call_id=mu-2&number=3035550111&campaign=Autumn');
  Object.assign(store, real);
  expect(ok).toMatchObject({ ok: true });
  expect.soft(next.body.route).toBe('hangup');
  expect.soft(outcome.body).toMatchObject({ status: 'done', outcome: 'opt_out' });
});
it("another call's code next to a good correlation ID does not move the write-back to that lead", async () => {
  const other = await ivr(
    'register?call_id=mu-0&lead_id=r2&number=3035550112&campaign=Autumn&called_at=2020-01-01T00:00:00.000Z',
  );
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({
    correlation_id: body.correlation_id,
    call_id: 'mu-0',
    lead_id: 'r2',
    called_at: '2020-01-01T00:00:00.000Z',
    outcome: 'not_interested',
  });
  expect(other.body.correlation_id).not.toBe(body.correlation_id);
  const rows = await patchbay.app.deps.store.writeBacksOf(body.correlation_id ?? '');
  expect(rows.map((row) => row.target.leadKey)).toEqual(['r1']);
});
it('a body that is too large is still answered with 200', async () => {
  const answer = await ivr('register', { method: 'POST', body: `call_id=mu-1&note=${'x'.repeat(2_000_000)}` });
  expect(answer.status).toBe(200);
});
it('a look-up that ignores its signal does not hold a live request up', async () => {
  hangs = true;
  const answer = await ivr('register?call_id=mu-1&lead_id=r9&number=3035550111&campaign=Autumn');
  expect(answer.ms).toBeLessThan(800);
});
it('a spool on a disk that hangs does not hold a live request up', async () => {
  const { store, spool } = patchbay.app.deps;
  const realAppend = spool.append;
  const realRecord = store.recordFacts;
  Object.assign(store, { recordFacts: () => new Promise<never>(() => undefined) });
  Object.assign(spool, { append: () => new Promise((r) => setTimeout(r, 3000)) });
  const answer = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  Object.assign(store, { recordFacts: realRecord });
  Object.assign(spool, { append: realAppend });
  expect(answer.ms).toBeLessThan(800);
});
it('an opt-out that an operator took back opens the gate again', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: body.correlation_id, outcome: 'opt_out' });
  await new Promise((r) => setTimeout(r, 20));
  const { deps } = patchbay.app;
  await recordFacts(
    deps,
    [
      {
        refs: [correlationRef(body.correlation_id ?? '')],
        source: 'operator:anna',
        key: 'undo:1',
        at: new Date(deps.clock.now()).toISOString(),
        body: { kind: 'opt-out-undone', by: 'anna', why: 'mistake' },
      },
    ],
    { budgetMs: 1000 },
  );
  expect(await deps.store.isOptedOut('+13035550111')).toBe(false);
  const next = await ivr('register?call_id=mu-2&number=3035550111&campaign=Autumn');
  expect(next.body.route).toBe('ai');
});
it('a technical end leaves a waiting script waiting for the better word', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  const waiting = ivr(`outcome?correlation_id=${body.correlation_id}`);
  await new Promise((r) => setTimeout(r, 50));
  await patchbay.postEvent({
    event: 'conversation_ended',
    data: { callId: 'c1', dynamicVariables: { correlation_id: body.correlation_id } },
  });
  await new Promise((r) => setTimeout(r, 100));
  await commit({ correlation_id: body.correlation_id, outcome: 'qualified' });
  expect((await waiting).body).toMatchObject({ status: 'done', outcome: 'qualified' });
});
it('context by ANI gives only a call that waits for its hand-over', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: body.correlation_id, outcome: 'not_interested' });
  const { body: two } = await ivr('register?call_id=mu-2&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: two.correlation_id, outcome: 'transferred' });
  expect((await ivr('context?ani=3035550111')).body).toMatchObject({ status: 'done', outcome: 'transferred' });
});
it('unknown calls get the safe route of the campaign that the script names', async () => {
  expect((await ivr('outcome?call_id=mu-77&campaign=Autumn')).body).toMatchObject({
    status: 'unknown',
    route: 'callback',
  });
});
it('outcome finds a call by its number', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: body.correlation_id, outcome: 'qualified' });
  expect((await ivr('outcome?number=3035550111')).body).toMatchObject({ status: 'done' });
});
it('a fact that the store can not hold does not count as the store being away', async () => {
  const { deps } = patchbay.app;
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await recordFacts(
    deps,
    [
      {
        refs: [correlationRef(body.correlation_id ?? '')],
        source: 'x',
        key: 'k',
        at: undefined as never,
        body: { kind: 'started' },
      },
    ],
    { budgetMs: 10_000 },
  ).catch(() => undefined);
  expect(deps.gate.isAway()).toBe(false);
  await eventually(() => expect(deps.spool.size()).toBe(0));
});
it('an entry of the spool that no code understands does not hold up those behind it', async () => {
  const { deps } = patchbay.app;
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await deps.spool.append({ fact: { from: 'another version' } });
  const now = new Date(deps.clock.now()).toISOString();
  await deps.spool.append({
    fact: {
      refs: [correlationRef(body.correlation_id ?? '')],
      source: 'sigmamind',
      key: 'k',
      at: now,
      body: { kind: 'started' },
    },
    receivedAt: now,
    freshId: body.correlation_id,
    isAnnounced: false,
    expiresAt: now,
  });
  await eventually(async () => {
    const facts = await deps.store.factsOf(body.correlation_id ?? '');
    expect(facts.map((fact) => fact.body.kind)).toContain('started');
  }, 4000);
});
it('context refuses a correlation ID that has ended', async () => {
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn');
  await commit({ correlation_id: body.correlation_id, outcome: 'qualified' });
  const { deps } = patchbay.app;
  const now = deps.clock.now;
  Object.assign(deps.clock, { now: () => Date.now() + 48 * 3_600_000 });
  const answer = await ivr(`context?correlation_id=${body.correlation_id}`);
  Object.assign(deps.clock, { now });
  expect(answer.body).toMatchObject({ status: 'unknown' });
});
it('a hold on the campaign * holds the rows of every campaign that it stands for', async () => {
  const { deps } = patchbay.app;
  const { deliverWriteBacks } = await import('../../src/flows/deliver-write-backs.ts');
  const { createBreaker } = await import('../../src/flows/breaker.ts');
  const delivered: string[] = [];
  const dialerOf = deps.dialers.get('carousel');
  if (!dialerOf) throw new Error('no dialer');
  const fake = {
    ...dialerOf,
    deliver: async (rows: readonly { id: string; target: { campaign: string } }[]) => {
      delivered.push(...rows.map((r) => r.target.campaign));
      return new Map();
    },
  };
  const realClaim = deps.store.claimWriteBacks;
  const { body } = await ivr('register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Winter');
  Object.assign(deps.store, { claimWriteBacks: async () => [] });
  await new Promise((r) => setTimeout(r, 100));
  await commit({ correlation_id: body.correlation_id, outcome: 'qualified' });
  const row = (await deps.store.writeBacksOf(body.correlation_id ?? ''))[0];
  const claimed = await realClaim({ dialer: 'carousel', limit: 10, leaseMs: 60_000, now: '2099-01-01T00:00:00.000Z' });
  expect(row?.target.campaign).toBe('Winter');
  Object.assign(deps.store, { claimWriteBacks: async () => claimed });
  await deliverWriteBacks(deps, fake as never, {
    breaker: createBreaker(deps.clock, { failures: 5, waitMs: 1000 }),
    confirmBreaker: createBreaker(deps.clock, { failures: 5, waitMs: 1000 }),
    holds: [{ campaign: '*', why: 'x', hint: 'y' }],
  });
  Object.assign(deps.store, { claimWriteBacks: realClaim });
  expect(delivered).toEqual([]);
});

it('hears a dialer that asks without its key first, as wget does, however often it does so', async () => {
  const url = `${patchbay.url}/v1/ivr/carousel/register?call_id=c-wget&lead_id=${ada.key}&number=${ada.number}`;

  for (let round = 0; round < 70; round += 1) expect((await fetch(url)).status).toBe(401);
  const withKey = await fetch(url, { headers: { 'x-api-key': keys.script } });

  expect(withKey.status).toBe(200);
});

it('tells who tries one key after the other to wait', async () => {
  const guess = async (key: string) =>
    (await fetch(`${patchbay.url}/v1/ivr/carousel/register`, { headers: { 'x-api-key': key } })).status;

  const answers = [];
  for (let round = 0; round < 70; round += 1) answers.push(await guess(`guess-${round}`));

  expect(answers[0]).toBe(401);
  expect(answers.at(-1)).toBe(429);
});

it('tells who tries one path token after the other to wait', async () => {
  const guess = async (token: string) =>
    (await fetch(`${patchbay.url}/v1/platforms/sigmamind/events/${token}`, { method: 'POST', body: '{}' })).status;

  const answers = [];
  for (let round = 0; round < 70; round += 1) answers.push(await guess(`guess-${round}`));

  expect(answers.at(-1)).toBe(429);
});
