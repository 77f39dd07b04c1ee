import { underPauses } from '../domain/backlog-forecast.ts';
import type { Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { type Control, controlsOf } from '../domain/controls.ts';
import {
  type BacklogForecast,
  goneAfterSec,
  type LinkReport,
  type LinkState,
  linkState,
  type SeenProcess,
  sumLinks,
} from '../domain/link-report.ts';
import type { OptOutClock } from '../domain/opt-out-clock.ts';
import type { OpenWriteBacks } from '../store/reads/open-write-backs.ts';
import type { Deps } from './deps.ts';
import { forecastBacklogs } from './forecast-backlogs.ts';
import { needsAPerson, type WaitingKind } from './needs-a-person.ts';
import { ownLinks } from './own-links.ts';
import { lastSync, type SyncRun } from './run-sync.ts';
import { readOptOuts } from './watch-opt-outs.ts';

/** How the whole site does, at one glance. */
export interface SiteState {
  at: Instant;
  /** The store did not answer: what it would tell is empty, and links are as this process sees them. */
  isStoreAway: boolean;
  /** Whether the service runs: in this process, or in another that told of itself lately. */
  isServing: boolean;
  processes: readonly SeenProcess[];
  /** What people in charge have decided live. */
  controls: readonly Control[];
  links: readonly LinkNow[];
  open: readonly OpenWriteBacks[];
  backlog: readonly BacklogForecast[];
  /** Those that wait the longest first; not all when there are very many. */
  optOuts: readonly OptOutClock[];
  needs: readonly WaitingKind[];
  /** How the last sync of each dialer's leads went; those that had none are left out. */
  syncs: readonly (SyncRun & { dialer: string })[];
  /** Facts that wait on disks for the store. */
  spooled: number;
}

/** `unknown`: no process tells. */
export type LinkNow = LinkReport & { state: LinkState | 'unknown' };

/** A page that is looked at goes on without the store after so long. */
const storeWithinMs = 2500;
const mostOptOuts = 200;

/**
 * Gathers what processes told, what waits, and what needs a person. Never rejects for want of the store.
 *
 * @param withinMs how long the store may take (of the machine's time)
 */
export async function readSiteState(deps: Deps, withinMs: number = storeWithinMs): Promise<SiteState> {
  const kept = deps.gate.isAway() ? null : await inTime(withinMs, readKept(deps));
  const isOwn = deps.ownProcess.isServing();
  const own = ownLinks(deps);
  const living = (kept?.processes ?? []).filter(({ silentSec }) => silentSec < goneAfterSec);
  const others = living.filter(({ id }) => id !== deps.ownProcess.id);
  const isServing = isOwn || others.length > 0;
  // The order is that of the configuration, and what no process tells of is there too.
  const links = sumLinks([...own, ...others.flatMap((other) => other.links)]);
  const open = kept?.open ?? [];
  // While the store is away, what holds is what this process heard last.
  const controls = kept?.controls ?? deps.controls.now().all;
  // A command has no memory of limits: the service's own word is better, up to ten seconds old.
  const forecast = isOwn || !others[0] ? forecastBacklogs(deps, open, links) : others[0].backlog;
  return {
    at: instantOf(deps.clock),
    isStoreAway: kept === null,
    isServing,
    processes: kept?.processes ?? [],
    controls,
    links: links.map((link) => ({ ...link, state: isServing ? linkState(link) : 'unknown' })),
    open,
    backlog: underPauses(forecast, controlsOf(controls)),
    optOuts: kept?.optOuts ?? [],
    needs: kept?.needs ?? [],
    syncs: kept?.syncs ?? [],
    spooled: (isOwn ? deps.spool.size() : 0) + others.reduce((sum, { spooled }) => sum + spooled, 0),
  };
}

async function readKept(deps: Deps) {
  const [processes, controls, open, optOuts, needs, syncs] = await Promise.all([
    deps.store.processes(),
    deps.store.controls(),
    deps.store.countOpenWriteBacks(instantOf(deps.clock)),
    openOptOuts(deps),
    needsAPerson(deps),
    lastSyncs(deps),
  ]);
  return { processes, controls, open, optOuts, needs, syncs };
}

async function lastSyncs(deps: Deps): Promise<SiteState['syncs']> {
  const runs = await Promise.all(
    [...deps.dialers.keys()].map(async (dialer) => ({ dialer, run: await lastSync(deps, dialer) })),
  );
  return runs.flatMap(({ dialer, run }) => (run ? [{ ...run, dialer }] : []));
}

async function openOptOuts(deps: Deps): Promise<OptOutClock[]> {
  const calls = await deps.store.callsWithOpenOptOut({ dialers: [...deps.dialers.keys()], limit: mostOptOuts });
  if (calls.length === 0) return [];
  const clocks = await readOptOuts(deps, { calls, isOpen: true, limit: mostOptOuts });
  return clocks.sort((a, b) => (a.toldAt < b.toldAt ? -1 : 1));
}

/** Null when the store fails, or takes too long for somebody who looks. */
async function inTime<T>(withinMs: number, reading: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs);
  });
  return Promise.race([reading.catch(() => null), late]).finally(() => clearTimeout(timer));
}
