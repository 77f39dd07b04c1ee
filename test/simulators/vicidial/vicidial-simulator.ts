import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Simulator } from '../simulator.ts';
import { archiveLeads, archiveLogs } from './archive.ts';
import { runCallbackDaemon } from './callback-daemon.ts';
import type { CallerName } from './caller-names.ts';
import { answerControl } from './control.ts';
import { createTables } from './create-tables.ts';
import { createJournal, type VicidialDeps } from './deps.ts';
import { createDialer } from './dialer.ts';
import { createServers, type ServerOptions } from './dialer-servers.ts';
import { createFaults, type Fault } from './faults.ts';
import type { HeaderRequest } from './header-requests.ts';
import { type HopperCustomer, runHopperDialer } from './hopper-dialer.ts';
import type { CallRequest } from './live-call.ts';
import { madeUpSite } from './made-up-site.ts';
import { type RemoteAgentDaemon, startRemoteAgentDaemon } from './remote-agent-daemon.ts';
import { type SeedLead, seedLeads, seedSite, type VicidialSeed } from './seed.ts';
import { serverTime } from './server-time.ts';
import { holdTable } from './slow-database.ts';
import { type LeadState, readState } from './state.ts';
import { type DatabasePlace, openTables } from './tables.ts';
import { answerScripts, type Handle, startListener } from './web-server.ts';

export interface VicidialOptions {
  clock: Clock;
  /** An existing, empty database; a restarted simulator finds its tables there again. */
  database: DatabasePlace;
  /** Zone of all DATETIME columns. */
  serverZone: string;
  /** The connector's headers endpoint, log-in in the URL. (Default: none, the static header only) */
  headersUrl?: string | undefined;
  /** The connector's FastAGI server, `agi://host:port/script`. (Default: none) */
  agiUrl?: string | undefined;
  /** The simulated AI platform. (Default: none; calls go on until they are ended) */
  aiUrl?: string | undefined;
  /** The dialplan entries of the carriers are run as they lie in the tables. (Default: only what they dial is read) */
  runsEntries?: boolean | undefined;
  /** (Default: the made-up site) */
  seed?: VicidialSeed | undefined;
  /** The one dialer of a site without a cluster. (Default: 10.10.10.15) */
  serverIp?: string | undefined;
  /** The dialers of a cluster, in place of `serverIp`; database and APIs stay one. */
  servers?: readonly ServerOptions[] | undefined;
  /** Simulated seconds until the daemon notices a hand-over. (Default: its own next fifth loop of 2 s) */
  noticeSec?: number | undefined;
  /** Simulated seconds from the hand-over to the carrier's entry. (Default: 0) */
  carrierSec?: number | undefined;
  /** Whether callbacks that are due go into the hopper, which changes the lead's status. (Default: false) */
  dialCallbacks?: boolean | undefined;
  /** Leads in the hopper are called, and their customers answer like this. (Default: the hopper is left alone) */
  dialHopper?: HopperCustomer | undefined;
}

export interface VicidialSimulator extends Simulator {
  /** The simulator's own interface, which lives on while the web server at `url` is down. */
  controlUrl: string;
  place(request: CallRequest): Promise<{ callerCode: string; uniqueid: string }>;
  /** The AI platform's leg has ended. False when the call is over already. */
  end(callerCode: string): Promise<boolean>;
  fault(fault: Fault): void;
  /** The web server is killed, with every script that runs; or started again, on the same port. */
  setWebServer(isUp: boolean): Promise<void>;
  /** The remote-agent daemon is stopped, or started again. */
  setDaemon(isRunning: boolean): void;
  setCallerName(name: CallerName): void;
  /** A long report holds the table for so many milliseconds of the machine. */
  holdTable(table: string, ms: number): Promise<void>;
  archiveLogs(options: { olderThanDays: number; isDaily: boolean }): Promise<number>;
  archiveLeads(leadIds: readonly number[]): Promise<number>;
  /** How customers answer from now on whom the dialer calls out of the hopper. */
  setCustomer(customer: HopperCustomer): void;
  addLeads(leads: readonly SeedLead[]): Promise<void>;
  state(key: { leadId: number } | { phone: string }): Promise<LeadState>;
  progress(): { started: number; over: number };
  /** Every question for headers since the start. */
  headerRequests(): readonly HeaderRequest[];
  /** True while a step of the dialer is under way: a clock moved by hand waits for it. */
  isBusy(): boolean;
}

/** A VICIdial: its tables, its two HTTP interfaces, and the dialers behind them. */
export async function startVicidialSimulator(options: VicidialOptions): Promise<VicidialSimulator> {
  const { clock, serverZone, database } = options;
  const stop = new AbortController();
  const time = serverTime(clock, serverZone);
  const tables = openTables(database, time);
  const addresses = options.servers ?? [{ ip: options.serverIp ?? '10.10.10.15' }];
  const serverIp = addresses[0]?.ip ?? '';
  const deps: VicidialDeps = { clock, time, tables, journal: createJournal(clock), serverIp, stopping: stop.signal };
  if (await createTables(tables)) {
    const seed = options.seed ?? madeUpSite();
    await seedSite(
      deps,
      seed,
      addresses.map(({ ip }) => ip),
    );
  }

  const faults = createFaults();
  const headerRequests: HeaderRequest[] = [];
  let customer = options.dialHopper ?? {};
  const daemon: RemoteAgentDaemon = startRemoteAgentDaemon(deps);
  const dialer = createDialer(createServers(deps, serverZone, addresses), daemon, {
    ...options,
    controlUrl: () => control.url,
    noteHeaderRequest: (request) => void headerRequests.push(request),
  });
  const simulator: VicidialSimulator = {
    get url() {
      return web.url;
    },
    get controlUrl() {
      return control.url;
    },
    place: dialer.place,
    end: (callerCode) => dialer.end(callerCode),
    fault: faults.add,
    setWebServer: (isUp) => (isUp ? web.bringUp() : web.takeDown()),
    setDaemon: daemon.setRunning,
    setCallerName: dialer.setCallerName,
    holdTable: (table, ms) => holdTable(database, table, ms, stop.signal),
    archiveLogs: (which) => archiveLogs(deps, which),
    archiveLeads: (leadIds) => archiveLeads(deps, leadIds),
    setCustomer(next) {
      customer = next;
    },
    addLeads: (leads) => seedLeads(deps, leads),
    state: (key) => readState(deps, key),
    progress: dialer.progress,
    headerRequests: () => headerRequests,
    isBusy: tables.isBusy,
    journal: async () => deps.journal.all(),
    async stop() {
      stop.abort();
      daemon.stop();
      await web.takeDown();
      await control.takeDown();
      await dialer.settle();
      await callbackDaemon;
      await hopperDialer;
      await tables.close();
    },
  };

  const own: Handle = async (request, response) => {
    const { status, body } = await answerControl(dialer, simulator, request, urlOf(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const control = await startListener(() => own);
  const web = await startListener((life) => {
    const answer = answerScripts({ deps, dialer, faults }, life);
    return (request, response) => {
      const url = urlOf(request);
      return url.pathname.startsWith('/_sim/') ? own(request, response) : answer(url, request, response);
    };
  });
  const callbackDaemon = options.dialCallbacks ? runCallbackDaemon(deps) : Promise.resolve();
  const hopperDialer = options.dialHopper ? runHopperDialer(deps, dialer.place, () => customer) : Promise.resolve();
  return simulator;
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}
