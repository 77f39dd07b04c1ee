import type { AutopilotPolicy } from '../domain/autopilot.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/connector.ts';
import type { AlertRules } from '../domain/decide-alerts.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { FailAt } from '../domain/fail-points.ts';
import type { GateSettings } from '../domain/gate.ts';
import type { NamedMapping } from '../domain/mapping.ts';
import type { OptOutTerms } from '../domain/opt-out-clock.ts';
import type { LeadMark } from '../domain/person-marks.ts';
import type { Platform } from '../domain/platform.ts';
import type { ScoreRules } from '../domain/scorecard.ts';
import type { Tracing } from '../domain/tracing.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { AlertChannel } from './alerts/channel.ts';
import type { OwnAlarmMemory } from './alerts/own-alarm.ts';
import type { CallChanges } from './call-changes.ts';
import type { CallMemory } from './call-memory.ts';
import type { ControlWatch } from './control-watch.ts';
import type { AiShare } from './gate/ai-share.ts';
import type { Capacity } from './gate/capacity.ts';
import type { ScrubService } from './gate/scrub-service.ts';
import type { RegistrationGatherer } from './gather-registrations.ts';
import type { LinkTraffic } from './link-traffic.ts';
import type { MappingShelf } from './mapping-shelf.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { OutcomeWaiters } from './outcome-waiters.ts';
import type { OwnProcess } from './own-links.ts';
import type { StoreGate } from './store-gate.ts';
import type { ToolTally } from './tool-tally.ts';

/** What every flow works with. Made once for each configuration that the process takes up, in generation.ts. */
export interface Deps {
  clock: Clock;
  log: Log;
  store: Store;
  spool: Spool;
  /** Asks the store within a budget, and knows when it is away. */
  gate: StoreGate;
  memory: CallMemory;
  /** What people in charge have decided live: pauses, stages, shares. */
  controls: ControlWatch;
  /** How many calls may go to the AI now. */
  aiShare: AiShare;
  /** How the agents' tool calls do in this process. */
  tools: ToolTally;
  waiters: OutcomeWaiters;
  /** Calls that change in this process, for who looks at them. */
  changes: CallChanges;
  registrations: RegistrationGatherer;
  /** Holds calls to what platforms take at once. */
  capacity: Capacity;
  /** Knows which numbers must not be called; null where none is configured. */
  scrub: ScrubService | null;
  /** What needs a person. */
  board: NoticeBoard;
  /** Where alerts go, by id. */
  alertChannels: ReadonlyMap<string, AlertChannel>;
  /** What this process has told by itself while the store was away. */
  ownAlarm: OwnAlarmMemory;
  /** What goes between us and each system. */
  traffic: LinkTraffic;
  ownProcess: OwnProcess;
  dialers: ReadonlyMap<string, Dialer>;
  platforms: ReadonlyMap<string, Platform>;
  settings: FlowSettings;
  /** With which calls begin now; without a version until the store holds it. */
  mapping: NamedMapping;
  /** Those with which calls began earlier, or in other processes. */
  mappings: MappingShelf;
  newId(): string;
  randomBytes(count: number): Uint8Array;
  random(): number;
  hashNumber(number: string): string;
  /** A number as people say or write it as E.164; empty when it can't be one. */
  readPhone(number: string, country: string): string;
  /** 32 bytes that nobody can foresee without the secret, always the same for a text. */
  keyedHash(text: string): Uint8Array;
  /** Looks for due write-backs at once. */
  nudge(): void;
  count: Counters;
  /** Where a drill ends the process: see `drill` in the configuration. */
  failAt: FailAt;
  tracing: Tracing;
  /** Names of the leases that this process holds. */
  heldLeases: Set<string>;
}

