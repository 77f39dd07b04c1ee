import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredFact } from '../../src/domain/fact.ts';
import { keepEvent } from '../../src/flows/keep-event.ts';
import { chooseCall, leaveAttention } from '../../src/flows/settle-ambiguity.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { inboundToken, keys, platformSection, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const adasNumber = '+13035550111';
const aiNumber = '+13035550199';
const otherAiNumber = '+13035550198';
const officeNumber = '+13035550100';
const dispositions = { callback: 'later', not_interested: 'gone', hung_up: 'gone', qualified: 'sold' };

let dialer: MadeUpServer;
let patchbay: TestApp;
let before: TestApp[];

beforeEach(async () => {
  dialer = await startMadeUpServer([ada, ben]);
  before = [];
  patchbay = await startWith({});
});

afterEach(async () => {
  for (const app of [patchbay, ...before]) await app.stop();
  await dialer.stop();
});

function startWith(changes: { handsTo?: object; store?: Record<string, unknown> }): Promise<TestApp> {
  const { handsTo = { Winter: otherAiNumber } } = changes;
  return startTestApp({
    ...(changes.store && { store: changes.store }),
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        handsTo,
        campaigns: { Autumn: { dispositions }, Winter: { dispositions } },
        headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
      },
    },
    config: {
      outcomes: { technicalEndWaitSec: 0 },
      platforms: {
        sigmamind: {
          ...platformSection({ apiKey: 'unused', apiUrl: 'http://127.0.0.1:1' }),
          analysis: { outcomeFrom: 'qualification', outcomes: { 'Never again': 'opt_out' } },
        },
      },
    },
  });
}

describe('a conversation is found to be a call', () => {
  it.each([
    ['by our ID', async (id: string) => ({ dynamicVariables: { correlation_id: id } }), 'correlation-id'],
    [
      'by our ID as somebody wrote it down',
      async (id: string) => ({
        dynamicVariables: { correlation_id: ` ${id.slice(0, 7).toUpperCase()}-${id.slice(7)}` },
      }),
      'correlation-id',
    ],
    ["by the dialer's own name", async () => ({ dynamicVariables: { call_id: 'mu-1' } }), 'dialer-name'],
    ["by the dialer's lead", async () => ({ dynamicVariables: { lead_id: 'r1' } }), 'dialer-name'],
    ['by both numbers and the time', async () => ({ from_number: adasNumber, to_number: aiNumber }), 'numbers'],
  ])('%s', async (_name, marks, by) => {
    const id = await call('mu-1');
    await post('started', 'c1', await marks(id));
    await post('ended', 'c1', {});

    expect(await matchedOf(id)).toEqual([{ kind: 'matched', by }]);
    const kinds = new Set(kindsOf(await patchbay.app.deps.store.factsOf(id)));
    expect([...kinds]).toEqual(['ended', 'matched', 'registered', 'started']);
    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));
    expect(await metrics()).toContain(`patchbay_conversations_matched_total{platform="sigmamind",by="${by}"} 1`);
  });

  it('by what we answered when the platform asked, also after a restart', async () => {
    const first = await call('mu-1');
    await post('started', 'c0', { dynamicVariables: { correlation_id: first } });
    const second = await call('mu-2');
    expect(await ask(adasNumber)).toMatchObject({ correlation_id: second });
    await eventually(async () => expect(kindsOf(await patchbay.app.deps.store.factsOf(second))).toContain('noted'));
    await goElsewhere();
    const third = await call('mu-3');

    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });

    expect(await matchedOf(second)).toEqual([{ kind: 'matched', by: 'inbound-call' }]);
    expect(await matchedOf(third)).toEqual([]);
  });

  it('by what we answered where the dialer shows its own number, elsewhere, and when the call is decided', async () => {
    const id = await call('mu-1', { campaign: 'Winter' });
    await call('mu-2', { lead_id: 'r2', number: ben.number });
    expect(await ask(officeNumber, otherAiNumber)).toMatchObject({ correlation_id: id });
    await commit({ correlation_id: id, outcome: 'not_interested' });
    await eventually(async () => expect(kindsOf(await patchbay.app.deps.store.factsOf(id))).toContain('noted'));
    await goElsewhere();

    await post('ended', 'c1', { from_number: officeNumber, to_number: otherAiNumber });

    expect(await matchedOf(id)).toEqual([{ kind: 'matched', by: 'inbound-call' }]);
  });
});

