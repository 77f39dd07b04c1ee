import type { ZodType } from 'zod';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9Config } from '../config.ts';
import { createLimits } from '../quota/limits.ts';
import { faultOf } from './errors.ts';
import { isWriteOperation, type Operation } from './operations.ts';
import {
  Answer,
  Anything,
  CallCounters,
  Campaigns,
  type Contact,
  ContactFields,
  Contacts,
  ImportIdentifier,
  ImportResult,
  ListsOfCampaign,
  Named,
  Numbers,
  Versions,
} from './schema.ts';
import { createUserPool } from './user-pool.ts';

/** What an import is about; its result has an operation of its own. */
export type ImportKind = 'disp' | 'crm' | 'list';

/** One mapped column of an import, 1-based by its place. */
export interface Column {
  field: string;
  isKey: boolean;
}

/** The operations of Five9 that Patchbay uses, typed. Every method may reject with a ConnectorError. */
export interface Five9Api {
  /**
   * One operation, within the limits and the pool of users. The rooms of this connector build their own typed operations
   * on it.
   *
   * @param args children in the order of the WSDL
   * @param schema reads the content of `return`
   */
  call<T>(operation: Operation, args: object, schema: ZodType<T>, options?: CallOptions): Promise<T>;
  versions(): Promise<{ maxVersion: string; minVersion: string }>;
  counters(): Promise<CallCounters>;
  /** Contacts whose fields equal all of these exactly; at most 1,000. */
  contacts(criteria: Readonly<Record<string, string>>, options?: CallOptions): Promise<Contact[]>;
  contactFields(): Promise<{ name: string; mapTo: string; type: string }[]>;
  campaigns(): Promise<Campaigns>;
  dispositions(): Promise<string[]>;
  listsOfCampaign(campaign: string): Promise<string[]>;
  /** One contact, answered at once. */
  updateContact(columns: readonly Column[], values: readonly string[]): Promise<ImportResult>;
  /** Imports of up to 100 rows; each gives its identifier. */
  updateContacts(columns: readonly Column[], rows: readonly (readonly string[])[]): Promise<string>;
  updateDispositions(
    campaign: string,
    columns: readonly Column[],
    rows: readonly (readonly string[])[],
  ): Promise<string>;
  /** The call time (epoch milliseconds, as text) is the last value of each row, after the mapped columns. */
  addToList(
    list: string,
    columns: readonly Column[],
    rows: readonly (readonly string[])[],
    resetIn: string,
  ): Promise<string>;
  removeFromList(list: string, keyField: string, key: string): Promise<ImportResult>;
  /** @param waitSec how long Five9 may hold its answer back while the import runs */
  isImportRunning(identifier: string, waitSec: number): Promise<boolean>;
  importResult(kind: ImportKind, identifier: string): Promise<ImportResult>;
  /** Those of the numbers that are on the DNC list. */
  checkDnc(numbers: readonly string[]): Promise<string[]>;
  addDnc(numbers: readonly string[]): Promise<void>;
  removeDnc(numbers: readonly string[]): Promise<void>;
  /** Why no API user can be used any more; empty while one can. */
  deniedWhy(): string;
  close(): Promise<void>;
}

export interface CallOptions {
  signal?: AbortSignal;
  isLive?: boolean;
}

type Deps = Pick<ConnectorDeps, 'clock' | 'log' | 'random' | 'withLease'>;

const resultOperation = {
  disp: 'getDispositionsImportResult',
  crm: 'getCrmImportResult',
  list: 'getListImportResult',
} as const satisfies Record<ImportKind, Operation>;

