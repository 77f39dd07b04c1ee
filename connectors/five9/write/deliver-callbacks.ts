import { correlationRef } from '../../../src/domain/connector.ts';
import type { KeepAnswers } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import type { Contact } from '../soap/schema.ts';
import { afterCall } from './after-call.ts';
import { type Answers, answerAll, answerOfError, notYet } from './answers.ts';
import { whyNotDialled } from './callback-list.ts';
import type { RowOf } from './deliver.ts';
import { gather } from './gather.ts';
import { packImports, submitImport } from './imports.ts';
import { callbackMarkOf, callOfMark, markedAfter, watchesAgents } from './judge-contact.ts';
import { prepareRows } from './prepare-rows.ts';
import { rowsOfSameCall } from './same-call.ts';
import { giveWay, waitForLostImport } from './wait-for-lost-import.ts';
import { yieldToAgent } from './yield-to-agent.ts';

type Row = RowOf<'callback'>;

const dispositionLookMs = 3000;

/** Puts contacts into the callback list with the time of their call, or takes them out of it again. */
export async function deliverCallbacks(
  five9: Five9,
  answers: Answers,
  rows: readonly Row[],
  keep: KeepAnswers,
): Promise<void> {
  const { callbackList } = five9.config;
  if (!callbackList) {
    answerAll(answers, rows, {
      kind: 'refused',
      why: 'no list takes callbacks',
      hint: 'Name one as `callbackList` in the configuration of this dialer.',
    });
    return;
  }
  const { add, remove } = Object.groupBy(rows, (row) => (row.desired.at === null ? 'remove' : 'add'));
  await removeCallbacks(five9, answers, callbackList, remove ?? []);
  if (!add) return;
  const opensInMs = five9.api.openAt('asyncAddRecordsToList') - five9.deps.clock.now();
  if (opensInMs > 0) {
    return answerAll(answers, add, notYet(five9, opensInMs, "Five9's limit for additions to lists is used up"));
  }
  const whyNot = await whyNotDialled(five9, callbackList, add[0]?.target.campaign ?? '');
  if (whyNot) return answerAll(answers, add, whyNot);
  const going: Row[] = [];
  for (const group of Map.groupBy(add, (row) => row.target.campaign).values()) {
    going.push(...(await afterCall(five9, answers, gather(five9, answers, group))));
  }
  await addCallbacks(five9, answers, { list: callbackList, keep }, going);
}

async function addCallbacks(
  five9: Five9,
  answers: Answers,
  to: { list: string; keep: KeepAnswers },
  rows: readonly Row[],
): Promise<void> {
  const { config, deps, memory } = five9;
  const mark = config.fields.callbackMark;
  const readsBack = (row: Row) => row.inDoubt && !deps.ignoresIdempotency && mark !== undefined;
  const marksTime = mark !== undefined && config.fields.lastDispositionAt !== undefined;

  const found = await prepareRows(
    five9,
    answers,
    rows,
    () => watchesAgents(five9) || marksTime || readsMark(five9),
    async (row, found) => {
      const overtaken = await yieldToAgent(five9, found);
      if (overtaken) return overtaken;
      if (row.hasLaterCallback || (await isBehindLater(five9, row, found.contact))) return giveWay(five9, row);
      if (marksTime && (await crossesDisposition(five9, row))) {
        return notYet(five9, dispositionLookMs, 'waits for the disposition of the same call');
      }
      if (!readsBack(row)) return null;
      if (markedAfter(five9, row, found.contact) !== null) {
        memory.doubts.delete(row.id);
        return { kind: 'done', note: 'the contact bears the mark of this callback' };
      }
      return waitForLostImport(five9, row);
    },
  );

  // The batch operation knows no call time.
  const noBulk = { ...config.batch, bulkFrom: Number.POSITIVE_INFINITY };
  for (const { field, resetIn, group } of importsOf(lastOfContacts(five9, answers, found))) {
    const columns = [{ field, isKey: true }, ...(mark ? [{ field: mark, isKey: false }] : [])];
    for (const { rows: pack } of packImports(noBulk, group, memory.doubtSizes)) {
      await submitImport(five9, answers, pack, {
        kind: 'list',
        isTold: config.imports.callback !== undefined,
        keep: to.keep,
        send: (lines) =>
          five9.imports.addToList(
            to.list,
            columns,
            lines.map((line) => lineOf(five9, line)),
            resetIn,
          ),
      });
    }
  }
}

