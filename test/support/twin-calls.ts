import { setTimeout as wait } from 'node:timers/promises';
import { connectors } from '../../connectors/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import type { PlanRules } from '../../src/domain/plan-write-backs.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { countDoubles, type Verdict } from '../demo/verdict.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { eventPayload } from '../simulators/sigmamind/payloads.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';
import { agentDisposition, callbackList, campaigns, dispositions, type FaultCall } from './five9-calls.ts';
import { dialerConfig, domainSeed, inParts } from './five9-fault-day.ts';
import { keys, startTestApp, type TestApp } from './start-app.ts';

export const startsAt = '2026-03-03T08:00:00.000Z';

/** Something that a system or a person tells of a call, after its registration. */
export type Telling =
  | { kind: 'commit'; outcome: string; callbackAt?: string }
  | {
      kind: 'event';
      event: 'conversation_started' | 'conversation_ended' | 'conversation_analysed';
      qualification: string;
    }
  /** A person ends a call of the contact in the dialer, and the dialer's report tells us. */
  | { kind: 'human' }
  /** An operator, `afterMs` after the day began: later than all else. */
  | { kind: 'operator'; body: Extract<FactBody, { kind: 'corrected' | 'opt-out-undone' }>; afterMs: number };

/** One customer, and what is told of their call, in this order. */
export interface TwinCall extends FaultCall {
  tellings: readonly Telling[];
}

export interface TwinDay {
  /** What the dialer holds of a customer in the end. */
  held(call: TwinCall): Record<string, unknown>;
  doubles(): Verdict;
  stop(): Promise<void>;
}

/** Every call is registered, and told of in its own order; then all that is to be written is, and nothing is under way. */
export async function playTwins(calls: readonly TwinCall[], random: () => number): Promise<TwinDay> {
  const clock = startFastClock(Date.parse(startsAt), 200);
  const five9 = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    patchbayUrl: 'http://127.0.0.1:1',
    seed: domainSeed(calls),
  });
  const patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: { five9: { ...dialerConfig(five9.url), campaigns: mapping } },
    config: { outcomes: { technicalEndWaitSec: 10, humanWaitSec: 30 }, outbox: { pollMs: 20, leaseSec: 5 } },
  });
  const world: World = { five9, patchbay, clock, random };
  await inParts(calls, (call) => playCall(world, call));
  await untilQuiet(patchbay, 60_000 + calls.length * 100);
  return {
    held: (call) => heldBy(five9, call),
    doubles() {
      const verdict: Verdict = { lost: 0, double: 0, wrong: 0, findings: [] };
      countDoubles(verdict, 'five9', five9.effects());
      return verdict;
    },
    async stop() {
      await patchbay.stop();
      await five9.stop();
    },
  };
}

interface World {
  five9: Five9Simulator;
  patchbay: TestApp;
  clock: Clock;
  random(): number;
}

const mapped = { ...dispositions, qualified: 'AI - Sale' };
const mapping = Object.fromEntries(
  campaigns.map((name) => [name, { dispositions: mapped, fields: { ai_summary: 'summary', ai_outcome: 'outcome' } }]),
);

/** The same mapping, for whoever says independently what a call should end as. */
export const rulesOfTheDay: PlanRules = {
  dialers: { five9: { aspects: ['disposition', 'callback', 'dnc', 'fields'], campaigns: mapping } },
  technicalEndWaitSec: 10,
  humanWaitSec: 30,
  handOverOutcomes: [],
};

async function playCall(world: World, call: TwinCall): Promise<void> {
  const { patchbay, clock, random } = world;
  const query = new URLSearchParams({
    ...{ call_id: String(40_000_000_000 + call.index), call_type: '5', dnis: call.number, campaign: call.campaign },
    patchbay_key: call.key,
  });
  const registered = await fetch(`${patchbay.url}/v1/ivr/five9/register?${query}`, {
    headers: { 'X-API-Key': keys.script },
  });
  const { correlation_id: id = '' } = (await registered.json()) as { correlation_id?: string };
  for (const telling of call.tellings) {
    await tell(world, call, id, telling);
    // Often what was told is on its way, or through, before the next thing is.
    if (random() < 0.6) await clock.sleep(random() * 20_000);
  }
}

