import { setTimeout as wait } from 'node:timers/promises';
import { connectors } from '../../connectors/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { type Reconciliation, reconcile } from '../../src/flows/reconcile.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { countDoubles, type Verdict } from '../demo/verdict.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { EventFaults } from '../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';
import { type FaultCall, judgeCalls, summaryOf } from './five9-calls.ts';
import { dialerConfig, domainSeed, inParts } from './five9-fault-day.ts';
import { behaviourOf, carouselStatuses, type NightCall, writeNight } from './night-calls.ts';
import { eventToken, keys, platformSection, startTestApp, type TestApp, webhookSecret } from './start-app.ts';

export interface NightOptions {
  calls: number;
  eventFaults: Partial<EventFaults>;
  hasAnalysisInRecord: boolean;
  /** False: nobody compares anything in the morning. (Default: true) */
  isReconciled?: boolean;
  /** False: no agent sets a record afterwards. (Default: true) */
  hasAgents?: boolean;
  /** What differs in Patchbay's configuration. */
  patchbay?: Record<string, unknown>;
}

export interface NightEnd extends Verdict {
  report: Reconciliation | null;
  /** Customers of whose call we say that nobody knows how it ended, and those of whom the script says so. */
  unknown: string[];
  nobodyKnows: string[];
  forged: { sent: number; refused: number };
  lostEvents: number;
}

interface Night {
  clock: Clock & { leap(hours: number): void };
  calls: readonly NightCall[];
  carousel: MadeUpServer;
  five9: Five9Simulator;
  platform: SigmamindSimulator;
  patchbay: TestApp;
  ids: Map<NightCall, string>;
}

/** Eleven at night in California: Five9 takes DNC numbers. */
const startsAt = Date.parse('2026-03-03T07:00:00.000Z');
/** Simulated seconds per second of the machine: many calls take long, and all must be over before six, when DNC ends. */
const rateFor = (calls: number) => Math.min(150, 40_000 / calls);
/** As the dialer has it: the mapping read backwards. */
const agentsWord = 'sold';

/** A night of calls on two dialers whose webhooks go all sorts of ways, and the morning after. */
export async function playNight(options: NightOptions): Promise<NightEnd> {
  const night = await start(options);
  try {
    await inParts(night.calls, (call) => placeCall(night, call));
    await until(() => night.platform.calls().every(({ isDone }) => isDone), 'calls go on');
    await untilQuiet(night);
    await strike(night, options.hasAgents !== false);
    night.clock.leap(5);
    const report = options.isReconciled === false ? null : await reconcileAll(night);
    await untilQuiet(night);
    return await judge(night, report);
  } finally {
    await night.patchbay.stop();
    await Promise.all([night.platform, night.five9, night.carousel].map((simulator) => simulator.stop()));
  }
}

async function start(options: NightOptions): Promise<Night> {
  const faults = EventFaults.parse(options.eventFaults);
  const calls = writeNight(options.calls, faults, options.hasAnalysisInRecord);
  const ofFive9 = calls.flatMap(({ five9 }) => five9 ?? []);
  const clock = startClock(rateFor(options.calls));
  const people = calls.filter(({ dialer }) => dialer === 'carousel');
  const carousel = await startMadeUpServer(
    people.map(({ name, number }) => ({ key: name, number, name: 'Somebody', values: {} })),
  );
  const five9 = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    patchbayUrl: 'http://127.0.0.1:1',
    seed: domainSeed(ofFive9),
  });
  const platform = await startSigmamindSimulator({
    clock,
    apiKey: 'key-1',
    signature: { secrets: [webhookSecret] },
    eventFaults: faults,
    behaviours: Object.fromEntries(calls.map((call) => [call.number, behaviourOf(call)])) as never,
    switches: { analysisInCallRecord: options.hasAnalysisInRecord },
  });
  const patchbay = await startTestApp({
    clock,
    registry: { ...connectors, dialers: [...connectors.dialers, madeUp] },
    dialers: {
      carousel: carouselConfig(carousel.url),
      five9: { ...dialerConfig(five9.url), soap: soapOf(five9.url), budgets },
    },
    config: {
      platforms: { sigmamind: platformSection({ apiUrl: platform.url, apiKey: 'key-1' }) },
      outcomes: { technicalEndWaitSec: 10, humanWaitSec: 0 },
      outbox: { pollMs: 20 },
      ...options.patchbay,
    },
  });
  await wire(platform, patchbay);
  return { clock, calls, carousel, five9, platform, patchbay, ids: new Map() };
}

/** A script that waited in vain would take its call elsewhere; here each goes to the AI, on a busy machine too. */
const budgets = { registerMs: 4500 };
const soapOf = (host: string) => ({ host, users: [{ user: 'ada', password: 'engine' }], timeoutMs: 5000 });

function carouselConfig(url: string) {
  return {
    type: 'made-up',
    url,
    budgets,
    statuses: Object.values(carouselStatuses),
    campaigns: { Autumn: { dispositions: carouselStatuses, fields: { note: 'summary' } } },
  };
}

function startClock(rate: number): Night['clock'] {
  const fast = startFastClock(startsAt, rate);
  let leapt = 0;
  return {
    now: () => fast.now() + leapt,
    sleep: fast.sleep,
    leap(hours) {
      leapt += hours * 3_600_000;
    },
  };
}

