import { instantOf } from '../domain/clock.ts';
import type { Deps } from './deps.ts';

/** How far a process has come with what is held. */
export interface HeldPlace {
  after: string;
  /** All were planned once by the present configuration. */
  isThrough: boolean;
}

/** Held opt-outs that are planned at each look. */
const mostOptOuts = 5000;

/** Where a process begins. */
export function startOfHeld(): HeldPlace {
  return { after: '', isThrough: false };
}

/**
 * Plans anew the calls whose time for it has come, and those with held write-backs: first all of them, as a start may bring
 * the mapping that they wait for; from then on a part at each look, round and round. Gives how many changed.
 *
 * @param callsAtOnce at each look, however many are held: the others come with the next (Default: 500)
 */
export async function replanHeld(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  place: HeldPlace,
  callsAtOnce = 500,
): Promise<number> {
  const now = instantOf(clock);
  let changed = await store.replan({ correlationIds: await store.plansToRenew(now), now });
  // An opt-out waits for no turn: the lead that tells its number may have come by now.
  const optOuts = await store.heldCalls({ after: '', limit: mostOptOuts, aspect: 'dnc' });
  if (optOuts.length > 0) changed += await store.replan({ correlationIds: optOuts, now });
  for (let isFirst = true; isFirst || (!place.isThrough && place.after !== ''); isFirst = false) {
    const ids = await store.heldCalls({ after: place.after, limit: callsAtOnce });
    changed += await store.replan({ correlationIds: ids, now });
    place.after = ids.length < callsAtOnce ? '' : (ids.at(-1) ?? '');
    place.isThrough ||= place.after === '';
  }
  return changed;
}
