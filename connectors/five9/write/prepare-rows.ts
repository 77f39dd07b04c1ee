import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type FoundRow, findContact } from '../read/find-contact.ts';
import { type Answers, answerOfError } from './answers.ts';
import { lookInParts } from './look-in-parts.ts';
import { takeTurn } from './turns-to-look.ts';

const atOnce = 20;

/**
 * Finds the contact of each row; what can be answered without a write is answered.
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
  const needsLook = (row: R) => !row.target.leadKey || needsFields(row);
  // Those whose key is known wait for no limit of looks.
  const inOrder = [...rows.filter((row) => !needsLook(row)), ...rows.filter(needsLook)];
  return lookInParts(five9, answers, inOrder, {
    atOnce,
    look: prepareRow,
    answerOf: (error) => takeTurn(five9, answerOfError(five9, error)),
  });

  async function prepareRow(row: R): Promise<(FoundRow & { row: R }) | null> {
    const found = await findContact(five9, row, needsFields(row));
    const answer = found.kind === 'answer' ? found.answer : await settle(row, found);
    if (!answer && found.kind === 'found') return { ...found, row };
    if (answer) answers.set(row.id, answer);
    return null;
  }
}
