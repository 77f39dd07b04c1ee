import type { Instant } from './call.ts';
import type { Aspect } from './write-back.ts';

/** How the link to one system does, as one process sees it. */
export interface LinkReport {
  /** Instance id of the dialer or platform. */
  id: string;
  kind: 'dialer' | 'platform';
  /** What it asks us, and what we ask it, in the last minutes. */
  asked: Traffic;
  asking: Traffic;
  breaker: 'closed' | 'open' | 'half-open';
  quotas: readonly Quota[];
}

/** Of the last `spanSec` seconds. */
export interface Traffic {
  spanSec: number;
  count: number;
  errors: number;
  /** Milliseconds; null while there was nothing. */
  medianMs: number | null;
  p95Ms: number | null;
  lastAt: Instant | null;
  lastErrorAt: Instant | null;
}

/** What is left of something that a system gives a limited number of. */
export interface Quota {
  /** As the system calls it: `QueryRequest`. */
  name: string;
  used: number;
  limit: number;
  /** `minute`, `hour`, `day`. */
  per: string;
}

/** What waits for one dialer, and when it will be through. */
export interface BacklogForecast {
  dialer: string;
  aspect: Aspect;
  waiting: number;
  submitted: number;
  /** When a window opens before which nothing is taken; null: it is taken now. */
  opensAt: Instant | null;
  /** Null when it can't be told: nothing was delivered lately. */
  throughAt: Instant | null;
}

/** What a process tells of itself, kept in the store. */
export interface ProcessReport {
  id: string;
  startedAt: Instant;
  seenAt: Instant;
  version: string;
  links: readonly LinkReport[];
  /** Facts that wait on its disk for the store. */
  spooled: number;
}
