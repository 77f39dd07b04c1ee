import { type DeliveryAnswer, isOutage } from '../../../src/domain/delivery.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';

/** Answers by write-back id, while they are being gathered. */
export type Answers = Map<string, DeliveryAnswer>;

const limitWaitMs = 60_000;
const deniedWaitMs = 600_000;

/**
 * What a failed call means for a row. A used-up limit and a login that is not accepted cost no attempt: the rows wait
 * until time, or the operator, has mended it.
 */
export function answerOfError(five9: Five9, error: unknown): DeliveryAnswer {
  if (!(error instanceof ConnectorError)) return { kind: 'retry', why: messageOf(error), inDoubt: true };
  if (error.code === 'dialer_denied') return notYet(five9, deniedWaitMs, `${error.message}. ${error.hint}`);
  if (error.code === 'dialer_limit' && !error.inDoubt) {
    return notYet(five9, error.afterMs ?? limitWaitMs, error.message);
  }
  if (!error.retryable) return { kind: 'refused', why: error.message, hint: error.hint };
  const { message: why, hint, inDoubt, afterMs } = error;
  return { kind: 'retry', why, hint, inDoubt, isOutage: isOutage(error), ...(afterMs !== undefined && { afterMs }) };
}

export function notYet(five9: Five9, waitMs: number, why: string): DeliveryAnswer {
  return { kind: 'notYet', until: new Date(five9.deps.clock.now() + waitMs).toISOString(), why };
}

/** The same answer for each of the rows. */
export function answerAll(answers: Answers, rows: readonly WriteBack[], answer: DeliveryAnswer): void {
  for (const row of rows) answers.set(row.id, answer);
}
