import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type FoundRow, findContact } from '../read/find-contact.ts';
import { type Answers, answerOfError } from './answers.ts';

/**
 * Finds the contact of each row; what can be answered without a write is answered. The users' queues see to it that the
 * reads don't run all at once.
 *
 * @param needsFields true when the row's contact must be read even though its key is known
 * @param settle answers a row by its contact, or gives null when it must be written
 * @returns the rows to write, in their order
 */
export async function prepareRows<R extends WriteBack>(
  five9: Five9,
  answers: Answers,
  rows: readonly R[],
  needsFields: (row: R) => boolean,
  settle: (row: R, found: FoundRow) => DeliveryAnswer | null,
): Promise<(FoundRow & { row: R })[]> {
  const prepared = await Promise.all(
    rows.map(async (row) => {
      try {
        const found = await findContact(five9, row, needsFields(row));
        const answer = found.kind === 'answer' ? found.answer : settle(row, found);
        if (!answer && found.kind === 'found') return { ...found, row };
        if (answer) answers.set(row.id, answer);
      } catch (error) {
        answers.set(row.id, sameDoubt(row, answerOfError(five9, error)));
      }
      return null;
    }),
  );
  return prepared.filter((found) => found !== null);
}

/** A read that failed changed nothing: the row is as much in doubt as it was. */
function sameDoubt(row: WriteBack, answer: DeliveryAnswer): DeliveryAnswer {
  return answer.kind === 'retry' ? { ...answer, inDoubt: row.inDoubt } : answer;
}