describe('a conversation is not guessed to be a call', () => {
  it.each<[string, object, string?]>([
    ['another number', { from_number: '+13035550113', to_number: aiNumber }],
    ['a number of the AI that other campaigns hand over to', { from_number: adasNumber, to_number: otherAiNumber }],
    ['no number at all', {}],
    ["the customer's number alone", { from_number: adasNumber }],
    ['the number that was called alone', { from_number: officeNumber, to_number: otherAiNumber }, 'Winter'],
    ['another lead', { dynamicVariables: { lead_id: 'r2' } }],
  ])('with %s', async (_name, marks, campaign = 'Autumn') => {
    const id = await call('mu-1', { campaign });
    await post('started', 'c1', marks);

    expect(kindsOf(await patchbay.app.deps.store.factsOf(id))).toEqual(['registered']);
  });

  it('that began before the call was registered, or long after', async () => {
    const id = await call('mu-1');
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber }, { beganSecAgo: 300 });
    await post('started', 'c2', { from_number: adasNumber, to_number: aiNumber }, { beganSecAgo: -2 * 3600 });
    await post('ended', 'c3', { from_number: adasNumber, to_number: aiNumber }, { beganSecAgo: null });

    expect(kindsOf(await patchbay.app.deps.store.factsOf(id))).toEqual(['registered']);
  });

  it("when two dialers have a lead of this name, and the number is another person's", async () => {
    const adas = await call('mu-1');
    const bens = await call('mu-2', { lead_id: 'r2', number: ben.number });
    const marks = { dynamicVariables: { lead_id: 'r1' }, from_number: '+13035550112', to_number: aiNumber };
    await post('ended', 'c1', marks);

    for (const id of [adas, bens]) expect(kindsOf(await patchbay.app.deps.store.factsOf(id))).toEqual(['registered']);
    await eventually(async () => {
      const [item] = await patchbay.app.deps.store.attention({ kind: 'ambiguous-call', limit: 9 });
      expect(item?.key).toBe('sigmamind:c1');
    });
  });

  it('with the lead, when a number was called that other campaigns hand over to', async () => {
    const id = await call('mu-1');
    await post('ended', 'c1', { dynamicVariables: { lead_id: 'r1' }, to_number: otherAiNumber });

    expect(kindsOf(await patchbay.app.deps.store.factsOf(id))).toEqual(['registered']);
  });

  it('when two conversations that begin at one moment fit one call: only one of them has it', async () => {
    const id = await call('mu-1');
    const marks = { from_number: adasNumber, to_number: aiNumber };
    await Promise.all(['c1', 'c2', 'c3'].map((name) => post('started', name, marks)));

    expect(await conversationsOf(id)).toHaveLength(1);
  });

  it('when a number has more calls than one look gives', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 11; count += 1) ids.push(await call(`mu-${count}`));
    const [, ...begun] = ids;
    for (const id of begun) await post('started', `with-${id}`, { dynamicVariables: { correlation_id: id } });
    await goElsewhere();
    const forgotten = await call('mu-12');
    await post('started', 'c12', { dynamicVariables: { correlation_id: forgotten } });

    const nobodys = await call('mu-13');
    await post('ended', 'c1', { from_number: adasNumber, to_number: aiNumber });

    expect(kindsOf(await patchbay.app.deps.store.factsOf(nobodys))).toEqual(['registered']);
  });

  it('when the one call of the number is with another conversation', async () => {
    const id = await call('mu-1');
    await post('started', 'c1', { dynamicVariables: { correlation_id: id } });
    await post('started', 'c2', { from_number: adasNumber, to_number: aiNumber });
    await goElsewhere();
    await post('ended', 'c2', { from_number: adasNumber, to_number: aiNumber });

    expect(await conversationsOf(id)).toEqual(['c1']);
  });

  it('that a decided call could be as well', async () => {
    const decided = await call('mu-1');
    await commit({ correlation_id: decided, outcome: 'not_interested' });
    const open = await call('mu-2');
    await goElsewhere();

    await post('ended', 'c1', { from_number: adasNumber, to_number: aiNumber });

    expect(kindsOf(await patchbay.app.deps.store.factsOf(open))).toEqual(['registered']);
    await eventually(async () => {
      expect(await patchbay.app.deps.store.attention({ limit: 9 })).toMatchObject([{ key: 'sigmamind:c1' }]);
    });
  });
});

