import { instantOf } from '../domain/clock.ts';
import type { Deps } from './deps.ts';

const place = 'opt-outs:dialers';

/**
 * Plans every standing opt-out anew where the dialers with DNC lists are others than they were: one that came must hold them
 * all. Gives how many calls changed.
 */
export async function renewOptOuts({
  store,
  dialers,
  clock,
}: Pick<Deps, 'store' | 'dialers' | 'clock'>): Promise<number> {
  const listing = [...dialers].filter(([, { aspects }]) => aspects.includes('dnc')).map(([id]) => id);
  const present = listing.sort().join(' ');
  if ((await store.readCursor(place)) === present) return 0;
  const changed = await store.replan({ correlationIds: await store.optedOutCalls(), now: instantOf(clock) });
  await store.writeCursor(place, present);
  return changed;
}
