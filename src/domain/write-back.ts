import type { Instant } from './call.ts';

/** One thing that we want true in one dialer record. */
export const aspects = ['disposition', 'callback', 'dnc', 'fields'] as const;
export type Aspect = (typeof aspects)[number];

/** Which record of the dialer is meant. */
export interface WriteBackTarget {
  campaign: string;
  list: string;
  /** Empty when the record must be found by number (a mirrored write). */
  leadKey: string;
  /** The dialer's own key of the call; empty for a mirrored write. */
  callKey: string;
  number: string;
  phone: string;
  agent: string;
  calledAt: Instant;
}

/** The wanted value of one aspect. Compared as canonical JSON, so keys have one fixed order. */
export type Desired =
  /** `overrules`: an operator corrected what a human set, so that it stands above any human's word up to then. */
  | { aspect: 'disposition'; disposition: string; outcome: string; callbackAt?: Instant; overrules?: Instant }
  /** `at: null` takes a callback back. */
  | { aspect: 'callback'; at: Instant | null; note: string; overrules?: Instant }
  /** `listed: false` takes the numbers off the list again (an operator undid the opt-out). */
  /** `leads`: keys of this dialer's leads that have one of the numbers; they must not be dialled either. */
  | { aspect: 'dnc'; phones: readonly string[]; leads?: readonly string[]; listed: boolean }
  | { aspect: 'fields'; fields: Readonly<Record<string, string>> };

/** What the plan wants for one aspect of one call on one dialer. */
export interface WantedWriteBack {
  dialer: string;
  target: WriteBackTarget;
  desired: Desired;
  /** Not to be sent before; the technical end waits for a better word. */
  notBefore?: Instant;
  /** Why it can't be sent as it stands: the mapping lacks the outcome. It waits, and is planned again when that is mended. */
  held?: string;
  /** It is shown, and not written: the call runs in shadow. */
  shadow?: true;
}

/**
 * `held` waits for its mapping; `pending` is due at `dueAt`; `claimed` is with a worker; `submitted` has a receipt;
 * the rest are ends. `shadow` would have been written, and was only shown. It, `dead` and `refused` can be replayed by an
 * operator.
 */
export const writeBackStates = [
  'held',
  'pending',
  'claimed',
  'submitted',
  'confirmed',
  'refused',
  'dead',
  'superseded',
  'cancelled',
  'shadow',
] as const;
export type WriteBackState = (typeof writeBackStates)[number];

/** How a wish begins. What lacks its mapping is held in shadow too: that is what a shadow run is to find. */
export function firstState({ held, shadow }: Pick<WantedWriteBack, 'held' | 'shadow'>): 'held' | 'shadow' | 'pending' {
  return held ? 'held' : shadow ? 'shadow' : 'pending';
}

/** A durable instruction to a dialer: the desired value of one aspect, with a revision. */
export interface WriteBack {
  id: string;
  correlationId: string;
  dialer: string;
  aspect: Aspect;
  /** Counts up per call, dialer and aspect; a later revision wins. */
  revision: number;
  target: WriteBackTarget;
  desired: Desired;
  state: WriteBackState;
  dueAt: Instant;
  /** Failed tries so far. `notYet` costs none. */
  attempts: number;
  /** Those of them that were lost to a dialer that was away: they end no row. (Default: 0) */
  spared?: number;
  /** True when an earlier try may have taken effect: read the dialer before writing again. */
  inDoubt: boolean;
  receipt: string;
  /** What the dialer last said, and what the operator can do. Free of personal data. */
  why: string;
  hint: string;
  createdAt: Instant;
  settledAt: Instant | null;
  /** The person who took it back: it is not planned again until something else is wanted. */
  cancelledBy?: string;
  /**
   * As it goes to the dialer: a later call of its record has a word of its own, in whose way this one must not come. Of
   * `fields` only the others are left, or none where the row is in doubt.
   */
  hasLaterCall?: true;
  /** A callback in doubt, or its removal, to which the callback of a later call has come: nothing is written for it any more. */
  hasLaterCallback?: true;
}

/** Tries that failed for the row's own sake. */
export function ownTries({ attempts, spared = 0 }: Pick<WriteBack, 'attempts' | 'spared'>): number {
  return attempts - spared;
}

/** Why a row was cancelled whose record a human set first. */
export const overtakenWhy = 'a human agent was faster';

/** Text that is equal exactly when two desired values are. */
export function canonicalDesired(desired: Desired): string {
  const overrules = 'overrules' in desired && desired.overrules ? [desired.overrules] : [];
  return JSON.stringify([...heldBy(desired), ...overrules]);
}

/** True when the dialer's record would hold the same by both. */
export function isSameValue(one: Desired, other: Desired): boolean {
  return JSON.stringify(heldBy(one)) === JSON.stringify(heldBy(other));
}

function heldBy(desired: Desired): unknown[] {
  switch (desired.aspect) {
    case 'disposition': {
      // While nothing is mapped, each outcome is a gap of its own.
      const held = desired.disposition || { outcome: desired.outcome };
      return ['disposition', held, desired.callbackAt ?? null];
    }
    case 'callback':
      return ['callback', desired.at];
    case 'dnc': {
      const leads = desired.leads?.length ? [[...desired.leads].sort()] : [];
      return ['dnc', desired.listed, [...desired.phones].sort(), ...leads];
    }
    case 'fields':
      return ['fields', Object.entries(desired.fields).sort(([a], [b]) => (a < b ? -1 : 1))];
  }
}
