import type { Instant } from './call.ts';

/** What needs a person. */
export const attentionKinds = [
  /** A conversation that more than one call can be: nothing is written until somebody chooses. */
  'ambiguous-call',
  /** An agent committed a code that is not allowed. */
  'unlisted-outcome',
  /** An event that we don't know, and that names no call. */
  'unknown-event',
  'forged-event',
  'overdue-opt-out',
  /** An agent told an opt-out of a call that could not be found: nobody knows whose it was. */
  'unplaced-opt-out',
  /** An opted-out number that so many leads share that they can't all be the one person: see each yourself. */
  'shared-number',
  /** Reconciliation found a difference that is not safe to heal. */
  'finding',
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** One thing that needs a person. The same thing told again is the same row: kind and key are its name. */
export interface Attention {
  kind: AttentionKind;
  key: string;
  /** The call that it is about; empty when none is known. */
  correlationId: string;
  /** What a person needs to know to decide, by name. May hold personal data: it is shown, never logged. */
  details: Readonly<Record<string, string>>;
  /** How often it was told. */
  count: number;
  firstAt: Instant;
  lastAt: Instant;
  /** Empty while it is open: who settled it, and how. */
  settledBy: string;
  settlement: string;
  settledAt: Instant | null;
}

export type AttentionToRaise = Pick<Attention, 'kind' | 'key' | 'details'> & {
  correlationId?: string;
  /** How often it was told since it was raised last. (Default: once) */
  times?: number;
};
