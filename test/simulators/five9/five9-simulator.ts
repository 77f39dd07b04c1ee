import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Effect, Simulator, SimulatorDeps } from '../simulator.ts';
import { type DomainState, readDomainState } from './domain-state.ts';
import { createFive9Domain, type Five9Domain, seedDomain } from './five9-domain.ts';
import { type Forgotten, forget } from './forget.ts';
import type { TellCallback } from './import-queue.ts';
import { createInjectedFaults, type FaultOptions } from './injected-faults.ts';
import { type Bye, createAiLegs } from './ivr/ai-leg.ts';
import type { CallLog } from './ivr/call-log.ts';
import { type PlaceDeps, type PlacedCall, placeCall, receiveCall } from './ivr/place-call.ts';
import type { Category } from './operations.ts';
import {
  type CallInput,
  CallRequest,
  FaultRequest,
  type Five9SimulatorInput,
  Five9SimulatorOptions,
  InboundCall,
  type InboundCallInput,
  Seed,
  type SeedInput,
} from './options.ts';
import { createRateLimits } from './rate-limits.ts';
import { type RecordState, readRecordState } from './record-state.ts';
import { createRunOperation, type RunOperation } from './run-operation.ts';
import { createSimRoutes } from './sim-routes.ts';
import { createSoapService, type SoapRequest } from './soap-service.ts';

/** A simulated Five9: its SOAP service, and its dialer with the IVR that asks Patchbay. */
export interface Five9Simulator extends Simulator {
  /** Adds to what the domain holds. */
  seed(seed: SeedInput): void;
  /** Points the IVR at other places, from the next call on. */
  pointAt(places: Partial<Pick<PlaceDeps, 'aiUrl' | 'patchbayUrl' | 'ivrKey'>>): void;
  /** Places a call; `over` resolves when the script and the agent are through. */
  call(request: CallInput): PlacedCall;
  /** A call from outside reaches one of the domain's numbers. */
  receive(inbound: InboundCallInput): PlacedCall;
  calls(): readonly CallLog[];
  /** What the AI's side does at the end of its leg; false for a call that we don't know. */
  endAiLeg(callId: string, bye: Bye): boolean;
  state(number1: string): RecordState;
  /** Changes what the domain holds, as an admin can by hand. */
  change(work: (domain: Five9Domain) => void): void;
  /** Somebody else uses up today's limit of a category. Gives what takes it back. */
  useUp(category: Category): () => void;
  /** What an admin made in the domain. */
  domain(): DomainState;
  effects(): readonly Effect[];
  requests(): readonly SoapRequest[];
  failNext(kind: FaultRequest['kind'], options?: FaultOptions): void;
  /** Machine milliseconds. (Default: one request) */
  slow(ms: number, times?: number): void;
  /** Imports refuse rows of contacts with such a first number. */
  refuseRows(predicate: (number1: string) => boolean): void;
  /** Loses what it holds of a contact, as after a restore. */
  forget(number1: string, what: Forgotten): void;
  /** Takes back every fault. */
  heal(): void;
}

