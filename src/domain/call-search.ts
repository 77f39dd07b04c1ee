import type { Instant } from './call.ts';
import type { CallCount, MarkedCall } from './call-marks.ts';

/** Which calls are looked for: every condition that is there must hold. Only registered calls are. */
export interface CallSearch {
  /** E.164. */
  phone?: string;
  /** The dialer's own key of the lead. */
  lead?: string;
  dialer?: string;
  campaign?: string;
  /** Empty: no outcome yet. */
  outcome?: string;
  agent?: string;
  person?: string;
  /** Registered from one instant on, and before another. */
  from?: Instant;
  before?: Instant;
  /** The page after this call. */
  after?: CallPlace;
  limit: number;
}

/** Where a call stands in the order of a search: by its registration, the newest first. */
export interface CallPlace {
  registeredAt: Instant;
  correlationId: string;
}

export interface CallsFound {
  calls: MarkedCall[];
  /** Where the next page goes on; null when there is nothing more. */
  next: CallPlace | null;
  /** True when the look ended for its length, before the page was full. */
  isCut: boolean;
}

export const countDimensions = ['hour', 'dialer', 'campaign', 'agent', 'agentVersion', 'outcome'] as const;
export type CountDimension = (typeof countDimensions)[number] | 'day';

export interface CountQuery {
  /** Hours that begin from one instant on, and before another. */
  from: Instant;
  before: Instant;
  /**
   * What is told apart; the others are empty in the answer. With `day` instead of `hour` the days are told apart that begin
   * in the span: an answer's hour is when its day began. (Default: all but the day)
   */
  by?: readonly CountDimension[];
}

/** By what calls can be looked for: what was counted of late. */
export interface CallChoices {
  dialers: readonly string[];
  campaigns: readonly string[];
  agents: readonly string[];
  outcomes: readonly string[];
}

/** A span that counts as one hour. */
export interface CountedHour {
  hour: Instant;
  before: Instant;
}

/** How far the counting of calls is. */
export interface CountPlace {
  /** By whose clocks hours begin. */
  timeZone: string;
  /** Calls that changed until then are counted. */
  seenTo: Instant;
  /** Those that were registered before are still to be counted; empty when all are. */
  backTo: Instant;
  /** One more with each count that is kept, so that one who counted meanwhile sees that it is late. */
  turn: number;
}

/** What came of counting some hours. */
export interface CountedCalls {
  hours: readonly CountedHour[];
  counts: readonly CallCount[];
}

/** The cursor that holds a `CountPlace`. */
export const countCursor = 'call-counts';

/** So far may the clocks of two processes differ, and a transaction take: calls that changed since are looked at again. */
export const countOverlapMs = 300_000;

/** Null where nothing was counted yet. */
export function readCountPlace(text: string): CountPlace | null {
  return text === '' ? null : (JSON.parse(text) as CountPlace);
}
