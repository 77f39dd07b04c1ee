import type { KeepAnswers } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { cleanText } from '../soap/soap-client.ts';
import { type Answers, answerOfError } from './answers.ts';
import { mustGoInBulk } from './choose-way.ts';
import type { RowOf } from './deliver.ts';
import { gather } from './gather.ts';
import type { Column } from './import-operations.ts';
import { forgetDoubts, packImports, submitImport } from './imports.ts';
import { prepareRows } from './prepare-rows.ts';
import { settleImport } from './settle-import.ts';
import { waitForLostImport } from './wait-for-lost-import.ts';

type Row = RowOf<'fields'>;

/**
 * Writes contact fields: a few contacts one at a time, which Five9 answers at once and allows often; more with the same
 * fields as an import.
 */
export async function deliverFields(
  five9: Five9,
  answers: Answers,
  rows: readonly Row[],
  keep: KeepAnswers,
): Promise<void> {
  for (const group of Map.groupBy(rows, (row) => namesOf(row).join('\n')).values()) {
    const isFew = group.length <= five9.config.batch.singlesUpTo;
    const found = await prepare(five9, answers, isFew ? group : gather(five9, answers, group));
    for (const [keyField, sameKey] of Map.groupBy(found, (one) => one.keyField)) {
      const names = group[0] ? namesOf(group[0]) : [];
      const columns = [{ field: keyField, isKey: true }, ...names.map((field): Column => ({ field, isKey: false }))];
      if (isFew) for (const one of sameKey) await updateOne(five9, answers, columns, one);
      else await updateMany(five9, answers, columns, sameKey, keep);
    }
  }
}

function prepare(five9: Five9, answers: Answers, rows: readonly Row[]): Promise<(FoundRow & { row: Row })[]> {
  const readsBack = (row: Row) => row.inDoubt && !five9.deps.ignoresIdempotency;
  return prepareRows(five9, answers, rows, readsBack, (row, { contact }) => {
    if (!readsBack(row) || !contact) return null;
    const holdsAll = Object.entries(row.desired.fields).every(([name, value]) => contact[name] === wireText(value));
    // Of a call that a later one follows, the lost import must be over: the later fields wait for this row.
    const wait = holdsAll && !row.hasLaterCall ? null : waitForLostImport(five9, row);
    if (wait || !holdsAll) return wait;
    five9.memory.doubts.delete(row.id);
    return { kind: 'done', note: 'the contact shows the fields' };
  });
}

async function updateMany(
  five9: Five9,
  answers: Answers,
  columns: readonly Column[],
  rows: readonly FoundRow[],
  keep: KeepAnswers,
): Promise<void> {
  for (const pack of packImports(five9.config.batch, rows, five9.memory.doubtSizes)) {
    const isBulk = pack.isBulk || mustGoInBulk(five9, 'asyncUpdateCrmRecords', 'updateContacts');
    const [only, ...others] = pack.rows;
    if (only && others.length === 0) await updateOne(five9, answers, columns, only);
    else {
      await submitImport(five9, answers, pack.rows, {
        kind: 'crm',
        isTold: five9.config.imports.callback !== undefined,
        keep,
        send: (lines) =>
          five9.imports.updateContacts(
            columns,
            lines.map((line) => lineOf(line, columns)),
            isBulk,
          ),
      });
    }
  }
}

async function updateOne(five9: Five9, answers: Answers, columns: readonly Column[], found: FoundRow): Promise<void> {
  forgetDoubts(five9, [found.row]);
  try {
    const result = await five9.imports.updateContact(columns, lineOf(found, columns));
    for (const [id, answer] of settleImport('crm', [found.row], 1, result, five9.config)) answers.set(id, answer);
  } catch (error) {
    answers.set(found.row.id, answerOfError(five9, error));
  }
}

function lineOf({ row, key }: FoundRow, columns: readonly Column[]): string[] {
  const fields = row.desired.aspect === 'fields' ? row.desired.fields : {};
  return columns.map(({ field, isKey }) => (isKey ? key : wireText(fields[field] ?? '')));
}

function namesOf(row: FoundRow['row']): string[] {
  return row.desired.aspect === 'fields' ? Object.keys(row.desired.fields).sort() : [];
}

/** As the text comes back: SOAP answers are trimmed, and control characters can not be sent. */
function wireText(value: string): string {
  return cleanText(value).trim();
}
