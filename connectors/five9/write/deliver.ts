import type { DeliveryAnswers } from '../../../src/domain/delivery.ts';
import type { Aspect, Desired, WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type Answers, answerAll, answerOfError } from './answers.ts';
import { deliverCallbacks } from './deliver-callbacks.ts';
import { deliverDispositions } from './deliver-dispositions.ts';
import { deliverDnc } from './deliver-dnc.ts';
import { deliverFields } from './deliver-fields.ts';

/** A write-back whose desired value is of this aspect. */
export type RowOf<A extends Aspect> = WriteBack & { desired: Extract<Desired, { aspect: A }> };

/** Brings rows to Five9, aspect by aspect. Never rejects: what failed is said row by row, so that no receipt is lost. */
export async function deliver(five9: Five9, rows: readonly WriteBack[]): Promise<DeliveryAnswers> {
  const answers: Answers = new Map();
  await guarded(five9, answers, rowsOf(rows, 'dnc'), deliverDnc);
  // Scheduling a callback resets the record's disposition in the campaign, so the disposition comes after it.
  await guarded(five9, answers, rowsOf(rows, 'callback'), deliverCallbacks);
  await guarded(five9, answers, rowsOf(rows, 'disposition'), deliverDispositions);
  await guarded(five9, answers, rowsOf(rows, 'fields'), deliverFields);
  return answers;
}

async function guarded<R extends WriteBack>(
  five9: Five9,
  answers: Answers,
  rows: readonly R[],
  work: (five9: Five9, answers: Answers, rows: readonly R[]) => Promise<void>,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    await work(five9, answers, rows);
  } catch (error) {
    const open = rows.filter((row) => !answers.has(row.id));
    answerAll(answers, open, answerOfError(five9, error));
  }
}

function rowsOf<A extends Aspect>(rows: readonly WriteBack[], aspect: A): RowOf<A>[] {
  return rows.filter((row): row is RowOf<A> => row.desired.aspect === aspect);
}
