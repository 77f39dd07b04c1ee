import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { vicidial } from '../../connectors/vicidial/index.ts';
import { isCorrelationId } from '../../src/domain/correlation-id.ts';
import { startTcpGate, type TcpGate } from '../contract/dialers/tcp-gate.ts';
import { runAgi } from '../simulators/vicidial/asterisk-agi.ts';
import { askForHeaders, type LegHeaders } from '../simulators/vicidial/asterisk-curl.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const zone = 'America/Denver';
const secret = randomBytes(16).toString('hex');
/** Lead 1001 of the made-up site; in the hopper, so that Patchbay has read it ahead. */
const ada = 1001;
/** Never in the hopper. */
const ben = 1002;

let database: PrivateMariaDb;
let simulator: VicidialSimulator;
let gate: TcpGate;
let patchbay: Started;
const started: Started[] = [];

interface Started extends TestApp {
  agiUrl: string;
  headersUrl: string;
}

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const { host, port, user, password } = database;
  simulator = await startVicidialSimulator({
    clock: realClock,
    database: { host, port, user, password, name: 'asterisk' },
    serverZone: zone,
    seed: madeUpSite(),
  });
  const connection = await createConnection({ host, port, user, password, database: 'asterisk' });
  await connection.query(
    "INSERT INTO vicidial_hopper (lead_id, campaign_id, status, list_id) VALUES (?, 'SPRING', 'READY', 101)",
    [ada],
  );
  await connection.end();
  gate = await startTcpGate(port);
});
afterAll(async () => {
  await gate.stop();
  await simulator.stop();
  await database.stop();
});

beforeEach(async () => {
  patchbay = await start();
  await eventually(async () => {
    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(metrics).toContain('patchbay_prefetched_leads{dialer="vicidial"} 1');
  });
});
afterEach(async () => {
  gate.open();
  for (const app of started.splice(0)) await app.stop();
});

