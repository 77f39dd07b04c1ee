import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const spring = 'Spring outbound';
const lines = 8;
const leads = Array.from({ length: 90 }, (_, index) => index);
const rate = 5;
const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), rate);
/** As on a real site, but for the waits: nobody wants to wait for minutes. Busy machines take their time for a first word. */
const autopilot = {
  ...{ enabled: true, everySec: 0.4, answerSec: 20, maxSickSec: 60, slowFirstWordMs: 30_000 },
  ...{ steps: [25, 100], stepSec: 5, stepCalls: 3, waitSec: 20, maxWaitSec: 40 },
};

let database: PrivateMariaDb;
let vicidial: VicidialSimulator;
let five9: Five9Simulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;
let remoteAgent: () => Promise<string>;
let closeSide: () => Promise<void>;
let feeding: Promise<void>[];
let isFed = true;
/** Answers to Five9's script: when, and which route. */
const routes: { at: number; route: string }[] = [];

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const port = await freePort();
  const patchbayUrl = `http://127.0.0.1:${port}`;
  sigmamind = await startSigmamindSimulator({ clock, ...platformOptions(patchbayUrl) });
  five9 = await startFive9Simulator({
    clock,
    ...five9Options(),
    aiUrl: sigmamind.url,
    patchbayUrl,
    ivrUser: 'script',
    ivrKey: keys.script,
  });
  const login = { host: database.host, port: database.port, user: database.user, password: database.password };
  vicidial = await startVicidialSimulator({
    clock,
    database: { ...login, name: 'asterisk' },
    serverZone: 'America/Denver',
    headersUrl: `http://script:${keys.script}@127.0.0.1:${port}/v1/ivr/vicidial/headers`,
    aiUrl: sigmamind.url,
    noticeSec: 2,
    seed: madeUpSite({ leads: leads.length, lines }),
  });
  const side = await createConnection({ ...login, database: 'asterisk' });
  closeSide = () => side.end();
  remoteAgent = async () => {
    const [rows] = await side.query('SELECT status, number_of_lines AS count FROM vicidial_remote_agents');
    const [row] = rows as { status: string; count: number }[];
    return `${row?.status} ${row?.count}`;
  };
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: { vicidial: vicidialConfig({ ...login, name: 'asterisk' }), five9: five9Config() },
    config: { server: { port }, autopilot, outbox: { pollMs: 50 } },
  });
  behave({});
  feeding = [feedFive9(), feedVicidial()];
}, 120_000);

afterAll(async () => {
  isFed = false;
  await Promise.all(feeding ?? []);
  await patchbay?.stop();
  await closeSide?.();
  await vicidial?.stop();
  await five9?.stop();
  await sigmamind?.stop();
  await database?.stop();
});

describe('an AI that dies in the middle of the day', { timeout: 300_000 }, () => {
  it('gets every call while it is well', async () => {
    await eventually(async () => {
      expect(routes.length).toBeGreaterThan(6);
      const { answered, calls } = await measuresOf('vicidial');
      expect(calls).toBeGreaterThan(4);
      expect(answered).toBeGreaterThan(4);
    }, 110_000);

    expect(routes.map(({ route }) => route)).toEqual(routes.map(() => 'ai'));
    expect(await remoteAgent()).toBe(`ACTIVE ${lines}`);
  });

  it("takes VICIdial's lines down, and sends Five9's script to people, within the configured time", async () => {
    const diedAt = clock.now();
    behave({ isDead: true });

    await eventually(async () => {
      expect(await remoteAgent()).toBe(`INACTIVE ${lines}`);
      expect(routes.at(-1)?.route).toBe('skill');
    }, 110_000);

    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(metrics).toMatch(/patchbay_gate_answers_total\{dialer="five9",reason="ai_unwell"\} \d/);
    const lastGiven = routes.filter(({ route, at }) => route === 'ai' && at < diedAt + 90_000).at(-1)?.at ?? diedAt;
    expect((lastGiven - diedAt) / 1000).toBeLessThanOrEqual(autopilot.maxSickSec);
  });

  it('gives both back in steps when it is well again, exactly as they were', async () => {
    behave({});

    const seen = new Set<string>();
    await eventually(async () => {
      seen.add(await remoteAgent());
      expect(await remoteAgent()).toBe(`ACTIVE ${lines}`);
      expect(patchbay.app.deps.controls.now().all).toEqual([]);
      expect(await patchbay.app.deps.store.attention({ kind: 'ai-unwell', isOpen: true, limit: 9 })).toEqual([]);
    }, 120_000);

    expect([...seen]).toContain('ACTIVE 2');
    const audit = await patchbay.app.deps.store.auditLog(50);
    for (const dialer of ['vicidial', 'five9']) {
      const acts = audit.filter(({ subject, by }) => subject === dialer && by === 'autopilot').map(({ act }) => act);
      expect(acts).toEqual(expect.arrayContaining(['share-set', 'share-lifted']));
    }
  });
});

