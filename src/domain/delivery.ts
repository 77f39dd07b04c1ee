import type { Instant } from './call.ts';
import { ConnectorError, type ErrorCode } from './errors.ts';
import type { Aspect } from './write-back.ts';

/**
 * What a dialer's port answers for one write-back. `why`, `hint` and `note` name no person: they go to logs, and to an
 * operator's assistant.
 */
export type DeliveryAnswer =
  /** The dialer holds the desired value. `note` is the proof that was seen. */
  | { kind: 'done'; note?: string }
  /** The dialer promised; `confirm(receipt)` settles it. Rows may share a receipt. `at`: when to ask first. */
  | { kind: 'submitted'; receipt: string; at?: Instant }
  /** The dialer can't take it now, for a reason that time heals. Costs no attempt. `inDoubt`: it may have a part of it. */
  | { kind: 'notYet'; until: Instant; why: string; inDoubt?: boolean }
  /** The dialer will never take it as it is. `inDoubt`: it may have a part of it, which an undo takes back. */
  | { kind: 'refused'; why: string; hint: string; inDoubt?: boolean }
  /**
   * It failed, or we can't tell (`inDoubt`: it may have taken effect). `afterMs` when the dialer named a wait. `lateMs`: so
   * long by the machine's clock the dialer may still carry it out; nothing is read or written for the row before.
   * `isOutage`: the dialer was away, which says nothing about the row.
   */
  | {
      kind: 'retry';
      why: string;
      hint?: string;
      afterMs?: number;
      inDoubt?: boolean;
      lateMs?: number;
      isOutage?: boolean;
    }
  /** A human agent set the record after the AI's call: recorded as a fact, and the row is planned anew. */
  | { kind: 'overtaken'; disposition: string; by: string; at: Instant };

const outages: readonly ErrorCode[] = ['dialer_away', 'dialer_denied', 'dialer_limit', 'store_away', 'held_back'];

/** False where the dialer did answer, be it with a word that we do not know. */
export function isOutage({ code, retryable, isGarbled }: ConnectorError): boolean {
  return retryable && (isGarbled || outages.includes(code));
}

/** The answer of a try that may have taken effect, if only in part. One that the dialer has settled says it all. */
export function withDoubt(answer: DeliveryAnswer): DeliveryAnswer {
  const isOpen = answer.kind === 'retry' || answer.kind === 'notYet' || answer.kind === 'refused';
  return isOpen ? { ...answer, inDoubt: true } : answer;
}

/** Answers by write-back id. A row without an answer counts as `retry`, in doubt. */
export type DeliveryAnswers = ReadonlyMap<string, DeliveryAnswer>;

/**
 * Stores answers at once: a promise is durable before anything waits on it. Rejects when the store is away for long, or
 * another worker has the rows by now: then nothing more of the batch may be sent.
 */
export type KeepAnswers = (answers: DeliveryAnswers) => Promise<void>;

/** A batch of write-backs while this process has the claim of its rows. */
export interface Hold {
  /** False once another process may have them, by a clock that goes on while this one stands still. */
  isOurs(): boolean;
  /** True while people in charge hold one of them back: nothing that changes something is sent. (Default: never) */
  isPaused?(): boolean;
}

/** Where nobody else is in the way. */
export const nobodysHold: Hold = { isOurs: () => true };

/**
 * Asked right before each request that changes something at a dialer, after every wait for a turn: rejects what would come
 * beside another process's own, and what is paused. What is left is a process that stops between this question and its
 * socket: that is one request, and whoever has the row then finds it in doubt and looks first.
 */
export function assertOurs(hold: Hold): void {
  if (hold.isOurs()) {
    if (!hold.isPaused?.()) return;
    throw new ConnectorError('held_back', 'write-backs are paused', {
      retryable: true,
      hint: 'They go on when the pause is lifted: `npx patchbay controls`.',
    });
  }
  throw new ConnectorError('store_away', 'the claim of these write-backs has ended: another process may have them', {
    retryable: true,
    hint: 'Nothing to do: they are brought by whoever has them. It means that this process stood still for long.',
  });
}

/** How many write-backs of one aspect are on their way to a dialer. */
export interface Backlog {
  aspect: Aspect;
  /** Pending, due or not. */
  waiting: number;
  /** Those of them that are due. */
  due: number;
  /** The dialer holds them, and their receipt is not settled yet. */
  submitted: number;
}
