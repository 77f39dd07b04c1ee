import { createConnection } from 'mysql2/promise';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { recogniseCall } from '../../connectors/vicidial/recognise.ts';
import type { Call } from '../../src/domain/call.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const ada = { leadId: 2001, list: 101, phone: '3035550101' };
const ben = { leadId: 2002, list: 101, phone: '3035550102' };
const cleo = { leadId: 2003, list: 101, phone: '3035550103' };
const dan = { leadId: 2004, list: 101, phone: '3035550104' };
const eve = { leadId: 2005, list: 101, phone: '3035550105' };

const zone = 'America/Denver';
const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), 20);
const slowMs = 15_000;

let database: PrivateMariaDb;
let vicidial: VicidialSimulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const { host, port: databasePort, user, password } = database;
  const login = { host, port: databasePort, user, password, name: 'asterisk' };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  sigmamind = await startSigmamindSimulator({ clock, ...platformOptions(url) });
  vicidial = await startVicidialSimulator({
    clock,
    database: login,
    serverZone: zone,
    headersUrl: `http://script:${keys.script}@127.0.0.1:${port}/v1/ivr/vicidial/headers`,
    aiUrl: sigmamind.url,
    noticeSec: 2,
    seed: { ...madeUpSite({ leads: 0 }), leads: [ada, ben, cleo, dan, eve] },
  });
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: { vicidial: vicidialConfig(login) },
    config: { server: { port }, outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } } },
  });
}, 60_000);

afterAll(async () => {
  await patchbay?.stop();
  await vicidial?.stop();
  await sigmamind?.stop();
  await database?.stop();
});

describe('the live call, from the agent’s tool to the dialer’s tables', () => {
  it('goes to a human with the lead on the screen, whose disposition stays', async () => {
    sigmamind.setBehaviours({ [ada.phone]: { talkSec: 15, transfer: { to: 'sales', summary: 'Wants two' } } });
    const human = { status: 'NI', user: 'anna', afterSec: 120 };

    const { callerCode } = await vicidial.place({ leadId: ada.leadId, campaign: 'SPRING', human });

    const during = await eventually(async () => {
      const state = await vicidial.state({ leadId: ada.leadId });
      expect(state.autoCall).toMatchObject({ campaign_id: 'SALESLINE', status: 'CLOSER' });
      expect(state.lead).toMatchObject({ status: 'INCALL', user: 'anna' });
      return state;
    }, slowMs);
    const [talked] = sigmamind.calls().filter(({ from }) => from.endsWith(ada.phone));
    expect(during.logs).toMatchObject([{ status: 'AIQUAL', caller_code: callerCode }]);
    expect(talked).toMatchObject({
      terminationReason: 'user_ended_call',
      steering: [{ tool: 'transfer', answer: expect.stringContaining('"next":"stop"') }],
    });

    const call = await eventually(async () => {
      const found = await callOf(callerCode);
      expect(found?.outcome).toMatchObject({ code: 'not_interested', basis: 'human', summary: 'Wants two' });
      return found;
    }, slowMs);
    expect((await vicidial.state({ leadId: ada.leadId })).lead?.status).toBe('NI');
    expect(await actsOn(ada.leadId)).toEqual(['transfer']);
    expect(call?.correlationId).toBe(talked?.variables.correlation_id);
  });

  it('is hung up with what was committed, and the write-back finds it so', async () => {
    const commit = { outcome: 'not_interested', summary: 'Has one' };
    sigmamind.setBehaviours({ [ben.phone]: { talkSec: 15, commit, endCall: {} } });

    const { callerCode } = await vicidial.place({ leadId: ben.leadId, campaign: 'SPRING' });

    await eventually(async () => {
      const call = await callOf(callerCode);
      const rows = await patchbay.app.deps.store.writeBacksOf(call?.correlationId ?? '');
      expect(rows.map(({ aspect, state }) => `${aspect} ${state}`)).toEqual(['disposition confirmed']);
    }, slowMs);
    const { lead, logs } = await vicidial.state({ leadId: ben.leadId });
    expect(lead?.status).toBe('NI');
    expect(logs).toMatchObject([{ status: 'NI', term_reason: 'NONE', user: expect.stringMatching(/^700[123]$/) }]);
    expect(await actsOn(ben.leadId)).toEqual(['hangup']);
    const dispositions = (await vicidial.journal()).filter(
      ({ kind, by, record }) => kind === 'disposition' && by === 'api' && record === String(ben.leadId),
    );
    expect(dispositions).toHaveLength(1);
  });

  it('is hung up when the platform has ended it and the dialer has not', async () => {
    const { callerCode } = await vicidial.place({ leadId: cleo.leadId, campaign: 'SPRING', ai: false });
    await eventually(async () => expect(await callOf(callerCode)).not.toBeNull(), slowMs);

    const data = { callId: 'call_cleo', status: 'ended', dynamicVariables: { caller_code: callerCode } };
    await patchbay.postEvent({ event: 'conversation_ended', data });

    await eventually(async () => {
      const { lead, autoCall } = await vicidial.state({ leadId: cleo.leadId });
      expect([lead?.status, autoCall]).toEqual(['AIHU', null]);
    }, slowMs);
    expect(await actsOn(cleo.leadId)).toEqual(['hangup']);
  });
});

