import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Simulator } from '../simulator.ts';
import { answerAgentApi } from './agent-api.ts';
import type { ApiAnswer } from './api-function.ts';
import { runCallbackDaemon } from './callback-daemon.ts';
import { answerControl } from './control.ts';
import { createTables } from './create-tables.ts';
import { createJournal, type VicidialDeps } from './deps.ts';
import { createDialer, type Dialer } from './dialer.ts';
import { createFaults, type Fault, type Faults, type RequestFaults } from './faults.ts';
import type { CallRequest } from './live-call.ts';
import { madeUpSite } from './made-up-site.ts';
import { answerNonAgentApi } from './non-agent-api.ts';
import { type Parameters, readBody, readParameters } from './parameters.ts';
import { type SeedLead, seedLeads, seedSite, type VicidialSeed } from './seed.ts';
import { serverTime } from './server-time.ts';
import { type LeadState, readState } from './state.ts';
import { type DatabasePlace, openTables } from './tables.ts';

export interface VicidialOptions {
  clock: Clock;
  /** An existing, empty database; a restarted simulator finds its tables there again. */
  database: DatabasePlace;
  /** Zone of all DATETIME columns. */
  serverZone: string;
  /** The connector's headers endpoint, log-in in the URL. (Default: none, the static header only) */
  headersUrl?: string | undefined;
  /** The simulated AI platform. (Default: none; calls go on until they are ended) */
  aiUrl?: string | undefined;
  /** (Default: the made-up site) */
  seed?: VicidialSeed | undefined;
  /** (Default: 10.10.10.15) */
  serverIp?: string | undefined;
  /** Simulated seconds until the daemon notices a hand-over. (Default: random, up to 10) */
  noticeSec?: number | undefined;
  /** Whether callbacks that are due go into the hopper, which changes the lead's status. (Default: false) */
  dialCallbacks?: boolean | undefined;
}

export interface VicidialSimulator extends Simulator {
  place(request: CallRequest): Promise<{ callerCode: string; uniqueid: string }>;
  /** The AI platform's leg has ended. False when the call is over already. */
  end(callerCode: string): Promise<boolean>;
  fault(fault: Fault): void;
  addLeads(leads: readonly SeedLead[]): Promise<void>;
  state(key: { leadId: number } | { phone: string }): Promise<LeadState>;
  progress(): { started: number; over: number };
  /** True while a step of the dialer is under way: a clock moved by hand waits for it. */
  isBusy(): boolean;
}

/** A VICIdial of one server: its tables, its two HTTP interfaces, and the dialer behind them. */
export async function startVicidialSimulator(options: VicidialOptions): Promise<VicidialSimulator> {
  const { clock, serverZone, database } = options;
  const stop = new AbortController();
  const time = serverTime(clock, serverZone);
  const tables = openTables(database, time);
  const serverIp = options.serverIp ?? '10.10.10.15';
  const deps: VicidialDeps = { clock, time, tables, journal: createJournal(clock), serverIp, stopping: stop.signal };
  if (await createTables(tables)) await seedSite(deps, options.seed ?? madeUpSite());

  const faults = createFaults();
  let url = '';
  const dialer = createDialer(deps, { ...options, ownUrl: () => url });
  const simulator: VicidialSimulator = {
    get url() {
      return url;
    },
    place: dialer.place,
    end: (callerCode) => dialer.end(callerCode),
    fault: faults.add,
    addLeads: (leads) => seedLeads(deps, leads),
    state: (key) => readState(deps, key),
    progress: dialer.progress,
    isBusy: tables.isBusy,
    journal: async () => deps.journal.all(),
    async stop() {
      stop.abort();
      clearInterval(heartbeat);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await dialer.settle();
      await callbackDaemon;
      await tables.close();
    },
  };

  const server = createServer((request, response) => {
    void serve({ deps, dialer, faults, simulator }, request, response).catch((error: unknown) => {
      if (!stop.signal.aborted) process.stderr.write(`simulated VICIdial, request failed: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  url = await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
  const heartbeat = setInterval(() => void beat(deps).catch(() => undefined), 500).unref();
  const callbackDaemon = options.dialCallbacks ? runCallbackDaemon(deps) : Promise.resolve();
  return simulator;
}

interface Served {
  deps: VicidialDeps;
  dialer: Dialer;
  faults: Faults;
  simulator: VicidialSimulator;
}

async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname.startsWith('/_sim/')) {
    const { status, body } = await answerControl(served.dialer, served.simulator, request, url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return;
  }
  const api = { '/vicidial/non_agent_api.php': 'non_agent', '/agc/api.php': 'agent' }[url.pathname];
  if (!api) {
    response.writeHead(404).end();
    return;
  }
  const fault = served.faults.next();
  if (fault.down) {
    request.socket.destroy();
    return;
  }
  const parameters = readParameters(url.search.slice(1), await readBody(request));
  if (fault.slowMs > 0) await wait(fault.slowMs, undefined, { ref: false });
  if (fault.http500) {
    response.writeHead(500).end();
    return;
  }
  await answerApi(served, api, parameters, fault, response);
}

async function answerApi(
  { deps, dialer, faults }: Served,
  api: string,
  parameters: Parameters,
  fault: RequestFaults,
  response: ServerResponse,
): Promise<void> {
  let effects = 0;
  const watched: VicidialDeps = {
    ...deps,
    journal: {
      ...deps.journal,
      note(effect) {
        effects += 1;
        deps.journal.note(effect);
      },
    },
  };
  const result =
    api === 'agent'
      ? await answerAgentApi(watched, dialer, parameters, fault)
      : await answerNonAgentApi(watched, parameters, fault);
  await logApiCall(deps, api, parameters, result);
  // The effect is there, the answer never comes: the caller's own time limit has to end it.
  if (effects > 0 && faults.losesAnswer()) return;
  if (result.sqlFailed && fault.strictPhp) {
    response.writeHead(500).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(Buffer.from(result.lines.map((line) => `${line}\n`).join(''), 'latin1'));
}

async function logApiCall(
  { tables, time }: VicidialDeps,
  api: string,
  parameters: Parameters,
  { lines }: ApiAnswer,
): Promise<void> {
  const [, result = '', reason = ''] = /^(\w+): (.*)$/.exec(lines[0] ?? '') ?? [];
  await tables.insert('vicidial_api_log', {
    user: parameters.get('user'),
    api_date: time.local(),
    api_script: api,
    function: parameters.get('function'),
    agent_user: parameters.get('agent_user'),
    value: parameters.get('value'),
    result,
    result_reason: reason,
    source: parameters.get('source'),
  });
}

/** The remote-agent daemon's heartbeat; a line without it gets no calls. */
async function beat({ tables, time }: VicidialDeps): Promise<void> {
  await tables.change('UPDATE vicidial_live_agents SET last_update_time = FROM_UNIXTIME(?)', [time.epochSec()]);
}