/** Of calls that only their contact shows to be of one record, the last has the one place in the list: imports may pass each other. */
function lastOfContacts(five9: Five9, answers: Answers, found: readonly FoundRow[]): FoundRow[] {
  const last = new Map<string, FoundRow>();
  for (const each of found.toSorted((a, b) => (a.row.target.calledAt < b.row.target.calledAt ? -1 : 1))) {
    const contact = JSON.stringify([each.keyField, each.key]);
    const earlier = last.get(contact);
    if (earlier) answers.set(earlier.row.id, giveWay(five9, earlier.row));
    last.set(contact, each);
  }
  return [...last.values()];
}

/** What may go in one import. The disposition that a later call has set by now is not reset. */
function importsOf(rows: readonly FoundRow[]) {
  return [...Map.groupBy(rows, ({ keyField }) => keyField)].flatMap(([field, sameKey]) => {
    const byReset = Map.groupBy(sameKey, ({ row }) => (row.hasLaterCall ? '' : row.target.campaign));
    return [...byReset].map(([resetIn, group]) => ({ field, resetIn, group }));
  });
}

/** Whether a contact is read for the mark that the last callback has left in it. */
function readsMark({ config, deps }: Five9): boolean {
  return config.fields.callbackMark !== undefined && !deps.ignoresIdempotency;
}

/** A list holds a record once: the callback of a later call, whose mark the contact bears, stays where it is. */
async function isBehindLater({ id, config, deps }: Five9, row: Row, contact: Contact | null): Promise<boolean> {
  const marked = callOfMark(contact?.[config.fields.callbackMark ?? ''] ?? '');
  if (marked === '' || marked === row.correlationId) return false;
  const [call] = await deps.describeCalls({ refs: [correlationRef(marked)] });
  const last = call?.writeBacks.findLast(({ dialer, aspect }) => dialer === id && aspect === 'callback');
  if (last?.desired.aspect !== 'callback' || last.desired.at === null) return false;
  return Date.parse(last.target.calledAt) > Date.parse(row.target.calledAt);
}

/** A callback that is moved: an earlier disposition on its way would show later than its mark says, and be reset by it. */
async function crossesDisposition(five9: Five9, row: Row): Promise<boolean> {
  if (row.revision === 1) return false;
  return (await rowsOfSameCall(five9, row, 'disposition')).some(({ state }) => state === 'submitted');
}

function lineOf(five9: Five9, { row, key, contact }: FoundRow): string[] {
  const at = row.desired.aspect === 'callback' && row.desired.at ? String(Date.parse(row.desired.at)) : '';
  return five9.config.fields.callbackMark ? [key, callbackMarkOf(five9, row, contact), at] : [key, at];
}

async function removeCallbacks(five9: Five9, answers: Answers, list: string, rows: readonly Row[]): Promise<void> {
  const found = await prepareRows(
    five9,
    answers,
    rows,
    () => readsMark(five9),
    async (row, { contact }) => {
      if (row.hasLaterCallback || (await isBehindLater(five9, row, contact))) return giveWay(five9, row);
      // The callback that is taken back may be on its way still.
      return row.inDoubt && !five9.deps.ignoresIdempotency ? waitForLostImport(five9, row) : null;
    },
  );
  for (const { row, keyField, key } of found) {
    try {
      const result = await five9.imports.removeFromList(list, keyField, key);
      five9.memory.doubts.delete(row.id);
      const isAmbiguous = result.troubles.some(({ kind }) => kind === 'MultipleMatchesInContacts');
      answers.set(
        row.id,
        isAmbiguous
          ? { kind: 'refused', why: 'several contacts have this key', hint: `Take the record out of ${list} by hand.` }
          : { kind: 'done', note: result.applied > 0 ? 'taken out of the list' : 'was not in the list' },
      );
    } catch (error) {
      answers.set(row.id, answerOfError(five9, error));
    }
  }
}
