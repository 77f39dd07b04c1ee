import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Effect } from '../simulator.ts';
import { Behaviour, type CheckedOptions, type EventFaults, Faults, type Switches, type Wiring } from './options.ts';

/** A conversation as the platform holds it, and what the simulator alone knows about it. */
export interface SimCall {
  callId: string;
  callType: 'inbound' | 'outbound';
  agentId: string;
  /** Numbers as E.164: the customer's, and the one of the platform's side. */
  customer: string;
  ownNumber: string;
  status: 'scheduled' | 'in-progress' | 'ended' | 'not-connected' | 'error';
  createdAt: string;
  startTime: string | null;
  endTime: string | null;
  duration: number | null;
  terminationReason: string | null;
  transcript: string;
  recordingUrl: string | null;
  variables: Record<string, string>;
  /** What the prompt of its agent uses; null where the platform has no such agent. */
  promptVariables: readonly string[] | null;
  analysis: { insightName: string; dataType: string; value: string }[] | null;
  /** The campaign of the platform's own that placed it. */
  campaign?: { campaignId: string; campaignName: string; campaignStatus: string };
  /** Aborted when the dialer cuts the leg. */
  cut: AbortController;
  trace: CallTrace;
}

export interface CallTrace {
  /** Null while no tool was called. */
  commit: CommitTrace | null;
  /** Calls of all other tools, in order. */
  steering: SteeringTrace[];
  events: EventTrace[];
  leg: { isEnded: boolean; tries: number; status: number };
  inboundWebhook: { tries: number; status: number } | null;
  isDropped: boolean;
  /** True when nothing more will happen for this call. */
  isDone: boolean;
}

export interface CommitTrace {
  body: Record<string, string>;
  tries: number;
  /** True when the tool promised with `ok` that it holds the outcome. */
  isAcknowledged: boolean;
  answers: { status: number; body: string }[];
}

export interface SteeringTrace {
  tool: 'transfer' | 'end-call' | 'find-lead' | 'schedule-callback';
  body: Record<string, string>;
  status: number;
  answer: string;
}

export interface EventTrace {
  event: string;
  at: string;
  isForged: boolean;
  isDuplicate: boolean;
  tries: number;
  /** HTTP status of the last try; 0 when there was no answer. */
  status: number;
}

export interface SimWebhook {
  webhookId: string;
  name: string;
  agentId: string;
  url: string;
  events: string[];
  active: boolean;
  secret: string;
}

/** All that one simulator holds, in memory. */
export interface World {
  clock: Clock;
  apiKey: string;
  switches: Switches;
  eventFaults: EventFaults;
  wiring: Wiring;
  behaviours: Map<string, Behaviour>;
  faults: Faults;
  calls: Map<string, SimCall>;
  webhooks: Map<string, SimWebhook>;
  journal: Effect[];
  /** Aborted when the simulator stops. */
  signal: AbortSignal;
  /** What is under way; the simulator waits for it when it stops. */
  running: Set<Promise<void>>;
}

export function createWorld(clock: Clock, options: CheckedOptions, signal: AbortSignal): World {
  const { apiKey, switches, behaviours, eventFaults, port: _, sipPort: _s, ...wiring } = options;
  return {
    clock,
    apiKey,
    switches,
    eventFaults,
    wiring,
    behaviours: new Map(Object.entries(behaviours).map(([number, behaviour]) => [behaviourKey(number), behaviour])),
    faults: Faults.parse({}),
    calls: new Map(),
    webhooks: new Map(),
    journal: [],
    signal,
    running: new Set(),
  };
}

export function newCall(
  world: Pick<World, 'clock'>,
  about: Pick<SimCall, 'callType' | 'agentId' | 'customer' | 'ownNumber' | 'variables'>,
): SimCall {
  return {
    ...about,
    promptVariables: null,
    callId: newSimId('call'),
    status: about.callType === 'inbound' ? 'in-progress' : 'scheduled',
    createdAt: instant(world),
    startTime: null,
    endTime: null,
    duration: null,
    terminationReason: null,
    transcript: '',
    recordingUrl: null,
    analysis: null,
    cut: new AbortController(),
    trace: {
      commit: null,
      steering: [],
      events: [],
      leg: { isEnded: false, tries: 0, status: 0 },
      inboundWebhook: null,
      isDropped: false,
      isDone: false,
    },
  };
}

export function behaviourOf(world: World, customer: string): Behaviour {
  return world.behaviours.get(behaviourKey(customer)) ?? world.behaviours.get('*') ?? Behaviour.parse({});
}

/** The last 10 digits of a number, or `*`. */
export function behaviourKey(number: string): string {
  return number === '*' ? number : number.replace(/\D/g, '').slice(-10);
}

export function note(world: World, kind: string, record: string, value: string, by: Effect['by'] = 'ivr'): void {
  world.journal.push({ at: instant(world), kind, record, value, by, isChange: true });
}

/** Ids of the current generation: a prefix and 16 letters and digits. */
export function newSimId(prefix: string): string {
  return `${prefix}_${randomText(16)}`;
}

export function randomText(length: number): string {
  return randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
}

export function instant(world: Pick<World, 'clock'>): string {
  return new Date(world.clock.now()).toISOString();
}

/** Runs something on the side; a failure of the simulator itself must be seen. */
export function inBackground(world: World, work: () => Promise<void>): void {
  const run: Promise<void> = work()
    .catch((error: unknown) => {
      if (!world.signal.aborted) process.stderr.write(`sigmamind simulator: ${String(error)}\n`);
    })
    .finally(() => world.running.delete(run));
  world.running.add(run);
}

/** So long on the simulated clock, but not less than so long on the machine's: other processes need real time. */
export async function pause(world: World, simulatedMs: number, leastRealMs: number): Promise<void> {
  await Promise.all([
    world.clock.sleep(simulatedMs, world.signal),
    wait(leastRealMs, undefined, { signal: world.signal, ref: false }).catch(() => undefined),
  ]);
}
