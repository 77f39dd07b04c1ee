import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import { ownEntries } from '../../shared/own-entries.ts';
import { type ApiAnswer, findLine, wordsOf } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';

/** What became of one entry. `told`: VICIdial says so, and it can't be read back. */
export type Entry = 'changed' | 'told' | 'so already' | 'not ours';

/** Brings one number onto one DNC list, or takes off one that we had put there. */
export async function settleEntry(
  vicidial: Vicidial,
  list: string,
  number: string,
  listed: boolean,
): Promise<Entry | DeliveryAnswer> {
  const { reads, deps } = vicidial;
  const own = ownEntries(deps);
  const isThere = deps.ignoresIdempotency ? !listed : await reads.isOnDncList(list, number);
  if (isThere === listed) return 'so already';
  if (listed && isThere === false) await own.mark(list, number);
  if (!listed && !(await own.isMarked(list, number))) return 'not ours';

  deps.failAt('dnc.marked');
  const name = listed ? 'add_dnc_phone' : 'delete_dnc_phone';
  const answer = await vicidial.api.call(name, { phone_number: number, campaign_id: list });
  deps.failAt('dnc.written');
  const isDone = findLine(answer, 'success') !== undefined;
  if (!isDone && !isAlreadySo(answer, listed)) return failureOf(name, answer, listed);
  const after = await reads.isOnDncList(list, number);
  if (after !== null && after !== listed) {
    return { kind: 'retry', why: `a number is ${listed ? 'not' : 'still'} on ${list} after ${name}`, inDoubt: true };
  }
  // Where the list can't be read, only the answer tells whether the entry is ours.
  if (listed && isThere === null && isDone) await own.mark(list, number);
  if (!listed) await own.unmark(list, number);
  if (after === null) return isDone ? 'told' : 'so already';
  return 'changed';
}

function failureOf(name: string, answer: ApiAnswer, listed: boolean): DeliveryAnswer {
  if (answer.kind === 'noFunction') {
    return {
      kind: 'refused',
      why: `this release of VICIdial has no ${name}`,
      hint: `${listed ? 'Add the number to' : 'Delete the number from'} the DNC list in the admin pages.`,
    };
  }
  if (findLine(answer, 'error', 'YOU MUST USE ALL REQUIRED FIELDS')) {
    return { kind: 'refused', why: 'VICIdial takes no number of fewer than 6 digits', hint: 'Check the number.' };
  }
  return { kind: 'retry', why: `VICIdial answered ${name}: ${wordsOf(answer)}` };
}

function isAlreadySo(answer: ApiAnswer, listed: boolean): boolean {
  const words = listed ? ['ALREADY EXISTS'] : ['DOES NOT EXIST', 'NOT FOUND'];
  return words.some((each) => findLine(answer, 'error', each) !== undefined);
}