describe('a call that no header tells of', () => {
  it('is known from the dialer’s own log', async () => {
    const { callerCode, uniqueid } = await vicidial.place({
      ...{ leadId: dan.leadId, campaign: 'SPRING', ai: false, talkSec: 30 },
      callerName: { kind: 'overwritten', text: 'Anonymous' },
    });

    const call = await eventually(async () => {
      const found = await callOf(callerCode);
      const facts = await patchbay.app.deps.store.factsOf(found?.correlationId ?? '');
      expect(facts.map(({ body }) => body.kind === 'registered' && body.via)).toContain('poll');
      return found;
    }, slowMs);
    const refs = await patchbay.app.deps.store.refsOf(call?.correlationId ?? '');
    expect(refs).toContainEqual({ instance: 'vicidial', kind: 'uniqueid', key: `${uniqueid}@${dan.leadId}` });
  });
});

describe('the Start Call URL', () => {
  it('tells of a call when the dialer launches it, log-in in the URL', async () => {
    const ids = ['call_id', 'lead_id', 'uniqueid', 'user'].map((name) => `${name}=--A--${name}--B--`).join('&');
    const { host, port, user, password } = database;
    const connection = await createConnection({ host, port, user, password, database: 'asterisk' });
    await connection.query("UPDATE vicidial_campaigns SET start_call_url = ? WHERE campaign_id = 'SPRING'", [
      `VAR${patchbay.url.replace('//', `//script:${keys.script}@`)}/v1/dialers/vicidial/start?${ids}`,
    ]);
    await connection.end();

    const { callerCode } = await vicidial.place({ leadId: eve.leadId, campaign: 'SPRING', ai: false, talkSec: 30 });

    await eventually(async () => {
      const facts = await patchbay.app.deps.store.factsOf((await callOf(callerCode))?.correlationId ?? '');
      expect(facts.map(({ body }) => body.kind === 'registered' && body.via)).toContain('start');
    }, slowMs);
  });

  const start = (query: string) =>
    request(patchbay.url).get(`/v1/dialers/vicidial/start?${query}`).set('X-API-Key', keys.script);
  const code = (leadId: number) => `V112010000${String(leadId).padStart(11, '0')}`.slice(0, 20);

  it('is one more name of the call that its headers told of', async () => {
    const callerCode = `V112010000${'0'.repeat(6)}${eve.leadId}`;
    const headers = await request(patchbay.url)
      .get(`/v1/ivr/vicidial/headers?code=${callerCode}&phone=${eve.phone}&fmt=json`)
      .set('X-API-Key', keys.script);

    const told = await start(
      `lead_id=${eve.leadId}&call_id=${callerCode}&uniqueid=1.77&user=7002&campaign=SPRING&first_name=--A--first_name--B--`,
    );

    expect(told.text).toBe(`ok ${headers.body.correlation_id}\n`);
    const refs = await patchbay.app.deps.store.refsOf(headers.body.correlation_id);
    expect(refs).toContainEqual({ instance: 'vicidial', kind: 'uniqueid', key: `1.77@${eve.leadId}` });
  });

  it.each([
    ['what VICIdial left literally', 'call_id=--A--call_id--B--&lead_id=--A--lead_id--B--'],
    ['a command', 'call_id=$(reboot)&lead_id=`id`&user=$(id)'],
    ['a second header', `call_id=V1%0D%0AX-Injected:%201&lead_id=%0D%0A`],
    ['nothing', ''],
    ['a code that is too short', 'call_id=V11201000000000200'],
  ])('registers nothing for %s', async (_what, query) => {
    const before = patchbay.log.length;

    const answer = await start(query);

    expect([answer.status, answer.text]).toEqual([200, 'unknown\n']);
    expect(JSON.stringify(patchbay.log.slice(before))).not.toMatch(/reboot|Injected/);
  });

  it('keeps of hostile values beside a good code what is a plain value', async () => {
    const callerCode = code(9_999_999);
    const answer = await start(`call_id=${callerCode}&campaign=%0D%0ASPRING&user=VDAD&lead_id=1%20OR%201=1`);

    const [, id = ''] = /^ok (\w{14})\n$/.exec(answer.text) ?? [];
    const facts = await patchbay.app.deps.store.factsOf(id);
    expect(facts[0]?.body).toMatchObject({ leg: { callKey: callerCode, campaign: 'SPRING', agent: '' } });
  });

  it('is asked for by GET with a key: wget sends nothing else', async () => {
    const post = await request(patchbay.url).post('/v1/dialers/vicidial/start').set('X-API-Key', keys.script).send('');
    const closed = await request(patchbay.url).get('/v1/dialers/vicidial/start?call_id=x');

    expect([post.status, closed.status]).toEqual([404, 401]);
  });
});

