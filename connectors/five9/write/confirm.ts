import type { DeliveryAnswer, DeliveryAnswers } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { faultOf } from '../soap/errors.ts';
import { type Answers, answerAll, answerOfError, notYet } from './answers.ts';
import { readReceipt } from './imports.ts';
import { settleImport } from './settle-import.ts';
import { yieldToAgents } from './yield-to-agent.ts';

const firstWaitMs = 2000;
const longestWaitMs = 60_000;
const noReceipt = { kind: 'disp', identifier: '', lines: 0, putBackAt: '' } as const;

/**
 * Settles the rows of one import, known by its receipt `<kind>:<identifier>:<lines>`. Rejects when Five9 can't be asked:
 * then the receipt stays as it is.
 */
export async function confirm(five9: Five9, receipt: string, rows: readonly WriteBack[]): Promise<DeliveryAnswers> {
  const answers: Answers = new Map();
  const { kind, identifier, lines, putBackAt } = readReceipt(receipt) ?? noReceipt;
  try {
    if (await five9.imports.isRunning(identifier, longPollSec(five9))) {
      answerAll(answers, rows, notYet(five9, nextLookMs(five9, identifier, receipt), 'the import is still running'));
      return answers;
    }
    const result = await five9.imports.result(kind, identifier);
    for (const [id, answer] of settleImport(kind, rows, lines, result, five9.config)) answers.set(id, answer);
    if (kind !== 'crm') await yieldToAgents(five9, answers, rows, putBackAt);
    five9.memory.openImports.delete(identifier);
  } catch (error) {
    const fault = faultOf(error)?.fault;
    if (fault === 'ResultIsNotReady') answerAll(answers, rows, notYet(five9, firstWaitMs, 'the result is not ready'));
    else if (fault === 'UnknownIdentifier') {
      answerAll(answers, rows, { kind: 'retry', why: 'Five9 does not know the import any more', inDoubt: true });
      five9.memory.openImports.delete(identifier);
    } else answerAll(answers, rows, waitOrThrow(five9, error));
  }
  return answers;
}

/** A limit that is used up, or a login that is refused, says nothing about the import and costs no try. */
function waitOrThrow(five9: Five9, error: unknown): DeliveryAnswer {
  const answer = answerOfError(five9, error);
  if (answer.kind === 'notYet') return answer;
  throw error;
}

/**
 * How long Five9 may hold its answer back while the import runs. An API user is taken meanwhile: longer only where there is
 * another, and well within the time of a call.
 */
function longPollSec({ config: { soap } }: Five9): number {
  return soap.users.length > 1 ? Math.max(1, Math.min(5, Math.floor(soap.timeoutMs / 2000))) : 1;
}

/**
 * Twice as long after each look, so that a long import does not burn queries; after a restart it begins anew. Where Five9
 * tells us, as seldom as ever.
 */
function nextLookMs({ memory }: Five9, identifier: string, receipt: string): number {
  const { looks, isTold } = memory.openImports.get(identifier) ?? { looks: 0, isTold: false };
  memory.openImports.set(identifier, { receipt, looks: looks + 1, isTold });
  return isTold ? longestWaitMs : Math.min(longestWaitMs, firstWaitMs * 2 ** looks);
}
