import { type DeliveryAnswer, withDoubt } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { ownEntries } from '../../shared/own-entries.ts';
import { toE164 } from '../../shared/phone.ts';
import type { Five9 } from '../five9.ts';
import { toFive9Number } from '../numbers.ts';
import { contactOf, phoneFields } from '../read/find-contact.ts';
import { faultOf } from '../soap/errors.ts';
import { nextOpening } from '../times.ts';
import { type Answers, answerAll, answerOfError, notYet } from './answers.ts';
import type { RowOf } from './deliver.ts';
import { lookInParts } from './look-in-parts.ts';

type Row = RowOf<'dnc'>;

interface DncRow {
  row: Row;
  numbers: string[];
  /** How many numbers of the row Five9 can't hold, and so can't dial. */
  foreign: number;
}

/** Five9 has one list. */
const theList = 'dnc';
const marksAtOnce = 50;
/** Rows that are looked at together: few, as each takes up to three looks at contacts, and one at the list must be left. */
const rowsAtOnce = 5;

const hourMs = 3_600_000;
/** What Five9 takes in one check. That it takes as many in an addition is an assumption. */
const maxNumbers = 50_000;

/**
 * Brings all numbers of a contact onto the DNC list, or the number of the call off it. Five9 takes additions in a nightly
 * window only; looking is allowed at any time, so what is listed already is done at once.
 */
export async function deliverDnc(five9: Five9, answers: Answers, rows: readonly Row[]): Promise<void> {
  const listed = new Set<string>();
  const wanted = await lookInParts(five9, answers, rows, {
    atOnce: rowsAtOnce,
    look: (row) => numbersOf(five9, answers, row),
    answerOf: (error) => answerOfError(five9, error),
    isLooked: async (part) => {
      for (const number of await listedOf(five9, part, five9.deps.ignoresIdempotency)) listed.add(number);
    },
  });
  await addNumbers(five9, answers, open(wanted, listed, answers, true), listed);
  await removeNumbers(five9, answers, open(wanted, listed, answers, false), listed);
}

/**
 * The numbers of the row and those of its contact: a person who must not be called has no other number to be called at.
 * Taken off are those that we listed, but for a contact's number that another call opted out.
 */
async function numbersOf(five9: Five9, answers: Answers, row: Row): Promise<DncRow | null> {
  const { numberFormat } = five9.config;
  const { phones } = row.desired;
  const own = phones.map((phone) => toFive9Number(phone, numberFormat)).filter(Boolean);
  const foreign = phones.length - own.length;
  if (own.length === 0) {
    const hint = 'Add the number to the DNC list by hand.';
    answers.set(row.id, { kind: 'refused', why: 'the number is not one that Five9 can hold', hint });
    return null;
  }
  const contact = await contactOf(five9, row);
  const others = phoneFields.map((field) => contact?.[field] ?? '').filter((number) => /^\+?\d{10,16}$/.test(number));
  if (!row.desired.listed) return { row, numbers: await ownOf(five9, row, own, others), foreign };
  return { row, numbers: [...new Set([...own, ...others])], foreign };
}

/**
 * Those that we listed ourselves: another may be there for a reason of its own. The number of Five9's own call counts as
 * ours: Five9 dials no listed number, so its script listed it on our word.
 */
async function ownOf(
  { deps, config }: Five9,
  { target }: Row,
  numbers: readonly string[],
  others: readonly string[],
): Promise<string[]> {
  const own = ownEntries(deps);
  const called = target.callKey ? toFive9Number(target.phone, config.numberFormat) : '';
  const marks = await Promise.all(numbers.map((number) => number === called || own.isMarked(theList, number)));
  const ours = new Set(numbers.filter((_, index) => marks[index]));
  for (const number of others) {
    if (numbers.includes(number) || !(await own.isMarked(theList, number))) continue;
    if (!(await deps.isOptedOut(toE164(number, config.country)))) ours.add(number);
  }
  return [...ours];
}

/** Before they are added: what is there already is not ours. */
async function markOwn({ deps }: Five9, numbers: readonly string[]): Promise<void> {
  const own = ownEntries(deps);
  for (let start = 0; start < numbers.length; start += marksAtOnce) {
    await Promise.all(numbers.slice(start, start + marksAtOnce).map((number) => own.mark(theList, number)));
  }
}

