import type { Deps } from './flows/deps.ts';
import { needsAPerson } from './flows/needs-a-person.ts';
import { lastReconciledAt } from './flows/reconcile.ts';
import { lastSync } from './flows/run-sync.ts';
import { countOptOuts } from './flows/watch-opt-outs.ts';
import type { GaugeSources } from './http/metrics/gauges.ts';
import type { MetricSources } from './http/metrics.ts';

type OwnParts = 'isDraining' | 'livePages' | 'logLines' | 'tlsExpiresAt' | 'turnedAway';

export interface MetricParts extends Pick<GaugeSources, OwnParts> {
  /** The service's own, once it is put together. */
  own(): Deps;
}

/** Of the machine's time: whoever asks for metrics does not wait for a store that hangs. */
const storeWithinMs = 1500;

/** Where the metrics of the whole service come from. */
export function metricSources({ own, ...parts }: MetricParts): MetricSources {
  /** Nothing while the store is away, fails, or takes too long. */
  async function stored<T>(read: (deps: Deps) => Promise<T>): Promise<T | undefined> {
    const deps = own();
    if (deps.gate.isAway()) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), storeWithinMs);
    });
    return Promise.race([read(deps).catch(() => undefined), late]).finally(() => clearTimeout(timer));
  }

  return {
    ...parts,
    get version() {
      return own().ownProcess.version;
    },
    instances: () => [...own().dialers.values(), ...own().platforms.values()],
    breakers: () =>
      [...own().dialers.keys()].map((id) => ({ dialer: id, isOpen: own().ownProcess.breakerOf(id) !== 'closed' })),
    spooled: () => own().spool.size(),
    isStoreAway: () => own().gate.isAway(),
    leases: () => own().heldLeases,
    openWriteBacks: () => stored(openWriteBacks),
    optOuts: () => stored(countOptOuts),
    attention: () => stored(needsAPerson),
    syncs: () => stored(readSyncs),
    reconciledAt: () => stored(lastReconciledAt),
  };
}

async function openWriteBacks({ store, clock }: Deps) {
  const now = clock.now();
  const rows = await store.countOpenWriteBacks(new Date(now).toISOString());
  return rows.map(({ due, oldestDueAt, ...row }) => ({
    ...row,
    overdueSec: due > 0 ? Math.max(0, now - Date.parse(oldestDueAt)) / 1000 : 0,
  }));
}

async function readSyncs(deps: Deps) {
  const readers = [...deps.dialers.values()].filter(({ readLeads }) => readLeads);
  const runs = await Promise.all(readers.map(async ({ id }) => ({ dialer: id, run: await lastSync(deps, id) })));
  return runs.flatMap(({ dialer, run }) => {
    if (!run) return [];
    return { dialer, succeededAt: run.succeededAt ? Date.parse(run.succeededAt) : null, isFailed: run.error !== '' };
  });
}
