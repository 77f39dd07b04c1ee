import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { type RunningProcess, startProcess } from '../../demo/processes.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { madeUpSite } from '../../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator } from '../../simulators/vicidial/vicidial-simulator.ts';
import { freePort } from '../../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import type { DatabaseLogin } from '../child.ts';
import { five9Dispositions, five9Field, siteConfig, soapUser, type Told, vicidialLeads, vicidialZone } from './site.ts';

export const contestantNames = ['patchbay-sqlite', 'patchbay-mariadb', 'glue', 'bare'] as const;
export type ContestantName = (typeof contestantNames)[number];

export interface Contestant {
  name: ContestantName;
  port: number;
  /** Of its FastAGI server; 0: it has none. */
  agiPort: number;
  /** The process that answers. */
  pid: number;
  /** All whose processor time counts: with its own database server. */
  pids: readonly number[];
  /** Registered calls that nothing was asked about yet. */
  calls: string[];
  /** Calls whose outcome is there. */
  decided: string[];
}

/** What runs, to be stopped backwards. */
export type Open = { stop(): Promise<unknown> }[];

/** The simulated dialers, in this process; they stand idle but where write-backs are measured. */
export interface Dialers {
  five9: Five9Simulator;
  vicidialUrl: string;
  vicidialDatabase: DatabaseLogin;
  /** The server of that database. */
  databasePid: number;
}

const leads = 10_000;
/** As MariaDB ships, spelled out: a commit is on the disk when it is answered. SQLite does the same. */
const durable = ['--innodb-flush-log-at-trx-commit=1', '--innodb-flush-method=O_DIRECT', '--skip-log-bin'];

export async function startDialers(open: Open, leadCount: number = vicidialLeads): Promise<Dialers> {
  const five9 = await startFive9Simulator({
    clock: systemClock,
    users: [soapUser],
    domainTimeZone: 'America/Denver',
    importDelayMs: 0,
    seed: {
      campaigns: [{ name: 'Spring', lists: ['Spring list'] }],
      lists: ['Spring list'],
      dispositions: Object.values(five9Dispositions),
      contactFields: [{ name: five9Field }],
    },
  });
  open.push(five9);
  const server = await startPrivateMariaDb();
  open.push(server);
  await server.createDatabase('asterisk');
  const vicidialDatabase = loginOf(server, 'asterisk');
  const seed = madeUpSite({ leads: leadCount });
  const vicidial = await startVicidialSimulator({
    clock: systemClock,
    database: vicidialDatabase,
    serverZone: vicidialZone,
    seed,
  });
  open.push(vicidial);
  return { five9, vicidialUrl: vicidial.url, vicidialDatabase, databasePid: server.pid };
}

/** Starts those that are named, each with a database server of its own, so that its time is its own. */
export async function startContestants(
  names: readonly ContestantName[],
  folder: string,
  dialers: Dialers,
  open: Open,
): Promise<Contestant[]> {
  const started: Contestant[] = [];
  for (const name of names) started.push(await startContestant(name, join(folder, name), dialers, open));
  return started;
}

function startContestant(name: ContestantName, folder: string, dialers: Dialers, open: Open): Promise<Contestant> {
  switch (name) {
    case 'glue':
      return startGlue(open);
    case 'bare':
      return startBare(open);
    default:
      return startPatchbay(name, folder, dialers, open);
  }
}

async function startPatchbay(
  name: 'patchbay-sqlite' | 'patchbay-mariadb',
  folder: string,
  dialers: Dialers,
  open: Open,
): Promise<Contestant> {
  const server = name === 'patchbay-mariadb' ? await startOwnDatabase(open) : null;
  const site = await layOutSite(folder, dialers, server && loginOf(server, 'own'), 'nothing');
  const patchbay = await startService(site.configFile);
  open.push(patchbay);
  return {
    ...{ name, port: site.port, agiPort: site.agiPort, pid: patchbay.pid },
    ...{ pids: [patchbay.pid, ...(server ? [server.pid] : [])], calls: [], decided: [] },
  };
}

async function startGlue(open: Open): Promise<Contestant> {
  const server = await startOwnDatabase(open);
  const glue = await startScript('glue-server.ts', [JSON.stringify(loginOf(server, 'own'))]);
  open.push(glue);
  const port = Number(glue.ready.port);
  return { name: 'glue', port, agiPort: 0, pid: glue.pid, pids: [glue.pid, server.pid], calls: [], decided: [] };
}

async function startBare(open: Open): Promise<Contestant> {
  const bare = await startScript('bare-server.ts', []);
  open.push(bare);
  const names = ['0123456789abcd'];
  const port = Number(bare.ready.port);
  return { name: 'bare', port, agiPort: 0, pid: bare.pid, pids: [bare.pid], calls: names, decided: names };
}

export async function startOwnDatabase(open: Open): Promise<PrivateMariaDb> {
  const server = await startPrivateMariaDb({ args: durable });
  open.push(server);
  await server.createDatabase('own');
  return server;
}

export interface Site {
  configFile: string;
  port: number;
  agiPort: number;
}

/** A configuration on disk, and a store whose tables and leads are there, as on any day but the first. */
export async function layOutSite(
  folder: string,
  dialers: Dialers,
  database: DatabaseLogin | null,
  told: Told,
): Promise<Site> {
  mkdirSync(folder, { recursive: true });
  const [port, agiPort] = [await freePort(), await freePort()];
  const { vicidialUrl, vicidialDatabase } = dialers;
  const places = { folder, port, agiPort, five9Url: dialers.five9.url, vicidialUrl, vicidialDatabase, database };
  const config = siteConfig(places, told);
  const configFile = join(folder, 'patchbay.json');
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  await saveLeads(config.store);
  return { configFile, port, agiPort };
}

/** `npm start`, as an operator runs it. */
export function startService(configFile: string, nodeArgs: readonly string[] = []): Promise<RunningProcess> {
  return startProcess('patchbay', [...nodeArgs, scriptAt('../../../src/cli/patchbay.js'), 'serve'], {
    env: { PATCHBAY_CONFIG: configFile, NODE_ENV: 'production' },
    isReady: (line) => line.msg === 'patchbay is ready',
  });
}

/** Synced leads with the numbers that the load calls. */
async function saveLeads(config: ReturnType<typeof siteConfig>['store']): Promise<void> {
  const store = await openStore({
    config: config as Parameters<typeof openStore>[0]['config'],
    rules: { dialers: {}, technicalEndWaitSec: 1, humanWaitSec: 1, handOverOutcomes: [] },
    newId: () => crypto.randomUUID(),
    ignoresIdempotency: false,
    onWarning() {},
  });
  const now = new Date().toISOString();
  const fields = { first_name: 'Ada', last_name: 'Field', city: 'Denver', state: 'CO', email: 'ada@example.com' };
  const all = Array.from({ length: leads }, (_, index) => {
    const number = `303555${String(index).padStart(4, '0')}`;
    const names = { dialer: 'five9', key: number, list: 'Spring list', campaign: 'Spring' };
    return { ...names, phones: [`+1${number}`], fields, changedAt: now };
  });
  await store.saveLeads(all, now);
  await store.close();
}

export function startScript(file: string, args: readonly string[]): Promise<RunningProcess> {
  return startProcess(file, [scriptAt(file), ...args], {
    env: { NODE_ENV: 'production' },
    isReady: (line) => line.msg === 'ready',
  });
}

export function loginOf({ host, port, user, password }: PrivateMariaDb, name: string): DatabaseLogin {
  return { host, port, user, password, name };
}

export function scriptAt(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
