import type { Five9Config } from '../config.ts';
import type { Contact } from '../soap/schema.ts';
import { phoneFields } from './find-contact.ts';
import { type ReportTable, squeeze } from './report-table.ts';

const standardFields = ['first_name', 'last_name', 'company', 'street', 'city', 'state', 'zip'];

/** The contact field of each column, by its header: as configured, else the field of that name, else a name like it. */
export function fieldsOfColumns(headers: readonly string[], config: Five9Config): string[] {
  const { fields, keyField, sync } = config;
  const known = [
    keyField,
    ...phoneFields,
    ...standardFields,
    ...Object.values(fields),
    ...Object.keys(sync.leadFields),
  ];
  const byHeader = new Map<string, string>();
  for (const field of known) if (field) byHeader.set(squeeze(field), field);
  for (const [header, field] of Object.entries(sync.report?.columns ?? {})) byHeader.set(squeeze(header), field);
  return headers.map(
    (header) =>
      byHeader.get(squeeze(header)) ??
      header
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '_'),
  );
}

/** Rows of a report as contacts. */
export function rowsToContacts(rows: ReportTable['rows'], columns: readonly string[]): Contact[] {
  return rows.map((row) => {
    const contact: Record<string, string> = {};
    columns.forEach((field, index) => {
      // Of two columns of one name, the first that holds something.
      contact[field] ||= row[index]?.trim() ?? '';
    });
    return contact;
  });
}
