import type { Leg } from '../domain/call.ts';
import type { Dialer, LiveCallControl } from '../domain/dialer.ts';
import type { StoredFact } from '../domain/fact.ts';
import { firstLegs } from '../domain/legs.ts';
import type { Deps } from './deps.ts';
import type { NamedCall } from './name-call.ts';

export interface LiveLeg {
  dialer: Dialer;
  leg: Leg;
  /** Null when the dialer's own script takes the call back as soon as the AI ends its leg, or the dialer has no call. */
  control: LiveCallControl | null;
}

export interface KnownCall {
  /** Empty while the store is away. */
  facts: readonly StoredFact[];
  /** The leg to act on; null when no dialer has told of one. */
  live: LiveLeg | null;
}

/** The leg that the AI has, from the call's facts; from memory while the store is away. */
export async function knowCall(deps: Deps, { call, sighting }: NamedCall, budgetMs: number): Promise<KnownCall> {
  const answer = call && (await deps.gate.read(budgetMs, () => deps.store.factsOf(call.correlationId)));
  const facts = answer?.kind === 'answer' ? answer.value : [];
  const legs = firstLegs(facts);
  if (sighting && !legs.some((leg) => leg.dialer === sighting.leg.dialer)) legs.push(sighting.leg);
  const remembered = call && deps.memory.leg(call.correlationId);
  if (legs.length === 0 && remembered) legs.push(remembered);

  const found = legs.flatMap((leg): LiveLeg[] => {
    const dialer = deps.dialers.get(leg.dialer);
    return dialer ? [{ dialer, leg: completed(leg, call), control: (leg.callKey && dialer.control) || null }] : [];
  });
  return { facts, live: found.find(({ control }) => control) ?? found[0] ?? null };
}

function completed(leg: Leg, call: NamedCall['call']): Leg {
  if (!call || call.dialer !== leg.dialer) return leg;
  return { ...leg, campaign: leg.campaign || call.campaign, leadKey: leg.leadKey || call.leadKey };
}