describe('a conversation that two calls can be', () => {
  it('waits for a person, writes nothing, and goes where the person says', async () => {
    const [one, two] = [await call('mu-1'), await call('mu-2')];
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await post('ended', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await post('analysed', 'c1', {});

    const [item] = await eventually(async () => {
      const items = await patchbay.app.deps.store.attention({ kind: 'ambiguous-call', isOpen: true, limit: 9 });
      expect(items).toHaveLength(1);
      return items;
    });
    expect(item?.details).toMatchObject({ conversation: 'c1', customer: adasNumber, own: aiNumber });
    expect([item?.details.candidate1, item?.details.candidate2].map((text) => text?.split(' ')[0]).sort()).toEqual(
      [one, two].sort(),
    );
    const shell = await patchbay.app.deps.store.callByRef(conversation('c1'));
    expect(shell).toMatchObject({ isRegistered: false, outcome: { code: 'hung_up' } });
    expect(await patchbay.app.deps.store.writeBacks({ limit: 9 })).toEqual([]);
    expect(JSON.stringify(patchbay.log)).not.toContain(adasNumber.slice(2));

    await chooseCall(patchbay.app.deps, { key: 'sigmamind:c1', correlationId: two, by: 'cli:anna' });

    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));
    expect(await conversationsOf(two)).toEqual(['c1']);
    expect(kindsOf(await patchbay.app.deps.store.factsOf(one))).toEqual(['registered']);
    expect(await patchbay.app.deps.store.attention({ isOpen: true, limit: 9 })).toEqual([]);
    expect(await patchbay.app.deps.store.auditLog(9)).toMatchObject([
      { by: 'cli:anna', act: 'attention-choose', details: { chose: two } },
    ]);
  });

  it('goes on waiting when one of the two has found another conversation', async () => {
    const [one, two] = [await call('mu-1'), await call('mu-2')];
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await post('started', 'c2', { dynamicVariables: { correlation_id: two } });
    await post('ended', 'c1', { from_number: adasNumber, to_number: aiNumber });

    expect(kindsOf(await patchbay.app.deps.store.factsOf(one))).toEqual(['registered']);
    expect(await conversationsOf(two)).toEqual(['c2']);
  });

  it('blocks its customer when an opt-out is told in it, until a person has said whose it is', async () => {
    const [one, two] = [await call('mu-1'), await call('mu-2')];
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await post('analysed', 'c1', { insights: { qualification: 'Never again' } });
    const { store } = patchbay.app.deps;

    const third = await register('mu-3');
    const dnc = (await store.writeBacks({ limit: 9 })).filter(({ aspect }) => aspect === 'dnc');
    await chooseCall(patchbay.app.deps, { key: 'sigmamind:c1', correlationId: one, by: 'cli:anna' });

    expect(third).toMatchObject({ reason: 'opt_out' });
    expect(dnc.map(({ state }) => state)).toEqual(['held']);
    await eventually(() => expect([...dialer.dnc]).toEqual([adasNumber]));
    expect((await store.callById(two))?.outcome).toBeNull();
  });

  it('needs nobody any more when our ID comes after all', async () => {
    const [one] = [await call('mu-1'), await call('mu-2')];
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await post('ended', 'c1', { dynamicVariables: { correlation_id: one } });

    expect(await conversationsOf(one)).toEqual(['c1']);
    await eventually(async () => {
      const [item] = await patchbay.app.deps.store.attention({ limit: 9 });
      expect(item).toMatchObject({ settledBy: 'patchbay', settlement: 'matched by correlation-id' });
    });
  });

  it.each([
    ['', async () => undefined],
    [', also after a restart', goElsewhere],
  ])('is shown when it names another call than it was taken for%s', async (_when, meanwhile) => {
    const taken = await call('mu-1');
    await post('started', 'c1', { from_number: adasNumber, to_number: aiNumber });
    await meanwhile();
    const named = await call('mu-2');
    await post('ended', 'c1', { dynamicVariables: { correlation_id: named } });

    await eventually(async () => {
      const [item] = await patchbay.app.deps.store.attention({ kind: 'finding', limit: 9 });
      expect(item?.details.candidate1).toContain(taken);
      expect(item?.details.candidate2).toContain(named);
    });
    expect((await patchbay.app.deps.store.callById(named))?.outcome?.code).toBe('hung_up');
  });

  it('is not bound to a call that it can not be, nor twice, and can be left', async () => {
    const [one, two] = [await call('mu-1'), await call('mu-2')];
    const stranger = await call('mu-3', { lead_id: 'r2', number: ben.number });
    const { deps } = patchbay.app;
    for (const name of ['c1', 'c2']) await post('started', name, { from_number: adasNumber, to_number: aiNumber });

    const choose = (key: string, correlationId: string) => chooseCall(deps, { key, correlationId, by: 'cli:anna' });
    await expect(choose('sigmamind:c1', stranger)).rejects.toThrow('none of the calls');
    await expect(choose('sigmamind:c9', one)).rejects.toThrow('nothing that needs a person');
    await choose('sigmamind:c1', one);
    await choose('sigmamind:c1', one);
    await expect(choose('sigmamind:c1', two)).rejects.toThrow(/meanwhile|before/);
    await leaveAttention(deps, { key: 'sigmamind:c2', why: 'nobody knows', by: 'cli:anna' });

    expect(await conversationsOf(one)).toEqual(['c1']);
    expect(kindsOf(await deps.store.factsOf(two))).toEqual(['registered']);
    expect((await deps.store.auditLog(9)).map(({ act }) => act).sort()).toEqual([
      ...['attention-choose', 'attention-choose', 'attention-leave'],
    ]);
  });

  it('has its number blocked when an opt-out is told of one that is no call at all, and shows in the clocks', async () => {
    const { deps } = patchbay.app;
    const at = new Date().toISOString();
    const conversation = { instance: 'sigmamind', kind: 'call-id', key: 'c1' };
    const body = { kind: 'analysed', outcome: 'opt_out', summary: '', fields: {} } as const;
    const numbers = { customer: adasNumber, own: aiNumber };

    const event = { refs: [conversation], variables: {}, key: 'analysed:c1', at, startedAt: at, body, numbers };
    await keepEvent(deps, 'sigmamind', event);

    expect(await register('mu-9')).toMatchObject({ route: 'hangup', reason: 'opt_out' });
    expect(await deps.store.toldOptOuts({ isOpen: true, limit: 9 })).toMatchObject([{ phones: [adasNumber] }]);
    expect((await deps.store.writeBacks({ limit: 9 })).map(({ aspect, state }) => `${aspect} ${state}`)).toEqual([
      'dnc held',
    ]);
  });

  it('is no call that comes in while the AI is in the only one of the number', async () => {
    const id = await call('mu-1');
    expect(await ask(adasNumber)).toMatchObject({ correlation_id: id });
    await post('started', 'c1', { dynamicVariables: { correlation_id: id } });

    expect(await ask(adasNumber)).toEqual({});
  });

  it('is shown when the platform asks about it, and is told of neither', async () => {
    await call('mu-1');
    await call('mu-2');

    expect(await ask(adasNumber)).toEqual({});

    await eventually(async () => {
      const [item] = await patchbay.app.deps.store.attention({ kind: 'ambiguous-call', limit: 9 });
      expect(item?.details).toMatchObject({ customer: adasNumber, own: aiNumber });
    });
  });
});

