import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { VicidialConfig, vicidial } from '../../../connectors/vicidial/index.ts';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import type { Aspect, Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { CallRequest } from '../../simulators/vicidial/live-call.ts';
import { madeUpApiUser, madeUpSite } from '../../simulators/vicidial/made-up-site.ts';
import type { SeedLead } from '../../simulators/vicidial/seed.ts';
import {
  startVicidialSimulator,
  type VicidialOptions,
  type VicidialSimulator,
} from '../../simulators/vicidial/vicidial-simulator.ts';
import { noDialling } from '../../support/no-dialling.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import type { DialerFixture } from './dialer-contract.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { startTcpGate } from './tcp-gate.ts';

const zone = 'America/Denver';
const reader = { user: 'patchbay_read', password: 'readerPass77' };
const wrongPass = 'wrongPass99';

export interface VicidialFixture extends DialerFixture {
  simulator: VicidialSimulator;
  clock: HandClock;
  sightings: CallSighting[];
  /** A fresh lead in list 101; gives its lead_id. */
  addLead(lead?: Partial<SeedLead>): Promise<number>;
  /** Orders a call of this lead, and says how a write-back names it. */
  placeCall(leadId: number, request?: Partial<CallRequest>): Promise<WriteBackTarget>;
  /** Its configuration, as an operator would write it. */
  settings(): Record<string, unknown>;
  /** The dialer as another site would configure it. */
  connect(change?: (config: Record<string, unknown>) => void, deps?: Partial<ConnectorDeps>): Dialer;
  /** Asks, or tampers with, the dialer's tables. */
  sql(statement: string, values: readonly (string | number)[]): Promise<Record<string, unknown>[]>;
  /** Lets so many seconds go by. */
  pass(seconds: number): Promise<void>;
}

/** A made-up site on a private MariaDB of its own, the connector with SELECT only, and one clock moved by hand. */
export async function startVicidialFixture(
  options: Pick<VicidialOptions, 'dialHopper'> = {},
): Promise<VicidialFixture> {
  const clock = handClock('2026-11-20T17:00:00.000Z', () => simulator.isBusy());
  const server = await startPrivateMariaDb();
  const name = await createSite(server);
  const place = { host: server.host, port: server.port, user: server.user, password: server.password, name };
  const simulator = await startVicidialSimulator({
    clock,
    database: place,
    serverZone: zone,
    noticeSec: 2,
    seed: madeUpSite({ leads: 7 }),
    ...options,
  });
  const side = await createConnection({
    host: place.host,
    port: place.port,
    user: place.user,
    password: place.password,
    database: name,
  });
  const gate = await startTcpGate(server.port);
  const opened: Dialer[] = [];
  const sightings: CallSighting[] = [];
  const leadIds = [1001, 1002, 1003, 1004, 1005, 1006, 1007];

  const settings = (): Record<string, unknown> => rawConfig(simulator.url, gate.port, name);
  const connect: VicidialFixture['connect'] = (change = () => undefined, deps = {}) => {
    const raw = settings();
    change(raw);
    const dialer = vicidial.create('vicidial', VicidialConfig.parse(raw), { ...depsOn(clock, sightings), ...deps });
    opened.push(dialer);
    return dialer;
  };
  const pass = async (seconds: number) => {
    await clock.leapTo(new Date(clock.now() + seconds * 1000).toISOString());
  };

  const addLead: VicidialFixture['addLead'] = async (lead = {}) => {
    const leadId = 2001 + leadIds.length;
    const phone = `720555${String(leadIds.length).padStart(4, '0')}`;
    await simulator.addLeads([{ leadId, list: 101, phone, columns: { first_name: 'Adelheid' }, ...lead }]);
    leadIds.push(leadId);
    return leadId;
  };
  const placeCall: VicidialFixture['placeCall'] = async (leadId, request = {}) => {
    // A caller code has seconds only.
    await pass(1);
    const calledAt = new Date(clock.now()).toISOString();
    const { callerCode } = await simulator.place({ leadId, campaign: 'SPRING', ai: false, answerSec: 2, ...request });
    const number = String((await simulator.state({ leadId })).lead?.phone_number);
    const leg = { list: '101', leadKey: String(leadId), number, phone: `+1${number}`, agent: '' };
    return { campaign: 'SPRING', callKey: callerCode, calledAt, ...leg };
  };

  return {
    simulator,
    clock,
    sightings,
    dialer: connect(),
    addLead,
    placeCall,
    settings,
    connect,
    async sql(statement, values) {
      const [rows] = await side.query(statement, [...values]);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    pass,
    passTimeTo: (instant) => clock.leapTo(instant),
    async endedCall() {
      const target = await placeCall(await addLead(), { talkSec: 20 });
      await untilOver(simulator, pass);
      return target;
    },
    live: {
      async call() {
        const target = await placeCall(await addLead(), { talkSec: 300 });
        await pass(12);
        return { dialer: 'vicidial', ...target };
      },
      async customerHangsUp({ callKey }) {
        await simulator.end(callKey);
        await pass(1);
      },
      target: 'ingroup:SALESLINE',
      noSuchTarget: 'ingroup:NOSUCH',
      result: { outcome: 'sale', disposition: 'SALE' },
    },
    desired: desiredOf,
    journal: () => simulator.journal(),
    async goDown() {
      simulator.fault({ kind: 'down', times: Number.MAX_SAFE_INTEGER });
      gate.shut();
    },
    async comeUp() {
      simulator.fault({ kind: 'none' });
      gate.open();
    },
    async forget(aspect, { leadKey, number, calledAt }) {
      const lead = 'UPDATE vicidial_list SET modify_date = FROM_UNIXTIME(?)';
      const statements: Record<Aspect, [string, (string | number)[]]> = {
        // The remote-agent daemon puts it over what was written.
        disposition: [`${lead}, status = 'XFER' WHERE lead_id = ?`, [Date.now() / 1000, leadKey]],
        callback: ['DELETE FROM vicidial_callbacks WHERE lead_id = ?', [leadKey]],
        dnc: ['DELETE FROM vicidial_dnc WHERE phone_number = ?', [number]],
        fields: [`${lead}, comments = '' WHERE lead_id = ?`, [Date.parse(calledAt) / 1000, leadKey]],
      };
      const [statement, values] = statements[aspect];
      await side.query(statement, values);
    },
    async agentSets({ leadKey }) {
      const statement = "UPDATE vicidial_list SET status = 'SALE', user = '6666', modify_date = FROM_UNIXTIME(?)";
      await side.query(`${statement} WHERE lead_id = ?`, [Math.ceil(clock.now() / 1000), leadKey]);
      return 'SALE';
    },
    async loseNextAnswer() {
      simulator.fault({ kind: 'timeoutAfterEffect' });
    },
    withWrongPassword: async () =>
      connect((config) => {
        (config.api as Record<string, unknown>).pass = wrongPass;
      }),
    secrets: [madeUpApiUser.pass, reader.password, wrongPass, 'Adelheid'],
    ownCall: {
      variables: {
        code: 'V1200959590000001001 5565 SPRING',
        cl: '',
        phone: '3035551000',
        uid: '1763657999.7',
        fmt: 'arr',
      },
      callKey: 'V1200959590000001001',
    },
    soundCampaign: 'SPRING',
    doubtfulCampaign: 'AUTUMN',
    leadKeys: async () => leadIds.map(String),
    async stop() {
      for (const dialer of opened) await dialer.close();
      await side.end();
      await gate.stop();
      await simulator.stop();
      await server.stop();
    },
  };
}

/** The same dialer, with these checks alone, which need no others. */
export function withChecks(dialer: Dialer, ids: readonly string[]): Dialer {
  const own = () => dialer.checks().filter(({ id }) => ids.includes(id));
  const among = (needs: readonly string[] = []) => needs.filter((need) => ids.includes(need));
  return { ...dialer, checks: () => own().map((check) => ({ ...check, needs: among(check.needs) })) };
}

/** Lets time go by until nothing of any call is left to come. */
export async function untilOver(simulator: VicidialSimulator, pass: (seconds: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    const { started, over } = simulator.progress();
    if (started === over) return;
    await pass(2);
    await wait(10);
  }
  throw new Error('the simulated calls never end');
}

/** The connector's user may SELECT and nothing else: what the README grants is enough. */
async function createSite(server: PrivateMariaDb): Promise<string> {
  await server.createDatabase('asterisk');
  const { host, port, user, password } = server;
  const connection = await createConnection({ host, port, user, password });
  await connection.query('CREATE USER ?@? IDENTIFIED BY ?', [reader.user, '127.0.0.1', reader.password]);
  await connection.query('GRANT SELECT ON asterisk.* TO ?@?', [reader.user, '127.0.0.1']);
  await connection.end();
  return 'asterisk';
}

function rawConfig(url: string, port: number, name: string) {
  const dispositions = { sale: 'SALE', callback: 'CALLBK', not_interested: 'NI', opt_out: 'DNC' };
  return {
    type: 'vicidial',
    api: { url: `${url}/vicidial/non_agent_api.php`, ...madeUpApiUser, timeoutMs: 600 },
    database: { host: '127.0.0.1', port, ...reader, name, timeoutMs: 3000 },
    timeZone: zone,
    customFields: ['plan'],
    sync: { lists: [101], pageSize: 3, pauseMs: 0 },
    campaigns: {
      SPRING: { dispositions, fields: { comments: 'summary', ai_summary: 'summary' } },
      AUTUMN: { dispositions: { sale: 'NOSUCH' } },
    },
  };
}

function desiredOf(aspect: Aspect, target: WriteBackTarget): Desired {
  const tomorrow = new Date(Date.parse(target.calledAt) + 86_400_000).toISOString();
  const note = 'Wants a quote; "soon" – in May + June';
  const wishes = {
    disposition: { aspect: 'disposition', disposition: 'CALLBK', outcome: 'callback', callbackAt: tomorrow },
    callback: { aspect: 'callback', at: tomorrow, note },
    dnc: { aspect: 'dnc', phones: [target.phone], listed: true },
    fields: { aspect: 'fields', fields: { comments: note, ai_summary: `${note}\nSecond line` } },
  } satisfies Record<Aspect, Desired>;
  return wishes[aspect];
}

/** What a connector is handed by these tests; what they do not use rejects. */
export function depsOn(clock: Clock, sightings: CallSighting[]): ConnectorDeps {
  const silent = () => undefined;
  const cursors = new Map<string, string>();
  const unused = () => Promise.reject(new Error('not used by this connector'));
  return {
    clock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newId: () => randomUUID(),
    random: () => 0.5,
    hashNumber: (number) => `hash of ${number}`,
    publicUrl: 'https://patchbay.example.com',
    ignoresIdempotency: false,
    failAt: () => undefined,
    recordFacts: unused,
    async registerCall(sighting) {
      sightings.push(sighting);
      return { correlationId: 'c0rre1at10n1d0', route: 'ai', headers: [], sentHeaders: [] };
    },
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
    withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    nudge: silent,
    settleSoon: unused,
    describeCalls: unused,
    backlog: unused,
    isOptedOut: unused,
    mayCall: unused,
    dialling: noDialling,
    takenBackAt: () => null,
    inboundCallUrls: () => [],
    promptWords: () => ({ headers: [], outcomes: [] }),
  };
}
