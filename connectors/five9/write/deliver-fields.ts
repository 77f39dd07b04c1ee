import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import type { Column } from '../soap/api.ts';
import { cleanText } from '../soap/soap-client.ts';
import { type Answers, answerOfError } from './answers.ts';
import type { RowOf } from './deliver.ts';
import { packImports, submitImport } from './imports.ts';
import { prepareRows } from './prepare-rows.ts';
import { settleImport } from './settle-import.ts';

type Row = RowOf<'fields'>;

/** Writes contact fields: one contact at once, several with the same fields as an import. */
export async function deliverFields(five9: Five9, answers: Answers, rows: readonly Row[]): Promise<void> {
  const readsBack = (row: Row) => row.inDoubt && !five9.deps.ignoresIdempotency;
  const found = await prepareRows(five9, answers, rows, readsBack, (row, { contact }) => {
    if (!readsBack(row) || !contact) return null;
    const holdsAll = Object.entries(row.desired.fields).every(([name, value]) => contact[name] === wireText(value));
    return holdsAll ? { kind: 'done', note: 'the contact shows the fields' } : null;
  });

  for (const group of Map.groupBy(found, ({ row }) => namesOf(row).join('\n')).values()) {
    const names = group[0] ? namesOf(group[0].row) : [];
    const columns = [
      { field: five9.config.keyField, isKey: true },
      ...names.map((field): Column => ({ field, isKey: false })),
    ];
    for (const pack of packImports(group, five9.config.batch.rows)) {
      const [only, ...others] = pack;
      if (only && others.length === 0) await updateOne(five9, answers, columns, only);
      else {
        await submitImport(five9, answers, 'crm', pack, (lines) =>
          five9.api.updateContacts(
            columns,
            lines.map((line) => lineOf(line, columns)),
          ),
        );
      }
    }
  }
}

async function updateOne(five9: Five9, answers: Answers, columns: readonly Column[], found: FoundRow): Promise<void> {
  try {
    const result = await five9.api.updateContact(columns, lineOf(found, columns));
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
