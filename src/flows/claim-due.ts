import { instantOf } from '../domain/clock.ts';
import type { ControlScope, Controls } from '../domain/controls.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Aspect } from '../domain/write-back.ts';
import type { DuePlace } from '../store/operations/claim-between-pauses.ts';
import type { ClaimedWriteBack } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';
import { claimMsOf } from './while-held.ts';

/** How far a search for rows between paused ones has come. */
export interface Search {
  /** By what it goes: others begin it anew. */
  controls: Controls;
  /** Null before the first page. */
  place: DuePlace | null;
  isThrough: boolean;
  sinceBegun: Stopwatch;
  /** How long the store took until it was through. */
  tookMs: number;
}

export interface ClaimedRows {
  rows: ClaimedWriteBack[];
  /** Since before the store was asked: its answer may be on its way for long. */
  sinceClaim: Stopwatch;
}

/** What became due before the place that a search has come to is found by the next one: never sooner than that. */
const leastRestMs = 2000;
/** Looking through what is paused takes at most one part in so many of the time. */
const restFactor = 50;

/**
 * Claims what is due of these aspects. Where something of the dialer is paused, what is free is looked for page by page, and
 * on from there the next time: many rows of a paused campaign do not make each claim of the others slow
 * (docs/decisions/0046-a-pause-is-asked-for-in-the-claim.md).
 */
export async function claimDue(
  deps: Deps,
  dialer: Dialer,
  state: { search?: Search | undefined },
  open: readonly Aspect[],
): Promise<ClaimedRows> {
  // The claim itself asks for pauses; who is only read, in shadow, is known here alone.
  if (!deps.controls.isKnown()) await deps.controls.look();
  if (!deps.controls.isKnown()) return { rows: [], sinceClaim: startStopwatch() };
  const controls = deps.controls.now();
  const pauses = controls.pausesOn(dialer.id);
  if (pauses.length === 0) {
    state.search = undefined;
    const sinceClaim = startStopwatch();
    return { rows: await deps.store.claimWriteBacks(inputOf(deps, dialer, open)), sinceClaim };
  }
  if (open.every((aspect) => pauses.some(({ scope }) => isOfAllCampaigns(scope, aspect)))) {
    return { rows: [], sinceClaim: startStopwatch() };
  }
  const search = searchOf(state.search, controls);
  state.search = search;
  for (;;) {
    const sinceClaim = startStopwatch();
    const page = await deps.store.claimBetweenPauses({
      ...inputOf(deps, dialer, open),
      ...(search.place && { after: search.place }),
    });
    // A look behind its end, for what is new, is none of the search.
    if (!search.isThrough) search.tookMs += sinceClaim();
    search.place = page.place ?? search.place;
    search.isThrough ||= page.isThrough;
    if (page.rows.length > 0 || page.isThrough) return { rows: page.rows, sinceClaim };
  }
}

function isOfAllCampaigns(scope: ControlScope, aspect: Aspect): boolean {
  return scope.campaign === '' && (scope.aspect === '' || scope.aspect === aspect);
}

function searchOf(search: Search | undefined, controls: Controls): Search {
  const isStale =
    !search ||
    search.controls !== controls ||
    (search.isThrough && search.sinceBegun() > Math.max(leastRestMs, search.tookMs * restFactor));
  if (!isStale) return search;
  return { controls, place: null, isThrough: false, sinceBegun: startStopwatch(), tookMs: 0 };
}

function inputOf(deps: Deps, dialer: Dialer, open: readonly Aspect[]) {
  return {
    dialer: dialer.id,
    limit: dialer.batchSize,
    leaseMs: claimMsOf(deps, dialer),
    now: instantOf(deps.clock),
    ...(open.length < dialer.aspects.length && { aspects: open }),
  };
}
