import type { Five9Domain } from './five9-domain.ts';
import type { ContactField } from './options.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';

export interface MappedColumn {
  /** Counted from 0. */
  index: number;
  field: ContactField;
  isKey: boolean;
}

/** The part of the settings that all imports share. */
export interface ImportSettings {
  columns: readonly MappedColumn[];
  keys: readonly MappedColumn[];
  failsOnParseError: boolean;
  dropsDuplicates: boolean;
  callback: { url: string; format: string } | null;
}

const maxColumns = 256;
/** Rows of an asynchronous import, and of a batch one. */
const maxRows = { async: 100, batch: 50_000 };

/** Reads the shared settings; `ownColumns` (1-based) have a meaning of their own and must stay out of the mapping. */
export function readImportSettings(
  domain: Five9Domain,
  settings: Args,
  ownColumns: readonly (number | undefined)[] = [],
): ImportSettings {
  const columns = settings.nodes('fieldsMapping').map((entry) => {
    const number = entry.number('columnNumber') ?? 0;
    if (number < 1 || number > maxColumns) throw soapFault('IncorrectArgumentFault', 'Column number is out of range');
    if (ownColumns.includes(number)) throw soapFault('IncorrectArgumentFault', `Column ${number} has two meanings`);
    return { index: number - 1, field: fieldOf(domain, entry.text('fieldName')), isKey: entry.flag('key') };
  });
  const keys = columns.filter((column) => column.isKey);
  if (keys.length === 0) throw soapFault('IncorrectArgumentFault', 'At least one key field is required');
  const url = settings.text('callbackUrl');
  return {
    columns,
    keys,
    failsOnParseError: settings.flag('failOnFieldParseError'),
    dropsDuplicates: settings.flag('allowDataCleanup'),
    callback: url ? { url, format: settings.text('callbackFormat') || 'XML' } : null,
  };
}

export function fieldOf(domain: Five9Domain, name: string): ContactField {
  const field = domain.contacts.field(name);
  if (field) return field;
  throw soapFault('CrmFieldNotFoundFault', `Contact field "${name}" not found`, { fieldName: name });
}

/** The rows of an import, no more than its kind takes. */
export function readRows(args: Args, width: number, kind: keyof typeof maxRows = 'async'): string[][] {
  const rows = args
    .node('importData')
    .nodes('values')
    .map((row) => row.texts('item'));
  if (rows.length > maxRows[kind]) {
    throw soapFault('ImportSizeLimitExceededFault', 'Import records count limit exceeded', {
      limit: maxRows[kind],
      recordsCount: rows.length,
    });
  }
  for (const row of rows) assertWidth(row, width);
  return rows;
}

/** The one row of an operation that answers at once. */
export function readRecord(args: Args, width: number): string[] {
  const row = args.node('record').texts('fields');
  assertWidth(row, width);
  return row;
}

/** The number of columns that the settings speak of. */
export function widthOf({ columns }: ImportSettings, ...ownColumns: readonly (number | undefined)[]): number {
  return Math.max(...columns.map(({ index }) => index + 1), ...ownColumns.map((number) => number ?? 0));
}

function assertWidth(row: readonly string[], width: number): void {
  if (row.length < width) throw soapFault('InvalidImportDataFault', 'A row has fewer values than columns are mapped');
}
