import { AsyncLocalStorage } from 'node:async_hooks';
import type { ZodType } from 'zod';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { type Hold, nobodysHold } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { traced } from '../../../src/domain/tracing.ts';
import { readAs } from '../../shared/read-as.ts';
import type { Five9Config } from '../config.ts';
import { createGovernor, type Purpose, type QuotaLine } from '../quota/governor.ts';
import { dataCentreTimeZone } from '../times.ts';
import { faultOf } from './errors.ts';
import { isWriteOperation, type Operation } from './operations.ts';
import {
  Anything,
  CallCounters,
  Campaigns,
  type Contact,
  ContactFields,
  Contacts,
  ListsOfCampaign,
  Named,
  Numbers,
  Versions,
} from './schema.ts';
import type { SoapClient } from './soap-client.ts';
import { createUserPool, type UserAnswer } from './user-pool.ts';

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
  /** As each API user the question that no limit counts: who is served. Never rejects. */
  askEachUser(): Promise<UserAnswer<unknown>[]>;
  /** What the whole domain has used of its limits, as Five9 counts it. Not limited itself. */
  counters(signal?: AbortSignal): Promise<CallCounters>;
  /** When an operation may be sent without going over a limit (epoch ms), 0 for now. From memory. (Default: for a write) */
  openAt(operation: Operation, purpose?: Purpose): number;
  /** Limits and what is used of them, as far as this process knows. */
  quota(): QuotaLine[];
  /** How much of a limit a purpose may use. */
  quotaShare(limit: number, purpose: Purpose): number;
  /** Contacts whose fields equal all of these exactly; at most 1,000. */
  contacts(criteria: Readonly<Record<string, string>>, options?: CallOptions): Promise<Contact[]>;
  contactFields(): Promise<{ name: string; mapTo: string; type: string }[]>;
  campaigns(): Promise<Campaigns>;
  dispositions(): Promise<string[]>;
  listsOfCampaign(campaign: string): Promise<string[]>;
  /** Those of the numbers that are on the DNC list. */
  checkDnc(numbers: readonly string[]): Promise<string[]>;
  addDnc(numbers: readonly string[]): Promise<void>;
  removeDnc(numbers: readonly string[]): Promise<void>;
  /** Why no API user can be used any more; empty while one can. */
  deniedWhy(): string;
  /** The same for write-backs: what changes something is sent only while their claim is ours. */
  under(hold: Hold): Five9Api;
  close(): Promise<void>;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** A live call waits for it: goes first, and may spend the reserve. */
  isLive?: boolean;
  /** What it is for: decides how much of a limit it may use. (Default: write) */
  purpose?: Purpose;
}

type Deps = Pick<
  ConnectorDeps,
  'clock' | 'log' | 'newId' | 'random' | 'withLease' | 'readCursor' | 'writeCursor' | 'tracing'
>;

/** The operations over a pool of API users. What writes records is in `write/import-operations.ts`. */
export function createApi(deps: Deps, id: string, config: Pick<Five9Config, 'soap' | 'quota'>): Five9Api {
  const pool = createUserPool(deps, id, config.soap);
  const governor = createGovernor(deps.clock, {
    timeZone: dataCentreTimeZone(config.soap),
    reservePercent: config.quota.reservePercent,
    readCounters: () => askCounters(),
  });

  async function invokeUnder<T>(
    hold: Hold,
    operation: Operation,
    args: object,
    schema: ZodType<T>,
    options?: CallOptions,
  ): Promise<T> {
    const { signal, isLive = false, purpose = isLive ? 'interactive' : 'write' } = options ?? {};
    // A live call has no time for a question about limits; it may spend the reserve.
    if (!isLive) await governor.refresh(operation, purpose);
    const isWrite = isWriteOperation(operation);
    const start = { name: `SOAP ${operation}`, kind: 'client', attributes: { 'patchbay.system': id } } as const;
    const send = (client: SoapClient) =>
      traced(deps.tracing, start, () => client.call(operation, args, isWrite ? hold : nobodysHold));
    try {
      governor.assertOpen(operation, purpose);
      const raw = await pool.run({
        ...(signal && { signal }),
        rank: isLive ? 'live' : purpose === 'background' ? 'background' : 'usual',
        isRead: !isWrite,
        // A user's turn comes later, amid the calls of others: it belongs to the trace of whoever asked.
        work: AsyncLocalStorage.bind((client: SoapClient) => governor.spend(operation, purpose, () => send(client))),
      });
      return parse(operation, isWrite, schema, raw);
    } catch (error) {
      const fault = faultOf(error);
      if (fault?.fault !== 'OperationsLimitExceeded') throw error;
      throw await governor.refused(operation, fault.members.operationType ?? '');
    }
  }

  async function askCounters(signal?: AbortSignal): Promise<CallCounters> {
    const raw = await pool.run({
      ...(signal && { signal }),
      isRead: true,
      work: (client) => client.call('getCallCountersState', {}),
    });
    return parse('getCallCountersState', false, CallCounters, raw);
  }

  function under(hold: Hold): Five9Api {
    const invoke: Five9Api['call'] = (...asked) => invokeUnder(hold, ...asked);
    return {
      call: invoke,
      versions: () => invoke('getApiVersions', {}, Versions),
      askEachUser: () => pool.askEach({ isRead: true, work: (client) => client.call('getCallCountersState', {}) }),
      async counters(signal) {
        const counters = await askCounters(signal);
        governor.learn(counters);
        return counters;
      },
      openAt: (operation, purpose = 'write') => governor.openAt(operation, purpose),
      quota: () => governor.lines(),
      quotaShare: governor.shareOf,
      contacts: (criteria, options) => {
        const pairs = Object.entries(criteria).map(([field, value]) => ({ field, value }));
        return invoke('getContactRecords', { lookupCriteria: { criteria: pairs } }, Contacts, options);
      },
      contactFields: () => invoke('getContactFields', {}, ContactFields),
      campaigns: () => invoke('getCampaigns', {}, Campaigns),
      dispositions: async () => (await invoke('getDispositions', {}, Named)).map(({ name }) => name),
      listsOfCampaign: async (campaignName) =>
        (await invoke('getListsForCampaign', { campaignName }, ListsOfCampaign)).map(({ listName }) => listName),
      checkDnc: (numbers) => invoke('checkDncForNumbers', { numbers }, Numbers),
      async addDnc(numbers) {
        await invoke('addNumbersToDnc', { numbers }, Anything);
      },
      async removeDnc(numbers) {
        await invoke('removeNumbersFromDnc', { numbers }, Anything);
      },
      deniedWhy: pool.deniedWhy,
      under,
      close: pool.close,
    };
  }

  return under(nobodysHold);
}

function parse<T>(operation: Operation, isWrite: boolean, schema: ZodType<T>, raw: unknown): T {
  const parsed = readAs(schema, raw);
  if (parsed.success) return parsed.data;
  throw new ConnectorError('dialer_odd', `Five9 answered ${operation} in a form that we do not understand`, {
    retryable: true,
    inDoubt: isWrite,
    hint: 'Check `soap.version`; the oldest version known to work is v9_5.',
  });
}