describe('what needs a person besides', () => {
  it('counts forged events by reason, with one write for a flood', async () => {
    const ended = { event: 'conversation_ended', callId: 'c1' };
    for (let count = 0; count < 30; count += 1) await patchbay.postEvent(ended, { forge: true });

    const early = await eventually(async () => {
      const items = await patchbay.app.deps.store.attention({ kind: 'forged-event', limit: 9 });
      expect(items).toHaveLength(1);
      return items;
    });
    await patchbay.app.deps.board.flush();
    const [late] = await patchbay.app.deps.store.attention({ kind: 'forged-event', limit: 9 });

    expect(early[0]).toMatchObject({ count: 1, details: { why: 'the signature is wrong' } });
    expect(late?.count).toBe(30);
    expect(patchbay.log.filter(({ msg }) => msg === 'webhooks are denied')).toHaveLength(1);
  });

  it('shows an event that nobody knows and that names no call, without what was spoken', async () => {
    const answer = await patchbay.postEvent({ event: 'credit_low', balance: 4, transcript: 'Hello Ada' });

    expect([answer.status, await answer.json()]).toEqual([200, { result: 'shown' }]);
    await eventually(async () => {
      const [item] = await patchbay.app.deps.store.attention({ kind: 'unknown-event', limit: 9 });
      expect(item).toMatchObject({
        key: 'sigmamind:credit_low',
        details: { text: expect.stringContaining('balance') },
      });
      expect(item?.details.text).not.toContain('Ada');
    });
  });

  it('keeps an event that nobody knows with its call', async () => {
    const id = await call('mu-1');
    await patchbay.postEvent({
      event: 'node_executed',
      callId: 'c1',
      dynamicVariables: { correlation_id: id },
      node: 'x',
    });

    const facts = await patchbay.app.deps.store.factsOf(id);
    expect(facts.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ kind: 'noted', event: 'node_executed', text: expect.stringContaining('"node":"x"') }),
    );
  });
});

