import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Five9Config } from './config.ts';
import type { Five9Api } from './soap/api.ts';

/** One configured Five9 domain, as its parts share it. */
export interface Five9 {
  id: string;
  config: Five9Config;
  api: Five9Api;
  deps: Pick<ConnectorDeps, 'clock' | 'log' | 'ignoresIdempotency'>;
  memory: Five9Memory;
}

/** What only this process knows; all of it can be lost. */
export interface Five9Memory {
  /** Calls (correlation IDs) whose callback is on its way, since when (epoch ms): their disposition comes after it. */
  openCallbacks: Map<string, number>;
  /** When a callback in doubt was first seen (epoch ms), by write-back id. */
  doubts: Map<string, number>;
}
