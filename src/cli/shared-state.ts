import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { ConnectorDeps, Log } from '../domain/connector.ts';
import { nobodysLease } from '../domain/lease.ts';
import { lookAtStore } from '../store/look-at-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { withLease } from '../workers/lease.ts';

/** What instances of a command share with a service that may run beside it: leases and small values. */
export interface SharedState {
  depsOf(id: string): Pick<ConnectorDeps, 'withLease' | 'readCursor' | 'writeCursor'>;
  close(): Promise<void>;
}

/**
 * By the store, when it is there and its tables are up to date: then a lease keeps the command out of the service's way.
 * Without it nobody is there to be in the way of, and small values are kept in memory. The store is opened when it is asked
 * for first, and never changed but for what the connectors keep there.
 */
export function createSharedState(config: Pick<PatchbayConfig, 'store'>, log: Logger): SharedState {
  let opening: Promise<Store | null> | undefined;

  async function open(): Promise<Store | null> {
    if ((await lookAtStore(config.store)).kind !== 'ready') return null;
    return openStore({
      config: config.store,
      // No fact is recorded here, so no write-back is planned.
      rules: { dialers: {}, technicalEndWaitSec: 0, humanWaitSec: 0, handOverOutcomes: [], sharedNumberLeads: 1 },
      migrate: false,
      newId: randomUUID,
      ignoresIdempotency: false,
      onWarning: (message, fields) => log.warn(fields, message),
    }).catch(() => null);
  }
  return {
    depsOf: stateBy(() => {
      opening ??= open();
      return opening;
    }, log),
    async close() {
      await (await opening)?.close();
    },
  };
}

/** The same by a store that is open already, and stays so. @param store null while it is away */
export function stateOfStore(store: () => Store | null, log: Log): SharedState {
  return { depsOf: stateBy(async () => store(), log), async close() {} };
}

function stateBy(store: () => Promise<Store | null>, log: Log): SharedState['depsOf'] {
  const values = new Map<string, string>();
  return (id) => ({
    async withLease(name, work) {
      const held = await store();
      if (!held) return work(new AbortController().signal, nobodysLease);
      return withLease({ store: held, newId: randomUUID, log }, name, work);
    },
    async readCursor(name) {
      const key = `${id}:${name}`;
      return (await store())?.readCursor(key) ?? values.get(key) ?? '';
    },
    async writeCursor(name, value, under) {
      const key = `${id}:${name}`;
      const held = await store();
      if (held) await held.writeCursor(key, value, under);
      else values.set(key, value);
    },
  });
}