function behave(how: { isDead?: boolean }): void {
  sigmamind.setBehaviours({ '*': { talkSec: 4, analysis: null, ...how } });
}

async function measuresOf(dialer: string): Promise<{ calls: number; answered: number }> {
  const text = await patchbay.app.deps.store.readCursor(`autopilot:${dialer}`);
  return (JSON.parse(text) as { measures: { calls: number; answered: number } }).measures;
}

/** Customers answer one after the other; each script asks for its route. */
async function feedFive9(): Promise<void> {
  for (let index = 0; isFed; index = (index + 1) % leads.length) {
    const placed = five9.call({ campaign: spring, number1: contactOf(index) });
    if (placed.kind === 'placed') {
      const { call } = placed;
      await Promise.race([placed.over, clock.sleep(8000)]);
      const answered = call.queries.find(({ module }) => module === 'register')?.answered;
      if (answered) routes.push({ at: clock.now(), route: answered.route });
    }
    await clock.sleep(2000);
  }
}

async function feedVicidial(): Promise<void> {
  for (let index = 0; isFed; index = (index + 1) % leads.length) {
    await vicidial.place({ leadId: 1001 + index, campaign: 'SPRING', answerSec: 1 }).catch(() => undefined);
    await clock.sleep(4000);
  }
}

function contactOf(index: number): string {
  return `72055501${String(index).padStart(2, '0')}`;
}

function vicidialConfig(login: object) {
  return {
    type: 'vicidial',
    api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
    database: login,
    timeZone: 'America/Denver',
    remoteAgents: [{ user: '7001', lines }],
    budgets: { headersMs: 2000 },
    headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
    campaigns: { SPRING: { dispositions: {} } },
  };
}

const five9User = { name: 'patchbay', password: 'made-up' };

function five9Options() {
  return {
    users: [five9User],
    seed: {
      campaigns: [{ name: spring, lists: ['Leads'] }],
      contacts: leads.map((index) => ({ fields: { number1: contactOf(index) }, lists: ['Leads'] })),
    },
  };
}

function five9Config() {
  return {
    type: 'five9',
    soap: { host: five9.url, users: [{ user: five9User.name, password: five9User.password }] },
    domainTimeZone: 'America/Los_Angeles',
    keyField: 'number1',
    budgets: { registerMs: 3000 },
    headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
    campaigns: { [spring]: { dispositions: {} } },
  };
}

function platformOptions(patchbayUrl: string) {
  const signed = { algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' } as const;
  return {
    apiKey: 'unused',
    webhookUrl: `${patchbayUrl}/v1/platforms/sigmamind/events/${eventToken}`,
    signature: { header: 'X-SigmaMind-Signature', ...signed, secrets: [webhookSecret] },
    tools: { commitUrl: `${patchbayUrl}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
  };
}