/** A Patchbay whose reads of VICIdial go by the gate. */
async function start(store?: Record<string, unknown>, server?: Record<string, unknown>): Promise<Started> {
  const agiPort = await freePort();
  const app = await startTestApp({
    registry: { dialers: [vicidial], platforms: [sigmamind] },
    ...(store && { store }),
    config: { secret, ...(server && { server: { port: 0, ...server } }) },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: { url: `${simulator.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
        database: {
          host: '127.0.0.1',
          port: gate.port,
          user: database.user,
          password: database.password,
          timeoutMs: 2000,
        },
        timeZone: zone,
        headers: ['correlation_id', 'caller_code', 'lead_id', 'first_name', 'city'].map((from) => ({
          name: `X-${from}`,
          from,
        })),
        fastAgi: { port: agiPort },
        prefetch: { everyMs: 50 },
      },
    },
  });
  const url = new URL(`${app.url}/v1/ivr/vicidial/headers`);
  Object.assign(url, { username: 'script', password: keys.script });
  const one = { ...app, agiUrl: `agi://127.0.0.1:${agiPort}/vicidial`, headersUrl: url.href };
  started.push(one);
  return one;
}

let second = 0;
/** A caller code of this lead, dialled some seconds ago; no two alike. */
function codeOf(lead: number): string {
  second += 1;
  const wall = new Date(Date.now() - 600_000 + second * 1000).toLocaleString('sv-SE', { timeZone: zone });
  return `V${wall.replace(/\D/g, '').slice(5)}${String(lead).padStart(10, '0')}`;
}

const byAgi = async (app: Started, code: string): Promise<LegHeaders> =>
  (await runAgi(app.agiUrl, { callerIdName: code, uniqueid: `17.${code}` }, [])).headers;
const byCurl = (app: Started, code: string): Promise<LegHeaders> =>
  askForHeaders(app.headersUrl, { code, cl: code, phone: '', uid: `17.${code}`, fmt: 'arr' });
const ways = [
  ['FastAGI', byAgi],
  ['CURL()', byCurl],
] as const;
const headerOf = (headers: LegHeaders, name: string) => headers.find(([each]) => each === name)?.[1] ?? '';
const idOf = (headers: LegHeaders) => headerOf(headers, 'X-correlation_id');

/** Nobody can write into the store until the lock is given back. */
function lockStore({ folder }: Started): () => void {
  // The service writes now and then by itself: the lock is waited for.
  const other = new DatabaseSync(join(folder, 'patchbay.sqlite'), { timeout: 5000 });
  other.exec('begin immediate');
  return () => other.close();
}

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await work;
  return { value, ms: performance.now() - startedAt };
}

it('gives headers by FastAGI while a balancer sees that this process stops, and none after that', async () => {
  const stopping = await start(undefined, { drainMs: 1500 });

  const stopped = stopping.app.stop(5000);
  const ready = await fetch(`${stopping.url}/readyz`);
  const headers = await byAgi(stopping, codeOf(ada));
  await stopped;
  started.splice(started.indexOf(stopping), 1);
  rmSync(stopping.folder, { recursive: true, force: true });

  expect(ready.status).toBe(503);
  expect(isCorrelationId(idOf(headers))).toBe(true);
  expect(await byAgi(stopping, codeOf(ada))).toEqual([]);
});

describe.each(ways)('headers by %s', (_name, ask) => {
  it('hold what the lead that was read ahead says, and the call is recorded', async () => {
    const code = codeOf(ada);

    const headers = await ask(patchbay, code);

    expect(headers).toEqual([
      ['X-correlation_id', idOf(headers)],
      ['X-caller_code', code],
      ['X-lead_id', '1001'],
      ['X-first_name', 'Ada'],
      ['X-city', 'Denver'],
    ]);
    expect(isCorrelationId(idOf(headers))).toBe(true);
    await eventually(async () => {
      const call = await patchbay.app.deps.store.callById(idOf(headers));
      expect(call).toMatchObject({ isRegistered: true, dialer: 'vicidial', campaign: 'SPRING', leadKey: '1001' });
    });
    const facts = await patchbay.app.deps.store.factsOf(idOf(headers));
    expect(JSON.stringify(facts), "the lead's own fields are not copied into every call").not.toContain('Denver');
  });

  it('hold the same while the database of VICIdial is away, as fast as ever', async () => {
    gate.shut();

    const { value, ms } = await timed(ask(patchbay, codeOf(ada)));

    expect([headerOf(value, 'X-first_name'), headerOf(value, 'X-city')]).toEqual(['Ada', 'Denver']);
    expect(ms).toBeLessThan(200);
  });

  it('hold ids only, and soon, where the lead was not read ahead and the database is away', async () => {
    gate.shut();
    const code = codeOf(ben);

    const { value, ms } = await timed(ask(patchbay, code));

    expect(value.map(([name]) => name)).toEqual(['X-correlation_id', 'X-caller_code', 'X-lead_id']);
    expect(headerOf(value, 'X-caller_code')).toBe(code);
    expect(ms).toBeLessThan(300);
  });

  it('do not wait for a store that is locked, and the call is recorded under the ID that was given away', async () => {
    const release = lockStore(patchbay);
    const code = codeOf(ada);

    const { value, ms } = await timed(ask(patchbay, code));
    release();

    expect(headerOf(value, 'X-first_name')).toBe('Ada');
    expect(ms).toBeLessThan(200);
    await eventually(async () => {
      expect(await patchbay.app.deps.store.callById(idOf(value))).toMatchObject({ leadKey: '1001' });
    });
  });

  it('are in the store or the spool once a shutdown has waited for them', async () => {
    const headers = await ask(patchbay, codeOf(ada));
    await patchbay.app.deps.registrations.flush();

    expect(await patchbay.app.deps.store.callById(idOf(headers))).toMatchObject({ leadKey: '1001' });
  });
});

/** One that has heard of none of the first one's calls, as if that had been killed before it told its store. */
const startAnew = () => start({ kind: 'sqlite', file: join(patchbay.folder, 'anew.sqlite') });
const commit = (app: Started, body: object) =>
  fetch(`${app.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.tools}` },
    body: JSON.stringify(body),
  });

const ended = (dynamicVariables: object) => ({
  event: 'conversation_ended',
  data: { callId: 'call_1', dynamicVariables },
});