export interface FlowSettings {
  /** Every outcome code that is allowed: ours and the site's. */
  outcomeCodes: readonly string[];
  /** After these a human takes over. */
  handOverOutcomes: readonly string[];
  idHours: number;
  contextWindowMinutes: number;
  outbox: {
    leaseMs: number;
    maxAttempts: number;
    firstBackoffMs: number;
    maxBackoffMs: number;
    /** So old a write-back may be for an outage to cost it no try. */
    outageMs: number;
    breakerFailures: number;
    breakerWaitMs: number;
  };
  gate: GateSettings;
  autopilot: AutopilotPolicy;
  tools: ToolSettings;
  /** Whether what was spoken in a call is kept. */
  keepsTranscripts: boolean;
  optOuts: OptOutSettings;
  controls: { startPercent: number; shadowOptOuts: 'shown' | 'written' };
  /** For how many years records of calls and opt-outs are evidence. */
  evidenceYears: number;
  /** In whose time days and hours begin, for people who look at them. */
  console: { timeZone: string; score: ScoreRules };
  reconcile: {
    windowHours: number;
    /** How long after its registration a call of which nobody tells is asked about for the last time. */
    silenceAfterMin: number;
    /** How long after its registration a call without an outcome is asked about first. */
    catchUpAfterMin: number;
    /** Above this share what a dialer lost is not written again unasked. */
    maxLostPercent: number;
  };
  alerts: AlertSettings;
  /** Proves the measure of the demo: see `drill` in the configuration. */
  drill: { ignoresIdempotency: boolean; dropsCommitOfCall: number };
}

/** What is an alert, and who is told of it. */
export interface AlertSettings {
  rules: AlertRules;
  limits: { syncHours: number; lateMin: number; quotaPercent: number; controlHours: number };
  /** Minutes since midnight, and the channels that get it; null: none is sent. */
  digest: { minute: number; timeZone: string; to: readonly string[] } | null;
  /** How often the whole doctor runs; 0: never. */
  doctorHours: number;
}

/** What the AI agent's tools may do. */
export interface ToolSettings {
  /** Lead fields that the agent may be told, and by what it may ask. */
  findLead: { fields: readonly string[]; by: readonly LeadMark[] };
  scheduleCallback: { maxDays: number; leastMinutes: number; offers: number };
}

/** How soon opt-outs must reach the dialers. */
export interface OptOutSettings extends Omit<OptOutTerms, 'targetOf'> {
  /** By dialer. */
  targetSec: Readonly<Record<string, number>>;
}

/** What flows count; http/metrics.ts makes metrics of them. */
export interface Counters {
  registered(dialer: string, status: string, route: string): void;
  /** The gate's answer: a reason, or empty when the call is allowed. */
  gated(dialer: string, reason: string): void;
  outcomeAnswered(dialer: string, status: string): void;
  factRecorded(kind: string, how: 'recorded' | 'duplicate' | 'spooled'): void;
  delivered(dialer: string, aspect: string, answer: string): void;
  leadsSynced(dialer: string, count: number): void;
  /** How long the AI's first word took; null when the clocks of both sides do not agree. */
  firstWord(dialer: string, answer: 'dialer' | 'estimate', seconds: number | null): void;
  webhook(platform: string, result: WebhookResult): void;
  /** How a conversation was found to be a call of ours; `ambiguous` and `none` where it was not. */
  matched(platform: string, by: string): void;
  /** What became of somebody who wanted to log in to the console. */
  loggedIn(result: 'ok' | 'wrong' | 'locked' | 'busy' | 'foreign' | 'denied' | 'failed'): void;
  /** What became of a letter of alerts. */
  alertSent(channel: AlertChannel['kind'], result: 'sent' | 'failed'): void;
  /** Rows of a kind that were purged; the kinds are a handful of words of ours. */
  purged(what: string, rows: number): void;
  /** How long the store took for what live calls and events need. */
  storeAnswered(lane: 'read' | 'write', ms: number): void;
  /** What became of a configuration that was to be taken up. */
  reloaded(result: 'applied' | 'same' | 'refused'): void;
  /** A request between us and a system. `ms` is null for what takes its time by nature. */
  systemRequest(system: string, direction: 'in' | 'out', ms: number | null, isError: boolean): void;
}

/** What became of a webhook. */
export type WebhookResult =
  | 'recorded'
  | 'duplicate'
  | 'spooled'
  | 'ignored'
  | 'shown'
  | 'unreadable'
  | 'denied'
  | 'failed';