async function tell(world: World, call: TwinCall, id: string, telling: Telling): Promise<void> {
  const { patchbay, five9 } = world;
  switch (telling.kind) {
    case 'commit': {
      const { outcome, callbackAt = '' } = telling;
      const body = { correlation_id: id, outcome, callback_at: callbackAt, summary: `said ${outcome}` };
      const answer = await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!((await answer.json()) as { ok?: boolean }).ok) throw new Error('Patchbay does not take the outcome');
      return;
    }
    case 'event': {
      const answer = await patchbay.postEvent(payloadOf(call, id, telling));
      if (!answer.ok) throw new Error(`Patchbay does not take the event: ${answer.status}`);
      return;
    }
    case 'human': {
      const placed = five9.call({
        campaign: call.campaign,
        number1: call.number,
        callType: 4,
        human: { disposition: agentDisposition, afterSec: 0 },
      });
      if (placed.kind === 'placed') await placed.over;
      const at = new Date(world.clock.now()).toISOString();
      return record(world, id, 'report', at, {
        ...{ kind: 'dispositioned', dialer: 'five9', disposition: agentDisposition, by: 'agent' },
      });
    }
    case 'operator': {
      const at = new Date(Date.parse(startsAt) + telling.afterMs).toISOString();
      return record(world, id, `${telling.body.kind}:${at}`, at, telling.body);
    }
  }
}

async function record({ patchbay }: World, id: string, key: string, at: string, body: FactBody): Promise<void> {
  const refs = [{ instance: 'patchbay', kind: 'correlation', key: id }];
  const source = body.kind === 'dispositioned' ? body.dialer : 'operator:joan';
  await recordFacts(patchbay.app.deps, [{ refs, source, key, at, body }], { budgetMs: 5000 });
}

function payloadOf(call: TwinCall, id: string, { event, qualification }: Extract<Telling, { kind: 'event' }>): object {
  const later = { conversation_started: 1, conversation_ended: 2, conversation_analysed: 3 }[event];
  const timestamp = new Date(Date.parse(startsAt) + later * 1000).toISOString();
  const analysis = [
    { insightName: 'qualification', dataType: 'string', value: qualification },
    { insightName: 'conversation summary', dataType: 'string', value: 'as analysed' },
  ];
  const simulated = {
    ...{ callId: `call_${call.index}`, callType: 'inbound' as const, agentId: 'agent_1', status: 'ended' as const },
    ...{ customer: `+1${call.number}`, ownNumber: '+12025550100', createdAt: timestamp, startTime: timestamp },
    ...{ endTime: timestamp, duration: 60, terminationReason: 'user_ended_call', transcript: '', recordingUrl: null },
    ...{ variables: { correlation_id: id }, promptVariables: null, analysis, cut: new AbortController() },
    trace: {
      ...{ commit: null, steering: [], events: [], leg: { isEnded: true, tries: 0, status: 0 } },
      ...{ inboundWebhook: null, isDropped: false, isDone: true },
    },
  };
  const payloadStyle = call.index % 2 === 0 ? 'camelCase' : 'snake_case';
  return eventPayload(
    { event, timestamp, webhookId: 'wh_1', call: simulated },
    { payloadStyle, variablesInEvents: true },
  );
}

async function untilQuiet({ app }: TestApp, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  for (let quiet = 0; quiet < 3; ) {
    const open = (await app.deps.store.countWriteBacks()).filter(({ state }) =>
      /pending|claimed|submitted/.test(state),
    );
    quiet = open.length === 0 ? quiet + 1 : 0;
    if (performance.now() > end) throw new Error(`still under way: ${JSON.stringify(open)}`);
    await wait(50);
  }
}

function heldBy(five9: Five9Simulator, call: TwinCall): Record<string, unknown> {
  const { contact, dispositions: held, listEntries, dnc } = five9.state(call.number);
  return {
    disposition: held[call.campaign] ?? '',
    callback: listEntries.find(({ list }) => list === callbackList)?.callTime ?? '',
    dnc,
    summary: contact?.fields.ai_summary ?? '',
    outcome: contact?.fields.ai_outcome ?? '',
  };
}
