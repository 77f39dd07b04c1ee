import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectors } from '../../connectors/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { WriteBack } from '../../src/domain/write-back.ts';
import { seededRandom } from '../demo/random.ts';
import type { Verdict } from '../demo/verdict.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { Five9SimulatorInput } from '../simulators/five9/options.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';
import {
  agentDisposition,
  callbackList,
  campaigns,
  contactsOf,
  dispositions,
  type FaultCall,
  judgeCalls,
  type Kind,
  type Said,
  summaryOf,
  writeCalls,
} from './five9-calls.ts';
import { freePort } from './free-port.ts';
import { keys, startTestApp, type TestApp } from './start-app.ts';

export const importToken = 'a-token-that-nobody-can-guess';
export const timeoutMs = 300;
/** Calls that are registered or ended at once. */
const atOnce = 8;

export interface FaultDayOptions {
  /** (Default: 300) */
  calls?: number;
  /** All calls of this kind. (Default: of each kind in turn) */
  only?: Kind;
  /** Order of the calls' ends, and whatever the scenario draws. (Default: 1) */
  seed?: number;
  /** Simulated seconds per second of the machine. (Default: 200) */
  rate?: number;
  /** (Default: midnight in California: the DNC list takes numbers) */
  startsAt?: string;
  /** What differs in the dialer's configuration, in Patchbay's and in the simulator's. */
  dialer?: Record<string, unknown>;
  patchbay?: Record<string, unknown>;
  simulator?: Partial<Five9SimulatorInput>;
}

/** Five9, Patchbay over one store, and the calls of a day that is being played. */
export interface FaultDay {
  five9: Five9Simulator;
  clock: Clock;
  calls: readonly FaultCall[];
  random(): number;
  patchbay(): TestApp;
  /** Stops Patchbay without waiting for what runs, and starts another over the same store. */
  restart(): Promise<void>;
  /** The AI says one thing more in a call that is registered. */
  say(call: FaultCall, said: Said): Promise<void>;
  /** An agent ends a call of the contact. */
  agentDisposes(call: FaultCall): Promise<void>;
  /**
   * Every call is registered and ends, in random order; `meanwhile` runs beside it and is given when all have. Waits until
   * nothing is under way.
   */
  play(meanwhile?: (allSaid: Promise<void>) => Promise<void>): Promise<FaultDayEnd>;
  stop(): Promise<void>;
}

export interface FaultDayEnd extends Pick<Verdict, 'lost' | 'double' | 'wrong' | 'findings'> {
  /** Write-backs by their state. */
  rows: Partial<Record<WriteBack['state'], number>>;
  /** Those that are refused or dead and should not be, told as `kind aspect state: why`. */
  failed: string[];
  /** Tries beyond the first. */
  retries: number;
}