async function callOf(callerCode: string): Promise<Call | null> {
  const config = { country: 'US', timeZone: zone };
  const sighting = recogniseCall({ id: 'vicidial', config, clock }, { code: callerCode });
  const [ref] = sighting?.refs ?? [];
  return ref ? await patchbay.app.deps.store.callByRef(ref) : null;
}

/** What the Agent API did to live calls of a lead. */
async function actsOn(leadId: number): Promise<string[]> {
  const acts = (await vicidial.journal()).filter(({ record, by }) => record === String(leadId) && by === 'api');
  return acts.map(({ kind }) => kind).filter((kind) => kind === 'hangup' || kind === 'transfer');
}

function vicidialConfig(database: object) {
  const dispositions = { not_interested: 'NI', transferred: 'AIQUAL', hung_up: 'AIHU' };
  return {
    type: 'vicidial',
    api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
    database,
    timeZone: zone,
    watch: { everySec: 1 },
    settle: { hangUpLeftOverSec: 20 },
    campaigns: { SPRING: { dispositions, transfers: { sales: 'ingroup:SALESLINE' } } },
  };
}

function platformOptions(url: string) {
  const signed = { algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' } as const;
  const tools = `${url}/v1/platforms/sigmamind/tools`;
  return {
    apiKey: 'unused',
    webhookUrl: `${url}/v1/platforms/sigmamind/events/${eventToken}`,
    signature: { header: 'X-SigmaMind-Signature', ...signed, secrets: [webhookSecret] },
    tools: {
      commitUrl: `${tools}/commit-outcome`,
      transferUrl: `${tools}/transfer`,
      endCallUrl: `${tools}/end-call`,
      token: keys.tools,
    },
  };
}
