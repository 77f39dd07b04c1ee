import type { AlertKind, AlertLevel } from './alert.ts';
import type { Instant } from './call.ts';
import type { Day } from './day-span.ts';
import type { BacklogForecast } from './link-report.ts';

/** What goes to one channel at once, free of personal data. It is put into words when it is sent. */
export type Letter =
  | { kind: 'alerts'; at: Instant; items: readonly LetterItem[] }
  | { kind: 'digest'; at: Instant; digest: Digest }
  | { kind: 'test'; at: Instant };

/** `raised`: told for the first time. `grown`: tenfold since it was told. `over`: it holds no longer. */
export type LetterWord = 'raised' | 'escalated' | 'grown' | 'repeated' | 'over';

/** What is told of one alert. */
export interface LetterItem {
  what: LetterWord;
  id: string;
  kind: AlertKind;
  key: string;
  level: AlertLevel;
  size: number;
  words: string;
  since: Instant;
  endedAt: Instant | null;
}

/** A letter to one channel, kept until it is delivered. */
export interface KeptLetter {
  id: string;
  channel: string;
  letter: Letter;
  createdAt: Instant;
  /** When it is sent, or tried again. */
  dueAt: Instant;
  state: LetterState;
  attempts: number;
  /** Why it was not taken, with what to do; empty when it was. */
  why: string;
  sentAt: Instant | null;
}

/** `dead`: given up. */
export type LetterState = 'waiting' | 'sent' | 'dead';

/** How the site did on one day, and what is open. */
export interface Digest {
  day: Day;
  timeZone: string;
  score: DigestScore;
  /** Of the same numbers a day before; null when there were no calls. */
  before: DigestScore | null;
  currency: string;
  /** The campaigns with the most calls, and how many there are beyond them. */
  campaigns: readonly (DigestScore & { dialer: string; campaign: string })[];
  otherCampaigns: number;
  optOuts: DigestOptOuts;
  /** Alerts that hold now. */
  alerts: readonly { level: AlertLevel; words: string; since: Instant }[];
  /** What waits for a person, in words. */
  needs: readonly string[];
  backlog: readonly BacklogForecast[];
}

export interface DigestScore {
  calls: number;
  contacts: number;
  qualified: number;
  transfers: number;
  optOuts: number;
  aiMinutes: number;
  /** Null without a configured rate. */
  cost: number | null;
}

export interface DigestOptOuts {
  /** Told on that day. */
  told: number;
  /** How soon each dialer held those that it holds, in seconds. */
  dialers: readonly { dialer: string; held: number; medianSec: number | null; longestSec: number | null }[];
  /** Of any day: those that a dialer does not hold yet, at most as many as are looked at. */
  open: number;
  overdue: number;
  oldestAt: Instant | null;
}