export async function startFaultDay(options: FaultDayOptions = {}): Promise<FaultDay> {
  const startsAt = options.startsAt ?? '2026-03-03T08:00:00.000Z';
  const random = seededRandom(options.seed ?? 1);
  const calls = writeCalls(options.calls ?? 300, startsAt, options.only);
  const clock = startFastClock(Date.parse(startsAt), options.rate ?? 200);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-faults-'));
  const port = await freePort();
  const five9 = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    // The IVR reaches nobody: an agent's call goes straight to the agent.
    patchbayUrl: 'http://127.0.0.1:1',
    ...options.simulator,
    seed: domainSeed(calls),
  });
  const startPatchbay = () =>
    startTestApp({
      registry: connectors,
      clock,
      store: { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
      dialers: { five9: { ...dialerConfig(five9.url), ...options.dialer } },
      config: {
        server: { port },
        secret: 'the-same-after-a-restart',
        spool: { folder: join(folder, 'spool') },
        outcomes: { technicalEndWaitSec: 10 },
        outbox: { pollMs: 20, leaseSec: 5 },
        ...options.patchbay,
      },
    });
  let patchbay = await startPatchbay();
  const ids = new Map<FaultCall, string>();

  const day: FaultDay = {
    five9,
    clock,
    calls,
    random,
    patchbay: () => patchbay,
    async restart() {
      await patchbay.app.stop(0);
      rmSync(patchbay.folder, { recursive: true, force: true });
      patchbay = await startPatchbay();
    },
    async say(call, said) {
      call.said.push(said);
      await untilTaken(() => commit(day, ids.get(call) ?? '', call, said));
    },
    async agentDisposes({ campaign, number }) {
      const placed = five9.call({
        campaign,
        number1: number,
        callType: 4,
        human: { disposition: agentDisposition, afterSec: 0 },
      });
      if (placed.kind === 'placed') await placed.over;
    },
    async play(meanwhile = async () => undefined) {
      const allSaid = inParts(shuffled(calls, random), async (call) => {
        ids.set(call, await register(day, call));
        await playCall(day, call, ids.get(call) ?? '');
      });
      await Promise.all([allSaid, meanwhile(allSaid)]);
      await untilQuiet(day);
      return endOf(day);
    },
    async stop() {
      await patchbay.stop();
      await five9.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return day;
}

export function domainSeed(calls: readonly FaultCall[]) {
  return {
    campaigns: campaigns.map((name, index) => ({
      name,
      lists: [`${name} leads`, ...(index === 0 ? [callbackList] : [])],
    })),
    lists: [callbackList],
    dispositions: [
      ...Object.values(dispositions).map((name) => ({
        name,
        type: name === dispositions.callback ? ('RedialNumber' as const) : ('FinalDisp' as const),
      })),
      agentDisposition,
    ],
    contactFields: [
      { name: 'patchbay_key' },
      { name: 'ai_summary' },
      { name: 'ai_outcome' },
      { name: 'ai_mark' },
      { name: 'last_disp', mapTo: 'LastDisposition' as const },
      { name: 'last_disp_at', type: 'DATE_TIME' as const, mapTo: 'LastDispositionDateTime' as const },
      { name: 'agent_disp', mapTo: 'LastAgentDisposition' as const },
      { name: 'agent_disp_at', type: 'DATE_TIME' as const, mapTo: 'LastAgentDispositionDateTime' as const },
    ],
    contacts: contactsOf(calls),
  };
}

export function dialerConfig(host: string) {
  return {
    type: 'five9',
    soap: { host, users: [{ user: 'ada', password: 'engine' }], timeoutMs },
    domainTimeZone: 'America/New_York',
    fields: {
      lastDisposition: 'last_disp',
      lastDispositionAt: 'last_disp_at',
      lastAgentDisposition: 'agent_disp',
      lastAgentDispositionAt: 'agent_disp_at',
      callbackMark: 'ai_mark',
    },
    // No call is on the line here, so that changes of mind meet imports under way.
    settle: { maxWaitSec: 0 },
    callbackList,
    campaigns: Object.fromEntries(
      campaigns.map((name) => [name, { dispositions, fields: { ai_summary: 'summary', ai_outcome: 'outcome' } }]),
    ),
  };
}

/** Like a script's Query, the AI's tool calls and the platform's webhook: each is sent again until it is taken. */
async function register(day: FaultDay, call: FaultCall): Promise<string> {
  const callId = String(30_000_000_000 + call.index);
  const query = new URLSearchParams({
    ...{ call_id: callId, call_type: '5', dnis: call.number, campaign: call.campaign },
    ...(call.key && { patchbay_key: call.key }),
  });
  const { correlation_id = '' } = (await untilTaken(() =>
    fetch(`${day.patchbay().url}/v1/ivr/five9/register?${query}`, { headers: { 'X-API-Key': keys.script } }),
  )) as { correlation_id?: string };
  return correlation_id;
}

async function playCall(day: FaultDay, call: FaultCall, correlation_id: string): Promise<void> {
  if (call.kind === 'agent' || call.kind === 'agent_callback') await day.agentDisposes(call);
  for (const said of call.said) {
    await untilTaken(() => commit(day, correlation_id, call, said));
    if (call.said.length > 1) await day.clock.sleep(day.random() * 100_000);
  }
  if (call.said.length > 0) return;
  const timestamp = new Date(day.clock.now()).toISOString();
  await untilTaken(() =>
    day.patchbay().postEvent({
      event: 'conversation_ended',
      timestamp,
      data: { callId: `call_${call.index}`, status: 'ended', dynamicVariables: { correlation_id } },
    }),
  );
}

function commit(day: FaultDay, correlation_id: string, call: FaultCall, { outcome, callbackAt }: Said) {
  return fetch(`${day.patchbay().url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      correlation_id,
      outcome,
      summary: summaryOf(call),
      ...(callbackAt && { callback_at: callbackAt }),
    }),
  });
}

async function untilTaken(ask: () => Promise<Response>): Promise<unknown> {
  for (;;) {
    const body = await ask()
      .then(async (answer) => (answer.ok ? ((await answer.json()) as { ok?: boolean; error?: string }) : null))
      .catch(() => null);
    if (body && body.ok !== false) return body;
    if (body?.error && body.error !== 'not_sure') throw new Error(`Patchbay does not take it: ${JSON.stringify(body)}`);
    await wait(20);
  }
}

export async function inParts<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const open = [...items];
  const worker = async () => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

async function untilQuiet(day: FaultDay): Promise<void> {
  const end = performance.now() + 40_000;
  for (let quiet = 0; quiet < 3; ) {
    const open = (await statesOf(day)).filter(({ state }) => ['pending', 'claimed', 'submitted'].includes(state));
    quiet = open.length === 0 ? quiet + 1 : 0;
    if (performance.now() > end) throw new Error(`still under way: ${JSON.stringify(open)}`);
    await wait(50);
  }
}

const statesOf = (day: FaultDay) => day.patchbay().app.deps.store.countWriteBacks();

async function endOf(day: FaultDay): Promise<FaultDayEnd> {
  const all = await day.patchbay().app.deps.store.writeBacks({ limit: 10_000 });
  const kindOf = new Map(day.calls.map(({ number, kind }) => [number, kind]));
  return {
    ...judgeCalls(day.five9, day.calls),
    rows: Object.fromEntries((await statesOf(day)).map(({ state, count }) => [state, count])),
    failed: all
      .filter(({ state }) => state === 'refused' || state === 'dead')
      .map(({ target, aspect, why, state }) => `${kindOf.get(target.number)} ${aspect} ${state}: ${why}`)
      .filter((text) => !text.startsWith('stranger disposition refused')),
    retries: all.reduce((sum, { attempts }) => sum + attempts, 0),
  };
}
