import { z } from 'zod';
import { filled } from '../../shared/read-as.ts';

/** SOAP gives nothing, null or an object of attributes (xsi:nil) where a text is empty. */
const text = z.preprocess(
  (value) => (typeof value === 'object' || value === undefined ? '' : String(value)),
  z.string(),
);
const count = z.preprocess((value) => (value === undefined || value === null ? 0 : Number(value)), z.number());
const truth = z.preprocess((value) => value === true || value === 'true', z.boolean());

function many<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value : isNothing(value) ? [] : [value]), z.array(item));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A contact by field name, as `getContactRecords` gives it in columns. */
export type Contact = Readonly<Record<string, string>>;

const columns = z.object({ fields: many(text), records: many(z.object({ values: z.object({ data: many(text) }) })) });

export const Contacts = z
  .preprocess((value) => value ?? {}, columns)
  .transform(({ fields, records }) =>
    records.map(({ values }) => {
      const contact: Record<string, string> = {};
      fields.forEach((field, index) => {
        contact[field] = values.data[index] ?? '';
      });
      return contact as Contact;
    }),
  );

/** The promise of an asynchronous import. */
export const ImportIdentifier = z.object({ identifier: filled }).transform(({ identifier }) => identifier);

const ImportTrouble = z.object({ key: many(text), kind: text, rowNumber: count });
const ImportedRow = z.object({ lineNumber: count, key: many(text), result: many(text) });

/** What became of an import. `applied`: the largest of its counters of records that hold the new value now. */
export const ImportResult = z
  .object({
    success: truth,
    uploadErrorsCount: count,
    uploadDuplicatesCount: count,
    warningsCount: z.preprocess(
      (value) => (typeof value === 'object' && value !== null ? value : {}),
      z.object({ entry: many(z.object({ key: text, value: count })) }),
    ),
    importTroubles: many(ImportTrouble),
    importedRows: many(ImportedRow),
    dispRecordsUpdated: count,
    crmRecordsInserted: count,
    crmRecordsUpdated: count,
    listRecordsInserted: count,
    listRecordsDeleted: count,
  })
  .transform(({ success, importTroubles, importedRows, ...counters }) => ({
    isSuccess: success,
    errors: counters.uploadErrorsCount,
    duplicates: counters.uploadDuplicatesCount,
    /** How many remarks there are of each kind of trouble. */
    warnings: counters.warningsCount.entry.map(({ key, value }) => ({ kind: key, count: value })),
    troubles: importTroubles,
    importedRows,
    /** Records that the list did not have before. */
    listInserted: counters.listRecordsInserted,
    applied: Math.max(
      counters.dispRecordsUpdated,
      counters.crmRecordsInserted + counters.crmRecordsUpdated,
      counters.listRecordsInserted,
      counters.listRecordsDeleted,
    ),
  }));
export type ImportResult = z.infer<typeof ImportResult>;

export const Versions = z.object({ maxVersion: text, minVersion: text });

/** How much of each limit is used, per window (60, 3600 or 86400 seconds). */
export const CallCounters = many(
  z
    .object({
      timeout: count,
      callCounterStates: many(z.object({ limit: count, operationType: text, value: count })),
    })
    .transform(({ timeout, callCounterStates }) => ({ windowSec: timeout, counters: callCounterStates })),
);
export type CallCounters = z.infer<typeof CallCounters>;

export const Named = many(z.object({ name: text }));
export const Campaigns = many(z.object({ name: text, type: text, state: text }));
export type Campaigns = z.infer<typeof Campaigns>;
export const ListsOfCampaign = many(z.object({ listName: text }));
export const ContactFields = many(z.object({ name: text, mapTo: text, type: text }));
export const Numbers = many(text);
export const Answer = z.preprocess((value) => value === true || value === 'true', z.boolean());
export const Anything = z.unknown();
