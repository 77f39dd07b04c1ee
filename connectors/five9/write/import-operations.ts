import type { ImportCallback } from '../import-route.ts';
import type { Five9Api } from '../soap/api.ts';
import type { Operation } from '../soap/operations.ts';
import { Answer, ImportIdentifier, ImportResult } from '../soap/schema.ts';

/** What an import is about; its result has an operation of its own. */
export type ImportKind = 'disp' | 'crm' | 'list';

/** One mapped column of an import, 1-based by its place. */
export interface Column {
  field: string;
  isKey: boolean;
}

type Rows = readonly (readonly string[])[];

/**
 * The operations that write records. `isBulk` takes the batch operation of up to 50,000 rows in the place of the
 * asynchronous one of up to 100. Every method may reject with a ConnectorError.
 */
export interface ImportOperations {
  /** One contact, answered at once. */
  updateContact(columns: readonly Column[], values: readonly string[]): Promise<ImportResult>;
  /** Gives the import's identifier, as the next two do. */
  updateContacts(columns: readonly Column[], rows: Rows, isBulk: boolean): Promise<string>;
  /** The disposition is the last value of each row, after the mapped columns. */
  updateDispositions(campaign: string, columns: readonly Column[], rows: Rows, isBulk: boolean): Promise<string>;
  /** The call time (epoch milliseconds, as text) is the last value of each row, after the mapped columns. */
  addToList(list: string, columns: readonly Column[], rows: Rows, resetIn: string): Promise<string>;
  /** One record that the dialer calls next, with its disposition in the campaign reset. `isNew`: the contact is made. */
  dialNow(
    list: string,
    columns: readonly Column[],
    values: readonly string[],
    how: { resetIn: string; isNew: boolean },
  ): Promise<string>;
  removeFromList(list: string, keyField: string, key: string): Promise<ImportResult>;
  /** Deletes contacts for good, where a key names exactly one. */
  deleteContacts(keyField: string, keys: readonly string[]): Promise<string>;
  /** @param waitSec how long Five9 may hold its answer back while the import runs */
  isRunning(identifier: string, waitSec: number): Promise<boolean>;
  result(kind: ImportKind, identifier: string): Promise<ImportResult>;
}

const resultOperation = {
  disp: 'getDispositionsImportResult',
  crm: 'getCrmImportResult',
  list: 'getListImportResult',
} as const satisfies Record<ImportKind, Operation>;

/**
 * The children of `fieldsMapping` are written in the order of the WSDL: the SOAP library does not sort what is inside a
 * repeated element of an extended type.
 *
 * @param callback where Five9 tells of imports that are through; null when it shall not
 */
