import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type FoundRow, findContact } from '../read/find-contact.ts';
import { type Answers, answerOfError } from './answers.ts';
import { takeTurn } from './turns-to-look.ts';
import { keepWaitedFor } from './wait-for-lost-import.ts';

/** Rows that are looked at together. More only wait in the users' queues, and each for a time-out when Five9 is away. */
const atOnce = 20;

/**
 * Finds the contact of each row; what can be answered without a write is answered. When Five9 fails for all rows that were
 * looked at together, the rest is not looked at.
 *
 * @param needsFields true when the row's contact must be read even though its key is known
 * @param settle answers a row by its contact, or gives null when it must be written
 * @returns the rows to write, those whose key was known first
 */
export async function prepareRows<R extends WriteBack>(
  five9: Five9,
  answers: Answers,
  rows: readonly R[],
  needsFields: (row: R) => boolean,
  settle: (row: R, found: FoundRow) => DeliveryAnswer | null | Promise<DeliveryAnswer | null>,
): Promise<(FoundRow & { row: R })[]> {
  const prepared: (FoundRow & { row: R })[] = [];
  const needsLook = (row: R) => !row.target.leadKey || needsFields(row);
  // Those whose key is known wait for no limit of looks.
  const inOrder = [...rows.filter((row) => !needsLook(row)), ...rows.filter(needsLook)];
  for (let start = 0; start < inOrder.length; start += atOnce) {
    const part = inOrder.slice(start, start + atOnce);
    const failures: unknown[] = [];
    const found = await Promise.all(
      part.map((row) =>
        prepareRow(row).catch((error: unknown) => {
          failures.push(error);
          answers.set(row.id, answerOfLook(row, error));
          return null;
        }),
      ),
    );
    prepared.push(...found.filter((one) => one !== null));
    if (failures.length < part.length || answerOfError(five9, failures[0]).kind === 'refused') continue;
    for (const row of inOrder.slice(start + atOnce)) answers.set(row.id, answerOfLook(row, failures[0]));
    break;
  }
  return prepared;

  function answerOfLook(row: R, error: unknown): DeliveryAnswer {
    return sameDoubt(five9, row, takeTurn(five9, answerOfError(five9, error)));
  }

  async function prepareRow(row: R): Promise<(FoundRow & { row: R }) | null> {
    const found = await findContact(five9, row, needsFields(row));
    const answer = found.kind === 'answer' ? found.answer : await settle(row, found);
    if (!answer && found.kind === 'found') return { ...found, row };
    if (answer) answers.set(row.id, answer);
    return null;
  }
}

/** A read that failed changed nothing: the row is as much in doubt as it was. */
function sameDoubt(five9: Five9, row: WriteBack, answer: DeliveryAnswer): DeliveryAnswer {
  if (answer.kind !== 'retry') return answer;
  keepWaitedFor(five9, row);
  return { ...answer, inDoubt: row.inDoubt };
}
