import type { OptOutClock } from '../domain/opt-out-clock.ts';
import type { OptOutPlace } from '../store/reads/latest-opt-outs.ts';
import type { Deps } from './deps.ts';
import { readOptOuts } from './watch-opt-outs.ts';

type ListDeps = Pick<Deps, 'store' | 'clock' | 'dialers' | 'settings'>;

/** To read so many takes some 15 ms of the thread that live calls are on. */
export const mostOpen = 300;

/**
 * Opt-outs that a dialer does not hold yet: those that are late come first, then those that nothing but a person can bring
 * there, then those that wait the longest. `isCut`: there are more than are looked at.
 */
export async function openOptOuts(deps: ListDeps): Promise<{ clocks: OptOutClock[]; isCut: boolean }> {
  const dialers = [...deps.dialers.keys()];
  const calls = await deps.store.callsWithOpenOptOut({ dialers, limit: mostOpen });
  const clocks = calls.length === 0 ? [] : await readOptOuts(deps, { calls, limit: mostOpen });
  const open = clocks.filter((clock) => clock.isOpen);
  const sinceOf = (clock: OptOutClock) => clock.dialers.map(({ openSince = '~' }) => openSince).sort()[0] ?? '~';
  const keyOf = (clock: OptOutClock) => `${urgencyOf(clock)} ${sinceOf(clock)}`;
  open.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { clocks: open, isCut: calls.length === mostOpen };
}

function urgencyOf({ isPastLegal, isOverdue, dialers }: OptOutClock): number {
  if (isPastLegal) return 0;
  if (isOverdue) return 1;
  return dialers.some(({ state }) => state === 'failed') ? 2 : 3;
}

/** One page of all opt-outs, the latest first. `next` asks for the page after it, and is safe in an address. */
export async function latestOptOuts(
  deps: ListDeps,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ clocks: OptOutClock[]; next: string | null }> {
  const told = await deps.store.latestOptOuts({ limit: limit + 1, ...(after && { after: placeIn(after) }) });
  const page = told.slice(0, limit);
  const last = told.length > limit ? page.at(-1) : undefined;
  const calls = [...new Set(page.map(({ correlationId }) => correlationId))];
  const clocks = calls.length === 0 ? [] : await readOptOuts(deps, { calls, limit });
  const order = new Map(calls.map((id, index) => [id, index]));
  clocks.sort((a, b) => (order.get(a.correlationId) ?? 0) - (order.get(b.correlationId) ?? 0));
  return { clocks, next: last ? `${last.toldAt}~${last.correlationId}` : null };
}

function placeIn(text: string): OptOutPlace {
  const [toldAt = '', correlationId = ''] = text.split('~');
  return { toldAt, correlationId };
}
