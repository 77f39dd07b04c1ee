import type { ControlScope } from './domain/controls.ts';
import { readAiHealth } from './flows/autopilot/ai-health-measures.ts';
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
  /** Nothing while the store is away or fails. */
  function stored<T>(read: (deps: Deps) => Promise<T>): () => Promise<T | undefined> {
    const ask = readInTime(() => read(own()), storeWithinMs);
    return async () => (own().gate.isAway() ? undefined : await ask());
  }

  return {
    ...parts,
    get version() {
      return own().ownProcess.version;
    },
    configVersion: () => own().ownProcess.configuration().version,
    instances: () => [...own().dialers.values(), ...own().platforms.values()],
    breakers: () =>
      [...own().dialers.keys()].map((id) => ({ dialer: id, isOpen: own().ownProcess.breakerOf(id) !== 'closed' })),
    pauses: () =>
      own()
        .controls.now()
        .all.flatMap(({ kind, scope }) => (kind === 'pause' ? { scope: widthOf(scope), dialer: scope.dialer } : [])),
    aiShares: () =>
      [...own().dialers.keys()].map((dialer) => ({ dialer, percent: own().aiShare.of(dialer, '').percent })),
    spooled: () => own().spool.size(),
    unkept: () => own().registrations.size(),
    isStoreAway: () => own().gate.isAway(),
    leases: () => own().heldLeases,
    openWriteBacks: stored(openWriteBacks),
    optOuts: stored(countOptOuts),
    attention: stored(needsAPerson),
    aiHealth: stored(readAiHealth),
    syncs: stored(readSyncs),
    loads: stored(({ capacity }) => capacity.loads()),
    reconciledAt: stored(lastReconciledAt),
  };
}

/** Without a name: `everywhere`, `dialer`, `campaign`, or `aspect` where it is of one only. */
function widthOf({ dialer, campaign, aspect }: ControlScope): string {
  if (aspect) return 'aspect';
  return campaign ? 'campaign' : dialer ? 'dialer' : 'everywhere';
}

/**
 * Asks once at a time, however many ask for metrics. Whoever asks waits so long at most, and is then told what was read
 * last: an answer that takes longer counts for the next one who asks.
 */
export function readInTime<T>(read: () => Promise<T>, withinMs: number): () => Promise<T | undefined> {
  let last: T | undefined;
  let running: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      last = await read();
    } catch {
      last = undefined;
    }
  }

  return async () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([running, late]).finally(() => clearTimeout(timer));
    return last;
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