export async function startFive9Simulator(input: SimulatorDeps & Five9SimulatorInput): Promise<Five9Simulator> {
  const { clock: givenClock, ...rest } = input;
  const options = Five9SimulatorOptions.parse(rest);
  const stopping = new AbortController();
  const clock = stoppableClock(givenClock, stopping.signal);
  const domain = createFive9Domain(clock, options, tellWhenReady(clock, stopping.signal));
  const faults = createInjectedFaults();
  const limits = createRateLimits(clock, options.limits);
  const requests: SoapRequest[] = [];
  const { calls } = domain;
  const runOperation = createRunOperation(domain, limits);
  const run: RunOperation = async (operation, args) => {
    const answer = await runOperation(operation, args);
    if (options.dials) dialNow(domain, simulator);
    return answer;
  };
  const soap = createSoapService({ domain, users: options.users, faults, limits, run, requests });

  const server = createServer((request, response) => {
    void readBody(request)
      .then((body) => {
        const isSoap = /^\/wsadmin\/(v[\d_]+\/)?AdminWebService(\?|$)/.test(request.url ?? '');
        return isSoap ? soap(request, response, body) : routes(request, response, body);
      })
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500).end(String(error));
      });
  });
  const url = await listen(server);

  const legs = createAiLegs();
  const playing = new Set<Promise<void>>();
  const play: PlaceDeps = {
    clock,
    domain,
    legs,
    aiUrl: options.aiUrl ?? '',
    aiNumber: options.aiNumber,
    endedUrl: (callId) => `${url}/_sim/ended?call_id=${encodeURIComponent(callId)}`,
    patchbayUrl: options.patchbayUrl ?? '',
    dialer: options.dialer,
    ivrUser: options.ivrUser,
    ivrKey: options.ivrKey,
    ivrAuthorization: options.ivrAuthorization,
    connection: options.connection,
    signal: stopping.signal,
    registerFields: options.registerFields,
    headers: options.headers,
    agents: new Map(),
  };
  const keepTrack = (placed: PlacedCall) => {
    if (placed.kind === 'placed') {
      playing.add(placed.over);
      void placed.over.then(() => playing.delete(placed.over));
    }
    return placed;
  };

  const simulator: Five9Simulator = {
    url,
    seed(seed) {
      seedDomain(domain, Seed.parse(seed));
      if (options.dials) dialNow(domain, simulator);
    },
    pointAt: (places) => void Object.assign(play, places),
    call: (request) => keepTrack(placeCall(play, calls, CallRequest.parse(request))),
    receive: (inbound) => keepTrack(receiveCall(play, calls, InboundCall.parse(inbound))),
    calls: () => [...calls.values()],
    endAiLeg(callId, bye) {
      legs.end(callId, bye);
      return calls.has(callId);
    },
    state: (number1) => readRecordState(domain, number1),
    change: (work) => work(domain),
    useUp: (category) => limits.useUp(category),
    domain: () => readDomainState(domain),
    effects() {
      domain.imports.settle();
      return domain.journal;
    },
    journal: async () => [...simulator.effects()],
    requests: () => requests,
    failNext(kind, more = {}) {
      const fault = FaultRequest.parse({ ...more, kind });
      if (kind === 'none') simulator.heal();
      else if (kind === 'refuseRows') domain.refusesRow = (number1) => fault.numbers.includes(number1);
      else faults.add(fault);
    },
    slow: (ms, times = 1) => simulator.failNext('slow', { ms, times }),
    refuseRows(predicate) {
      domain.refusesRow = predicate;
    },
    forget: (number1, what) => forget(domain, number1, what),
    heal() {
      faults.clear();
      domain.refusesRow = () => false;
    },
    async stop() {
      stopping.abort();
      await Promise.all(playing);
      await close(server);
    },
  };
  const routes = createSimRoutes(simulator);
  return simulator;
}

/** Dials what is to be dialled at once, as far as campaigns with its list run. */
function dialNow(domain: Five9Domain, simulator: Five9Simulator): void {
  domain.imports.settle();
  for (const wanted of domain.dialNow.splice(0)) {
    const campaign = [...domain.campaigns.values()].find(
      ({ type, state, lists }) => type !== 'INBOUND' && state === 'RUNNING' && lists.includes(wanted.list),
    );
    const number1 = domain.contacts.read(wanted.contact, 'number1');
    if (campaign) simulator.call({ campaign: campaign.name, number1, callType: campaign.type === 'AUTODIAL' ? 5 : 1 });
    else domain.dialNow.push(wanted);
  }
}

/** POSTs to an import's callback address when its time is over. The body is an assumption: it is not documented. */
function tellWhenReady(clock: Clock, signal: AbortSignal): TellCallback {
  return ({ url, format }, readyAt, identifier, times) => {
    void clock
      .sleep(readyAt - clock.now())
      .then(async () => {
        const isJson = format === 'JSON';
        const xml = `<importResult><importIdentifier>${identifier}</importIdentifier></importResult>`;
        for (let told = 0; told < times && !signal.aborted; told += 1) {
          await fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': isJson ? 'application/json' : 'text/xml' },
            body: isJson ? JSON.stringify({ importIdentifier: identifier }) : xml,
            signal: AbortSignal.timeout(5000),
          });
        }
      })
      .catch(() => undefined);
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
}

/** The clock, whose sleepers wake at once when the simulator stops. */
function stoppableClock(clock: Clock, stopping: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal ? AbortSignal.any([signal, stopping]) : stopping),
  };
}

/** Closes the server, and cuts the connections that an injected fault holds open. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