/** Children are written in the order of the WSDL: the SOAP library does not sort those inside an extended type. */
export function createApi(deps: Deps, id: string, config: Five9Config): Five9Api {
  const pool = createUserPool(deps, id, config.soap);
  const limits = createLimits(deps.clock, config.soap.dataCentreTimeZone);

  async function invoke<T>(operation: Operation, args: object, schema: ZodType<T>, options?: CallOptions): Promise<T> {
    limits.assertOpen(operation);
    const isWrite = isWriteOperation(operation);
    try {
      const raw = await pool.run({ ...options, isRead: !isWrite, work: (client) => client.call(operation, args) });
      return parse(operation, isWrite, schema, raw);
    } catch (error) {
      const fault = faultOf(error);
      if (fault?.fault !== 'OperationsLimitExceeded') throw error;
      const counters = await readCounters().catch(() => null);
      throw limits.close(operation, fault.members.operationType ?? '', counters);
    }
  }

  async function readCounters(): Promise<CallCounters> {
    const raw = await pool.run({ isRead: true, work: (client) => client.call('getCallCountersState', {}) });
    return parse('getCallCountersState', false, CallCounters, raw);
  }

  return {
    call: invoke,
    versions: () => invoke('getApiVersions', {}, Versions),
    counters: readCounters,
    contacts: (criteria, options) => {
      const pairs = Object.entries(criteria).map(([field, value]) => ({ field, value }));
      return invoke('getContactRecords', { lookupCriteria: { criteria: pairs } }, Contacts, options);
    },
    contactFields: () => invoke('getContactFields', {}, ContactFields),
    campaigns: () => invoke('getCampaigns', {}, Campaigns),
    dispositions: async () => (await invoke('getDispositions', {}, Named)).map(({ name }) => name),
    listsOfCampaign: async (campaignName) =>
      (await invoke('getListsForCampaign', { campaignName }, ListsOfCampaign)).map(({ listName }) => listName),
    updateContact: (columns, values) =>
      invoke(
        'updateCrmRecord',
        { crmUpdateSettings: contactSettings(columns), record: { fields: values } },
        ImportResult,
      ),
    updateContacts: (columns, rows) =>
      invoke(
        'asyncUpdateCrmRecords',
        { crmUpdateSettings: contactSettings(columns), importData: importData(rows) },
        ImportIdentifier,
      ),
    updateDispositions: (campaignName, columns, rows) =>
      invoke(
        'asyncUpdateCampaignDispositions',
        { campaignName, dispositionsUpdateSettings: dispositionSettings(columns), importData: importData(rows) },
        ImportIdentifier,
      ),
    addToList: (listName, columns, rows, resetIn) =>
      invoke(
        'asyncAddRecordsToList',
        {
          listName,
          listUpdateSettings: callbackSettings(columns),
          importData: importData(rows),
          resetDispositionsInCampaignsImportData: resetIn ? [resetIn] : undefined,
        },
        ImportIdentifier,
      ),
    removeFromList: (listName, keyField, key) =>
      invoke(
        'deleteRecordFromList',
        {
          listName,
          listDeleteSettings: {
            ...baseSettings([{ field: keyField, isKey: true }]),
            listDeleteMode: 'DELETE_IF_SOLE_CRM_MATCH',
          },
          record: { fields: [key] },
        },
        ImportResult,
      ),
    isImportRunning: (identifier, waitTime) =>
      invoke('isImportRunning', { identifier: { identifier }, waitTime }, Answer),
    importResult: (kind, identifier) => invoke(resultOperation[kind], { identifier: { identifier } }, ImportResult),
    checkDnc: (numbers) => invoke('checkDncForNumbers', { numbers }, Numbers),
    async addDnc(numbers) {
      await invoke('addNumbersToDnc', { numbers }, Anything);
    },
    async removeDnc(numbers) {
      await invoke('removeNumbersFromDnc', { numbers }, Anything);
    },
    deniedWhy: pool.deniedWhy,
    close: pool.close,
  };
}

function parse<T>(operation: Operation, isWrite: boolean, schema: ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConnectorError('dialer_odd', `Five9 answered ${operation} in a form that we do not understand`, {
    retryable: true,
    inDoubt: isWrite,
    hint: 'Check `soap.version`; the oldest version known to work is v9_5.',
  });
}

function baseSettings(columns: readonly Column[]) {
  return {
    fieldsMapping: columns.map(({ field, isKey }, index) => ({
      columnNumber: index + 1,
      fieldName: field,
      key: isKey,
    })),
    skipHeaderLine: false,
  };
}

function contactSettings(columns: readonly Column[]) {
  return { ...baseSettings(columns), crmAddMode: 'DONT_ADD', crmUpdateMode: 'UPDATE_SOLE_MATCHES' };
}

/** The disposition is the column after the mapped ones. */
function dispositionSettings(columns: readonly Column[]) {
  return {
    ...baseSettings(columns),
    dispositionColumnNumber: columns.length + 1,
    dispositionsUpdateMode: 'UPDATE_IF_SOLE_CRM_MATCH',
    updateToCommonDisposition: false,
    warnIfNoCrmMatchFound: true,
  };
}

function callbackSettings(columns: readonly Column[]) {
  return {
    ...baseSettings(columns),
    callTimeColumnNumber: columns.length + 1,
    cleanListBeforeUpdate: false,
    crmAddMode: 'DONT_ADD',
    crmUpdateMode: 'UPDATE_SOLE_MATCHES',
    listAddMode: 'ADD_IF_SOLE_CRM_MATCH',
  };
}

function importData(rows: readonly (readonly string[])[]) {
  return { values: rows.map((item) => ({ item })) };
}
