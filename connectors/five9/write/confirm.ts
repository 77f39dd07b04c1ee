import type { DeliveryAnswers } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { faultOf } from '../soap/errors.ts';
import { type Answers, answerAll, notYet } from './answers.ts';
import { readReceipt } from './imports.ts';
import { settleImport } from './settle-import.ts';

/** Five9 holds its answer back so long while the import runs; the API user is taken meanwhile, so it is short. */
const longPollSec = 1;
const nextLookMs = 2000;

/**
 * Settles the rows of one import, known by its receipt `<kind>:<identifier>:<lines>`. Rejects when Five9 can't be asked:
 * then the receipt stays as it is.
 */
export async function confirm(five9: Five9, receipt: string, rows: readonly WriteBack[]): Promise<DeliveryAnswers> {
  const answers: Answers = new Map();
  const { kind, identifier, lines } = readReceipt(receipt) ?? { kind: 'disp', identifier: '', lines: 0 };
  try {
    if (await five9.api.isImportRunning(identifier, longPollSec)) {
      answerAll(answers, rows, notYet(five9, nextLookMs, 'the import is still running'));
      return answers;
    }
    const result = await five9.api.importResult(kind, identifier);
    for (const [id, answer] of settleImport(kind, rows, lines, result, five9.config)) answers.set(id, answer);
  } catch (error) {
    const fault = faultOf(error)?.fault;
    if (fault === 'ResultIsNotReady') answerAll(answers, rows, notYet(five9, nextLookMs, 'the result is not ready'));
    else if (fault === 'UnknownIdentifier') {
      answerAll(answers, rows, { kind: 'retry', why: 'Five9 does not know the import any more', inDoubt: true });
    } else throw error;
  }
  // Whatever became of it, the callback is no longer on its way.
  for (const row of rows) {
    if (row.aspect === 'callback' && answers.get(row.id)?.kind !== 'notYet') {
      five9.memory.openCallbacks.delete(row.correlationId);
    }
  }
  return answers;
}
