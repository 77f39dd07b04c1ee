import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Hold } from '../../src/domain/delivery.ts';
import type { Five9Config } from './config.ts';
import { importCallbackOf } from './import-route.ts';
import type { Five9Api } from './soap/api.ts';
import { createImportOperations, type ImportOperations } from './write/import-operations.ts';

/** One configured Five9 domain, as its parts share it. */
export interface Five9 {
  id: string;
  config: Five9Config;
  api: Five9Api;
  imports: ImportOperations;
  deps: Pick<
    ConnectorDeps,
    | 'backlog'
    | 'clock'
    | 'log'
    | 'hashNumber'
    | 'ignoresIdempotency'
    | 'isOptedOut'
    | 'describeCalls'
    | 'failAt'
    | 'recordFacts'
    | 'readCursor'
    | 'writeCursor'
    | 'withLease'
    | 'newId'
    | 'publicUrl'
    | 'takenBackAt'
    | 'inboundCallUrls'
  >;
  memory: Five9Memory;
}

/** The same domain for write-backs: what changes something is sent only while their claim is ours. */
export function five9Under(five9: Five9, hold: Hold): Five9 {
  const { id, config, deps } = five9;
  const api = five9.api.under(hold);
  return { ...five9, api, imports: createImportOperations(api, importCallbackOf(id, config, deps.publicUrl)) };
}

/** What only this process knows; all of it can be lost. */
export interface Five9Memory {
  /**
   * Until when (epoch ms) an import whose answer was lost may take effect, by the id of a write-back in doubt. It holds for
   * these attempts of the row: another process may have sent it since.
   */
  doubts: Map<string, { until: number; attempts: number }>;
  /** How many rows in doubt their next import holds, by write-back id. */
  doubtSizes: Map<string, number>;
  /** Imports under way, by the identifier that Five9 gave. */
  openImports: Map<string, OpenImport>;
  /** Until when (epoch ms) the list of callbacks counts as found, or not found, in a campaign. */
  callbackList: { isInCampaign: boolean; until: number } | null;
  /** A contact was seen to show a disposition as it was written: so Five9 shows what is imported. */
  showsDispositions: boolean;
  /** The minute (epoch ms) that rows whose look must wait get next, and how many of them have it. */
  turns: { at: number; taken: number };
  /** How many contacts were written by their number, for want of a value in the key field. */
  numberKeys: number;
}

export interface OpenImport {
  receipt: string;
  /** How often it was asked about while it ran. */
  looks: number;
  /** Five9 was asked to tell when it is through. */
  isTold: boolean;
}

export function emptyMemory(): Five9Memory {
  return {
    doubts: new Map(),
    doubtSizes: new Map(),
    openImports: new Map(),
    callbackList: null,
    showsDispositions: false,
    turns: { at: 0, taken: 0 },
    numberKeys: 0,
  };
}