describe('a call whose registration was lost with the process that gave its headers', () => {
  it('is known by its caller code beside our ID, in a tool call', async () => {
    const code = codeOf(ada);
    const id = idOf(await byAgi(patchbay, code));
    const { app, ...anew } = await startAnew();

    await commit({ app, ...anew }, { correlation_id: id, caller_code: code, outcome: 'sale' });

    expect(await app.deps.store.callById(id)).toMatchObject({ correlationId: id, isRegistered: true, leadKey: '1001' });
    const rows = await app.deps.store.writeBacksOf(id);
    expect(rows.find(({ aspect }) => aspect === 'disposition')?.target).toMatchObject({
      leadKey: '1001',
      callKey: code,
    });
  });

  it('is known by it in a webhook as well', async () => {
    const code = codeOf(ada);
    const id = idOf(await byAgi(patchbay, code));
    const { app, postEvent } = await startAnew();

    const response = await postEvent(ended({ correlation_id: id, caller_code: code }));

    expect(response.status).toBe(200);
    expect(await app.deps.store.callById(id)).toMatchObject({ correlationId: id, isRegistered: true, leadKey: '1001' });
  });

  it("takes nothing from another call's code beside our ID", async () => {
    const id = idOf(await byAgi(patchbay, codeOf(ada)));
    const anew = await startAnew();

    await commit(anew, { correlation_id: id, caller_code: codeOf(ben), outcome: 'sale' });

    expect(await anew.app.deps.store.callById(id)).toMatchObject({ isRegistered: false, leadKey: '' });
  });

  it('is not looked up once more when it was not lost', async () => {
    const code = codeOf(ada);
    const id = idOf(await byAgi(patchbay, code));
    await patchbay.app.deps.registrations.flush();

    await commit(patchbay, { correlation_id: id, caller_code: code, outcome: 'sale' });
    await patchbay.postEvent(ended({ correlation_id: id, caller_code: code }));

    const facts = await patchbay.app.deps.store.factsOf(id);
    expect(facts.map(({ body }) => (body.kind === 'registered' ? body.via : body.kind)).sort()).toEqual([
      'committed',
      'ended',
      'headers',
      'matched',
    ]);
  });
});

describe('the correlation ID of a call', () => {
  it('is the same whichever way and however often it is asked for', async () => {
    const code = codeOf(ada);

    const ids = [
      idOf(await byAgi(patchbay, code)),
      idOf(await byCurl(patchbay, code)),
      idOf(await byAgi(patchbay, code)),
    ];
    const start = await fetch(`${patchbay.url}/v1/dialers/vicidial/start?call_id=${code}&user=7001`, {
      headers: { 'x-api-key': keys.script },
    });
    const registered = await fetch(`${patchbay.url}/v1/ivr/vicidial/register?call_id=${code}&format=json`, {
      headers: { 'x-api-key': keys.script },
    });

    expect(new Set(ids).size).toBe(1);
    expect(await start.text()).toBe(`ok ${ids[0]}\n`);
    expect(await registered.json()).toMatchObject({ correlation_id: ids[0] });
  });

  it('is the same in another process, even before the first has told the store', async () => {
    const other = await start({ kind: 'sqlite', file: join(patchbay.folder, 'patchbay.sqlite') });
    const code = codeOf(ada);
    const release = lockStore(patchbay);

    const [here, there] = await Promise.all([byAgi(patchbay, code), byCurl(other, code)]);
    release();

    expect(idOf(here)).toBe(idOf(there));
    await eventually(async () => {
      const facts = await patchbay.app.deps.store.factsOf(idOf(here));
      expect(facts.map(({ body }) => body.kind)).toContain('registered');
    });
  });

  it('is another one for every call', async () => {
    const ids = await Promise.all([ada, ada, ben].map(async (lead) => idOf(await byAgi(patchbay, codeOf(lead)))));

    expect(new Set(ids).size).toBe(3);
  });

  it('that was given away leads to its call, even where the store knows the call by another ID', async () => {
    const code = codeOf(ada);
    const known = 'aaaaaaaaaaaaan';
    const { store } = patchbay.app.deps;
    const date = new Date(Date.now() - 600_000 + second * 1000)
      .toLocaleString('sv-SE', { timeZone: zone })
      .slice(0, 10);
    const now = new Date().toISOString();
    const ref = { instance: 'vicidial', kind: 'caller-code', key: `${code}@${date}` };
    await store.recordFacts({
      facts: [
        {
          fact: { refs: [ref], source: 'sigmamind', key: 'started:1', at: now, body: { kind: 'started' } },
          receivedAt: now,
          freshId: known,
          isAnnounced: false,
          expiresAt: now,
        },
      ],
      now,
    });

    const given = idOf(await byAgi(patchbay, code));

    expect(given).not.toBe(known);
    await eventually(async () => {
      expect(await store.callById(given)).toMatchObject({ correlationId: known, isRegistered: true, leadKey: '1001' });
    });
  });
});
