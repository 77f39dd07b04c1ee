import type { DeliveryAnswers, KeepAnswers } from '../../../src/domain/delivery.ts';
import type { Aspect, Desired, WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type Answers, answerAll, answerOfError } from './answers.ts';
import { deliverCallbacks } from './deliver-callbacks.ts';
import { deliverDispositions } from './deliver-dispositions.ts';
import { deliverDnc } from './deliver-dnc.ts';
import { deliverFields } from './deliver-fields.ts';
import { endsBatch } from './imports.ts';

/** A write-back whose desired value is of this aspect. */
export type RowOf<A extends Aspect> = WriteBack & { desired: Extract<Desired, { aspect: A }> };

/**
 * Brings rows to Five9, aspect by aspect. Never rejects: what failed is said row by row, so that no receipt is lost. Stops
 * when a receipt can't be kept, or the rows are held back.
 *
 * @param keep stores the receipt of each import before the next is sent
 */
export async function deliver(
  five9: Five9,
  rows: readonly WriteBack[],
  keep: KeepAnswers = async () => undefined,
): Promise<DeliveryAnswers> {
  const answers: Answers = new Map();
  const steps = [
    () => deliverDnc(five9, answers, rowsOf(rows, 'dnc')),
    // Scheduling a callback resets the record's disposition in the campaign, so the disposition comes after it.
    () => deliverCallbacks(five9, answers, rowsOf(rows, 'callback'), keep),
    () => deliverDispositions(five9, answers, rowsOf(rows, 'disposition'), keep),
    () => deliverFields(five9, answers, rowsOf(rows, 'fields'), keep),
  ];
  const aspects: Aspect[] = ['dnc', 'callback', 'disposition', 'fields'];
  for (const [index, step] of steps.entries()) {
    try {
      await step();
    } catch (error) {
      const isOver = endsBatch(error);
      const open = rows.filter(({ id, aspect }) => !answers.has(id) && (isOver || aspect === aspects[index]));
      answerAll(answers, open, answerOfError(five9, error));
      if (isOver) break;
    }
  }
  return answers;
}

function rowsOf<A extends Aspect>(rows: readonly WriteBack[], aspect: A): RowOf<A>[] {
  return rows.filter((row): row is RowOf<A> => row.desired.aspect === aspect);
}