async function wire(platform: SigmamindSimulator, { url }: TestApp): Promise<void> {
  const { status } = await fetch(`${platform.url}/_sim/wiring`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      webhookUrl: `${url}/v1/platforms/sigmamind/events/${eventToken}`,
      tools: { commitUrl: `${url}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
    }),
  });
  if (status !== 204) throw new Error('the platform could not be wired');
}

async function placeCall(night: Night, call: NightCall): Promise<void> {
  const { number, five9, index, name } = call;
  const query: Record<string, string> = five9
    ? {
        call_id: String(30_000_000_000 + index),
        call_type: '5',
        dnis: number,
        campaign: five9.campaign,
        patchbay_key: name,
      }
    : { call_id: `mu-${index}`, lead_id: name, number, campaign: 'Autumn' };
  const answer = await fetch(`${night.patchbay.url}/v1/ivr/${call.dialer}/register?${new URLSearchParams(query)}`, {
    headers: { 'X-API-Key': keys.script },
  });
  const { correlation_id: id = '' } = (await answer.json()) as { correlation_id?: string };
  night.ids.set(call, id);
  night.platform.placeSipCall({ to: '+13035550199', from: `+1${number}`, headers: { 'X-correlation_id': id } });
}

/** On a slow machine a system may not answer in time: the next run catches up. */
async function reconcileAll({ patchbay }: Night): Promise<Reconciliation> {
  const signal = new AbortController().signal;
  const report = await reconcile(patchbay.app.deps, { signal });
  return report.unread.length > 0 ? reconcile(patchbay.app.deps, { signal }) : report;
}

/** What happens after all was written: people set records, the dialer and the platform lose some. */
async function strike({ calls, carousel, five9, platform }: Night, hasAgents: boolean): Promise<void> {
  const vanished = new Set(calls.filter(({ kind }) => kind === 'vanished').map(({ number }) => `+1${number}`));
  for (const { index, kind, name, number } of calls) {
    if (kind === 'sale' && index % 2 === 0) five9.forget(number, { dispositions: true });
    const record = carousel.records.get(name);
    if (record && hasAgents && kind === 'human') record.values.human = agentsWord;
    if (record && kind === 'wiped') record.values = {};
  }
  for (const { callId, from } of platform.calls()) {
    if (!vanished.has(from)) continue;
    await fetch(`${platform.url}/v1/calls/${callId}`, { method: 'DELETE', headers: { 'X-API-Key': 'key-1' } });
  }
}

/** Three quiet looks in a row. */
async function untilQuiet({ patchbay }: Night): Promise<void> {
  const open = ['pending', 'claimed', 'submitted'];
  const isQuiet = async () =>
    (await patchbay.app.deps.store.countWriteBacks()).every(({ state, count }) => count === 0 || !open.includes(state));
  for (let quiet = 0; quiet < 3; quiet += 1) await until(isQuiet, 'write-backs are under way');
}

async function until(isSo: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const end = performance.now() + 240_000;
  do {
    await wait(50);
    if (performance.now() > end) throw new Error(`${otherwise} still`);
  } while (!(await isSo()));
}

async function judge(night: Night, report: Reconciliation | null): Promise<NightEnd> {
  const { calls, five9, platform, patchbay, ids } = night;
  const ofFive9: FaultCall[] = [];
  for (const { five9: call, outcome } of calls) {
    if (!call) continue;
    const at = callbackAtOf(night, call);
    ofFive9.push({
      ...call,
      said: call.said.map(() => ({ outcome, ...(outcome === 'callback' && at && { callbackAt: at }) })),
    });
  }
  const verdict = judgeCalls(five9, ofFive9);
  await judgeCarousel(night, verdict);

  const unknown: string[] = [];
  for (const [call, id] of ids) {
    if ((await patchbay.app.deps.store.callById(id))?.outcome?.code === 'unknown') unknown.push(call.name);
  }
  const nobodyKnows = calls.filter(({ outcome }) => outcome === 'unknown').map(({ name }) => name);
  const forged = platform.calls().flatMap(({ events }) => events.filter(({ isForged }) => isForged));
  const refused = forged.filter(({ status }) => status === 401).length;
  const lostEvents = (await platform.journal()).filter(({ kind }) => kind === 'event-lost').length;
  return {
    ...verdict,
    report,
    unknown: unknown.sort(),
    nobodyKnows: nobodyKnows.sort(),
    forged: { sent: forged.length, refused },
    lostEvents,
  };
}

/** The agent named a time when it committed: the script knows it only from there. */
function callbackAtOf({ platform }: Night, { number }: Pick<FaultCall, 'number'>): string {
  return platform.calls().find(({ from }) => from === `+1${number}`)?.commit?.body.callback_at ?? '';
}

async function judgeCarousel(night: Night, verdict: Verdict): Promise<void> {
  const { calls, carousel } = night;
  const find = (what: 'lost' | 'wrong', call: NightCall, is: unknown, should: unknown, name: string) => {
    if (is === should) return;
    verdict[what] += 1;
    verdict.findings.push(`${call.name} (${call.kind}): ${name} is "${is}", should be "${should}"`);
  };
  for (const call of calls) {
    const isOptOut = call.outcome === 'opt_out';
    find(isOptOut ? 'lost' : 'wrong', call, carousel.dnc.has(`+1${call.number}`), isOptOut, 'DNC');
    const values = carousel.records.get(call.name)?.values;
    if (!values) continue;
    if (call.kind === 'human') find('wrong', call, values.human, agentsWord, 'the agent’s word');
    find('lost', call, values.disposition, carouselStatuses[call.outcome], 'disposition');
    const callbackAt = call.outcome === 'callback' ? callbackAtOf(night, call) : undefined;
    find(callbackAt ? 'lost' : 'wrong', call, values.callback, callbackAt, 'callback');
    const isCommitted = !['interested', 'quiet', 'vanished'].includes(call.kind);
    if (isCommitted) find('lost', call, values.fields, JSON.stringify({ note: summaryOf(call as never) }), 'fields');
  }
  countDoubles(verdict, 'carousel', await carousel.journal());
}
