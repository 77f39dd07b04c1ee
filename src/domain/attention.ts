import type { Instant } from './call.ts';

/** What needs a person, the most pressing kind first. */
export const attentionKinds = [
  'overdue-opt-out',
  /** An opt-out of a call that ran in shadow: no dialer is told of it. */
  'shadow-opt-out',
  /** An agent told an opt-out of a call that could not be found: nobody knows whose it was. */
  'unplaced-opt-out',
  /** A conversation that more than one call can be: nothing is written until somebody chooses. */
  'ambiguous-call',
  /** The AI is unwell: fewer calls go to it, or none. All going there again settles it. */
  'ai-unwell',
  'forged-event',
  /** Reconciliation found a difference that is not safe to heal. */
  'finding',
  /** An opted-out number that so many leads share that they can't all be the one person: see each yourself. */
  'shared-number',
  /** A scheduled export could not be written. Its next success settles it. */
  'failed-export',
  /** An agent committed a code that is not allowed. */
  'unlisted-outcome',
  /** An event that we don't know, and that names no call. */
  'unknown-event',
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

/** How a thing was settled that was mended by writing again: told once more, that did not help. */
export const writtenAgain = 'written again';

/**
 * Whether a settled thing that is told again needs a person again. Another unplaced opt-out can have the same name and be
 * another person's; what was late and came can be late another time.
 */
export function isNewEachTime(kind: AttentionKind, settlement: string): boolean {
  return newEachTime.includes(kind) || settlement === writtenAgain;
}

const newEachTime: readonly AttentionKind[] = [
  'unplaced-opt-out',
  'overdue-opt-out',
  'shadow-opt-out',
  'failed-export',
  'ai-unwell',
];
