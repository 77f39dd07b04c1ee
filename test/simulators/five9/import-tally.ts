import type { Contact } from './contact-store.ts';
import type { ImportSettings } from './import-settings.ts';
import type { XmlChildren } from './xml.ts';

type TroubleKind =
  | 'ParseError'
  | 'DuplicateKey'
  | 'AllKeyFieldsAreEmpty'
  | 'NoMatchesInContacts'
  | 'OneMatchInContacts'
  | 'MultipleMatchesInContacts'
  | 'InternalImportError';

/** Troubles that leave `uploadErrorsCount` alone: remarks, not errors. */
const remarks: readonly TroubleKind[] = [
  'DuplicateKey',
  'AllKeyFieldsAreEmpty',
  'NoMatchesInContacts',
  'OneMatchInContacts',
  'MultipleMatchesInContacts',
];

/** One row of an import. `number` is 1-based. */
export interface ImportRow {
  number: number;
  values: readonly string[];
  key: readonly string[];
}

/** What an import says about itself in the end. */
export interface ImportTally {
  trouble(row: ImportRow, kind: TroubleKind, message: string): void;
  done(row: ImportRow, contact: Contact, results: readonly string[]): void;
  duplicate(row: ImportRow): void;
  /** The members that the results of all imports share, in the order of the schema. */
  result(identifier: string): XmlChildren;
}

export function createTally(settings: ImportSettings): ImportTally {
  const troubles: XmlChildren[] = [];
  const importedRows: XmlChildren[] = [];
  const warnings = new Map<TroubleKind, number>();
  let errors = 0;
  let duplicates = 0;

  function trouble(row: ImportRow, kind: TroubleKind, message: string): void {
    troubles.push({ key: row.key, kind, rowNumber: row.number, troubleMessage: message });
    if (remarks.includes(kind)) warnings.set(kind, (warnings.get(kind) ?? 0) + 1);
    else errors += 1;
  }

  return {
    trouble,
    done(row, contact, results) {
      importedRows.push({ lineNumber: row.number, crmId: contact.id, key: row.key, result: results });
    },
    duplicate(row) {
      duplicates += 1;
      trouble(row, 'DuplicateKey', 'Entry with a duplicate key has been ignored');
    },
    result: (identifier) => ({
      failureMessage: troubles.length > 0 ? 'There were errors during the upload' : '',
      importIdentifier: identifier,
      importTroubles: troubles,
      importedRows,
      keyFields: settings.keys.map(({ field }) => field.name),
      success: true,
      uploadDuplicatesCount: duplicates,
      uploadErrorsCount: errors,
      warningsCount: { entry: [...warnings].map(([key, value]) => ({ key, value })) },
    }),
  };
}

/** Goes through the rows of an import: those without a key, and dropped duplicates, are remarked on here. */
export function usableRows(
  settings: ImportSettings,
  rows: readonly (readonly string[])[],
  tally: ImportTally,
): ImportRow[] {
  const seen = new Set<string>();
  const usable: ImportRow[] = [];
  rows.forEach((values, index) => {
    const row = { number: index + 1, values, key: settings.keys.map((column) => values[column.index] ?? '') };
    const name = JSON.stringify(row.key);
    if (row.key.every((value) => value === '')) {
      tally.trouble(row, 'AllKeyFieldsAreEmpty', 'Entry with all key fields empty has been ignored');
    } else if (settings.dropsDuplicates && seen.has(name)) {
      tally.duplicate(row);
    } else {
      usable.push(row);
    }
    seen.add(name);
  });
  return usable;
}