async function addNumbers(five9: Five9, answers: Answers, wanted: readonly DncRow[], listed: ReadonlySet<string>) {
  if (wanted.length === 0) return;
  const rows = wanted.map(({ row }) => row);
  const opensAt = nextOpening(five9.config.dncWindow, five9.deps.clock.now());
  if (opensAt > 0) return answerAll(answers, rows, waitUntil(opensAt));
  try {
    for (const part of parts(wanted, (number) => !listed.has(number))) {
      await markOwn(five9, part);
      five9.deps.failAt('dnc.marked');
      const missing = await stillMissing(five9, part);
      if (missing.length > 0) await five9.api.addDnc(missing);
      five9.deps.failAt('dnc.written');
    }
  } catch (error) {
    if (faultOf(error)?.fault !== 'ExecutionRestriction') throw error;
    // Five9's clock says otherwise than ours: the window is over, or has not begun.
    return answerAll(answers, rows, notYet(five9, hourMs, 'Five9 does not take DNC numbers at this time'));
  }
  await verify(five9, answers, wanted, true);
}

/** The script of a call that has just ended lists its number too, on our own word: marking takes its time. */
async function stillMissing({ api, deps }: Five9, numbers: readonly string[]): Promise<readonly string[]> {
  if (deps.ignoresIdempotency) return numbers;
  try {
    const listed = new Set(await api.checkDnc(numbers));
    return numbers.filter((number) => !listed.has(number));
  } catch (error) {
    // Without a look that is left they are added all the same: twice is better than not at all.
    if (error instanceof ConnectorError && error.code === 'dialer_limit') return numbers;
    throw error;
  }
}

async function removeNumbers(five9: Five9, answers: Answers, wanted: readonly DncRow[], listed: ReadonlySet<string>) {
  if (wanted.length === 0) return;
  for (const part of parts(wanted, (number) => listed.has(number))) await five9.api.removeDnc(part);
  await verify(five9, answers, wanted, false);
}

/** What Five9's number of changes means is documented in two ways, so the list itself is asked. */
async function verify(five9: Five9, answers: Answers, wanted: readonly DncRow[], isListed: boolean): Promise<void> {
  try {
    const listed = await listedOf(five9, wanted, false);
    for (const { row } of open(wanted, listed, answers, isListed)) {
      const why = `Five9 took the numbers, yet they are ${isListed ? 'not ' : 'still '}on the DNC list`;
      answers.set(row.id, { kind: 'retry', why, hint: 'Compare the DNC list in Five9.', inDoubt: true });
    }
  } catch (error) {
    const rows = wanted.map(({ row }) => row);
    answerAll(answers, rows, withDoubt(answerOfError(five9, error)));
  }
}

/** Answers rows whose numbers are as wanted, and gives those of the kind that are not. */
function open(wanted: readonly DncRow[], listed: ReadonlySet<string>, answers: Answers, isListed: boolean): DncRow[] {
  return wanted.filter(({ row, numbers, foreign }) => {
    if (row.desired.listed !== isListed) return false;
    if (!numbers.every((number) => listed.has(number) === isListed)) return true;
    answers.set(row.id, { kind: 'done', note: noteOf(row, numbers.length, foreign) });
    return false;
  });
}

/** The proof: what the list was asked about and said. */
function noteOf({ desired }: Row, count: number, foreign: number): string {
  if (desired.listed) {
    const rest = foreign > 0 ? `; ${foreign} more are none that Five9 can hold` : '';
    return `DNC list: ${count} numbers listed, as the list says${rest}`;
  }
  const left = Math.max(0, desired.phones.length - foreign - count);
  const rest = left > 0 ? `; ${left} left: listed before us` : '';
  return `DNC list: ${count} numbers taken off, as the list says${rest}`;
}

/** @param skips true only in the drill that proves what looking first is good for */
async function listedOf(five9: Five9, wanted: readonly DncRow[], skips: boolean): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  if (skips) return listed;
  for (const part of parts(wanted, () => true)) {
    for (const number of await five9.api.checkDnc(part)) listed.add(number);
  }
  return listed;
}

/** The numbers that fit, each once, in parts that Five9 takes. */
function parts(wanted: readonly DncRow[], fits: (number: string) => boolean): string[][] {
  const numbers = [...new Set(wanted.flatMap((row) => row.numbers))].filter(fits);
  const count = Math.ceil(numbers.length / maxNumbers);
  return Array.from({ length: count }, (_, index) => numbers.slice(index * maxNumbers, (index + 1) * maxNumbers));
}

function waitUntil(epochMs: number): DeliveryAnswer {
  const until = new Date(epochMs).toISOString();
  return { kind: 'notYet', until, why: 'Five9 takes DNC numbers in its nightly window only' };
}
