import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Platform } from '../domain/platform.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { CallMemory } from './call-memory.ts';
import type { RegistrationGatherer } from './gather-registrations.ts';
import type { OutcomeWaiters } from './outcome-waiters.ts';
import type { StoreGate } from './store-gate.ts';

/** What every flow works with. Made once, in app.ts. */
export interface Deps {
  clock: Clock;
  log: Log;
  store: Store;
  spool: Spool;
  /** Asks the store within a budget, and knows when it is away. */
  gate: StoreGate;
  memory: CallMemory;
  waiters: OutcomeWaiters;
  registrations: RegistrationGatherer;
  dialers: ReadonlyMap<string, Dialer>;
  platforms: ReadonlyMap<string, Platform>;
  settings: FlowSettings;
  newId(): string;
  randomBytes(count: number): Uint8Array;
  random(): number;
  hashNumber(number: string): string;
  /** 32 bytes that nobody can foresee without the secret, always the same for a text. */
  keyedHash(text: string): Uint8Array;
  /** Looks for due write-backs at once. */
  nudge(): void;
  count: Counters;
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
    breakerFailures: number;
    breakerWaitMs: number;
  };
  /** Proves the measure of the demo: see `drill` in the configuration. */
  drill: { ignoresIdempotency: boolean; dropsCommitOfCall: number };
}

/** What flows count; http/metrics.ts makes metrics of them. */
export interface Counters {
  registered(dialer: string, status: string, route: string): void;
  outcomeAnswered(dialer: string, status: string): void;
  factRecorded(kind: string, how: 'recorded' | 'duplicate' | 'spooled'): void;
  delivered(dialer: string, aspect: string, answer: string): void;
  leadsSynced(dialer: string, count: number): void;
  eventDenied(platform: string): void;
}