async function call(callId: string, changes: Record<string, string> = {}): Promise<string> {
  return (await register(callId, changes)).correlation_id ?? '';
}

async function register(callId: string, changes: Record<string, string> = {}): Promise<Record<string, string>> {
  const query = { call_id: callId, lead_id: 'r1', number: ada.number, campaign: 'Autumn', ...changes };
  const answer = await request(patchbay.url)
    .get('/v1/ivr/carousel/register')
    .query(query)
    .set('X-API-Key', keys.script);
  return answer.body as Record<string, string>;
}

async function commit(body: object): Promise<void> {
  await request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);
}

async function post(
  event: 'started' | 'ended' | 'analysed',
  callId: string,
  marks: object,
  { beganSecAgo = 0 }: { beganSecAgo?: number | null } = {},
): Promise<void> {
  const began = new Date(Date.now() - (beganSecAgo ?? 0) * 1000).toISOString();
  const answer = await patchbay.postEvent({
    event: `conversation_${event}`,
    callId,
    ...(beganSecAgo !== null && { timestamp: began, start_time: began }),
    ...marks,
  });
  expect(answer.status).toBe(200);
}

async function ask(from: string, to = aiNumber): Promise<Record<string, string>> {
  const answer = await request(patchbay.url)
    .post(`/v1/platforms/sigmamind/inbound-call/${inboundToken}`)
    .send({ event: 'inbound_call', from_number: from, to_number: to });
  return answer.body.dynamic_variables as Record<string, string>;
}

/** From here on everything goes to another process over the same store: it has no memory of what was. */
async function goElsewhere(): Promise<void> {
  before.push(patchbay);
  patchbay = await startWith({ store: { kind: 'sqlite', file: join(patchbay.folder, 'patchbay.sqlite') } });
}

function conversation(key: string) {
  return { instance: 'sigmamind', kind: 'call-id', key };
}

async function conversationsOf(correlationId: string): Promise<string[]> {
  const refs = await patchbay.app.deps.store.refsOf(correlationId);
  return refs.filter(({ instance }) => instance === 'sigmamind').map(({ key }) => key);
}

async function matchedOf(correlationId: string): Promise<unknown[]> {
  const facts = await patchbay.app.deps.store.factsOf(correlationId);
  return facts.map(({ body }) => body).filter(({ kind }) => kind === 'matched');
}

function kindsOf(facts: readonly StoredFact[]): string[] {
  return facts.map(({ body }) => body.kind).sort();
}

async function metrics(): Promise<string> {
  return (await fetch(`${patchbay.url}/metrics`)).text();
}