export function createImportOperations(
  { call }: Pick<Five9Api, 'call'>,
  callback: ImportCallback | null,
): ImportOperations {
  return {
    updateContact: (columns, values) =>
      call(
        'updateCrmRecord',
        { crmUpdateSettings: contactSettings(columns, null), record: { fields: values } },
        ImportResult,
      ),
    updateContacts: (columns, rows, isBulk) =>
      call(
        isBulk ? 'updateContacts' : 'asyncUpdateCrmRecords',
        { crmUpdateSettings: contactSettings(columns, callback), importData: importData(rows) },
        ImportIdentifier,
      ),
    updateDispositions: (campaignName, columns, rows, isBulk) =>
      isBulk
        ? call(
            'updateDispositions',
            // With a capital D here, as the schema has it.
            {
              campaignName,
              DispositionsUpdateSettings: dispositionSettings(columns, callback),
              importData: importData(rows),
            },
            ImportIdentifier,
          )
        : call(
            'asyncUpdateCampaignDispositions',
            // The one import that is not documented to call back.
            {
              campaignName,
              dispositionsUpdateSettings: dispositionSettings(columns, null),
              importData: importData(rows),
            },
            ImportIdentifier,
          ),
    addToList: (listName, columns, rows, resetIn) =>
      call(
        'asyncAddRecordsToList',
        {
          listName,
          listUpdateSettings: callbackSettings(columns, callback),
          importData: importData(rows),
          resetDispositionsInCampaignsImportData: resetIn ? [resetIn] : undefined,
        },
        ImportIdentifier,
      ),
    dialNow: (listName, columns, values, { resetIn, isNew }) =>
      call(
        'asyncAddRecordsToList',
        {
          listName,
          listUpdateSettings: {
            ...baseSettings(columns, null),
            callNowMode: 'ANY',
            cleanListBeforeUpdate: false,
            crmAddMode: isNew ? 'ADD_NEW' : 'DONT_ADD',
            crmUpdateMode: 'UPDATE_SOLE_MATCHES',
            listAddMode: 'ADD_IF_SOLE_CRM_MATCH',
          },
          importData: importData([values]),
          resetDispositionsInCampaignsImportData: [resetIn],
        },
        ImportIdentifier,
      ),
    removeFromList: (listName, keyField, key) =>
      call(
        'deleteRecordFromList',
        {
          listName,
          listDeleteSettings: {
            ...baseSettings([{ field: keyField, isKey: true }], null),
            listDeleteMode: 'DELETE_IF_SOLE_CRM_MATCH',
          },
          record: { fields: [key] },
        },
        ImportResult,
      ),
    deleteContacts: (keyField, keys) =>
      call(
        'deleteFromContacts',
        {
          crmDeleteSettings: {
            ...baseSettings([{ field: keyField, isKey: true }], null),
            crmDeleteMode: 'DELETE_SOLE_MATCHES',
          },
          importData: importData(keys.map((key) => [key])),
        },
        ImportIdentifier,
      ),
    isRunning: (identifier, waitTime) => call('isImportRunning', { identifier: { identifier }, waitTime }, Answer),
    result: (kind, identifier) => call(resultOperation[kind], { identifier: { identifier } }, ImportResult),
  };
}

/**
 * A row whose value can't be read goes in as a whole or not at all: else it would count twice, as changed and as troubled,
 * and the counts could not add up. No `countryCode`: numbers are sent as Five9 itself holds them. No `reportEmail`: results
 * name people's numbers.
 */
function baseSettings(columns: readonly Column[], callback: ImportCallback | null) {
  return {
    callbackAuthProfileName: callback?.authProfile,
    callbackFormat: callback ? 'JSON' : undefined,
    callbackUrl: callback?.url,
    failOnFieldParseError: true,
    fieldsMapping: columns.map(({ field, isKey }, index) => ({
      columnNumber: index + 1,
      fieldName: field,
      key: isKey,
    })),
    skipHeaderLine: false,
  };
}

function contactSettings(columns: readonly Column[], callback: ImportCallback | null) {
  return { ...baseSettings(columns, callback), crmAddMode: 'DONT_ADD', crmUpdateMode: 'UPDATE_SOLE_MATCHES' };
}

function dispositionSettings(columns: readonly Column[], callback: ImportCallback | null) {
  return {
    ...baseSettings(columns, callback),
    dispositionColumnNumber: columns.length + 1,
    dispositionsUpdateMode: 'UPDATE_IF_SOLE_CRM_MATCH',
    updateToCommonDisposition: false,
    warnIfNoCrmMatchFound: true,
  };
}

function callbackSettings(columns: readonly Column[], callback: ImportCallback | null) {
  return {
    ...baseSettings(columns, callback),
    callTimeColumnNumber: columns.length + 1,
    cleanListBeforeUpdate: false,
    crmAddMode: 'DONT_ADD',
    crmUpdateMode: 'UPDATE_SOLE_MATCHES',
    listAddMode: 'ADD_IF_SOLE_CRM_MATCH',
  };
}

function importData(rows: Rows) {
  return { values: rows.map((item) => ({ item })) };
}
