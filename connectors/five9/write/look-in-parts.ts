import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type Answers, answerOfError } from './answers.ts';
import { keepWaitedFor } from './wait-for-lost-import.ts';

interface Look<R, Found> {
  /** Rows that are looked at together. More only wait in the users' queues, and each for a time-out when Five9 is away. */
  atOnce: number;
  /** Null for a row that it answered itself. */
  look: (row: R) => Promise<Found | null>;
  /** What a look that failed means for its row. */
  answerOf: (error: unknown) => DeliveryAnswer;
  /** What else is asked about a part before the next is looked at. */
  isLooked?: (found: readonly Found[]) => Promise<void>;
}

/**
 * Looks at rows, part by part, and gives what was found. When Five9 fails for a whole part, the rest is not looked at; what was
 * found before goes on all the same: else the looks of each minute would be spent on the same rows, and none ever written.
 */
export async function lookInParts<R extends WriteBack, Found>(
  five9: Five9,
  answers: Answers,
  rows: readonly R[],
  { atOnce, look, answerOf, isLooked }: Look<R, Found>,
): Promise<Found[]> {
  const all: Found[] = [];
  for (let start = 0; start < rows.length; start += atOnce) {
    const part = rows.slice(start, start + atOnce);
    const failures: unknown[] = [];
    const looked = part.map((row) =>
      look(row).catch((error: unknown) => {
        failures.push(error);
        answers.set(row.id, sameDoubt(five9, row, answerOf(error)));
        return null;
      }),
    );
    const found = (await Promise.all(looked)).filter((one) => one !== null);
    try {
      if (failures.length === part.length && answerOfError(five9, failures[0]).kind !== 'refused') throw failures[0];
      await isLooked?.(found);
    } catch (error) {
      for (const row of rows.slice(start)) {
        if (!answers.has(row.id)) answers.set(row.id, sameDoubt(five9, row, answerOf(error)));
      }
      break;
    }
    all.push(...found);
  }
  return all;
}

/** A look that failed changed nothing: the row is as much in doubt as it was. */
function sameDoubt(five9: Five9, row: WriteBack, answer: DeliveryAnswer): DeliveryAnswer {
  if (answer.kind !== 'retry') return answer;
  keepWaitedFor(five9, row);
  return { ...answer, inDoubt: row.inDoubt };
}
