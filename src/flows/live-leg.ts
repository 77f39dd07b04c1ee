import type { Leg } from '../domain/call.ts';
import type { Dialer, LiveCallControl } from '../domain/dialer.ts';
import type { StoredFact } from '../domain/fact.ts';
import { firstLegs } from '../domain/legs.ts';
import type { DialerSettings } from '../domain/settings.ts';
import { isShadowAt, shadowOf } from '../domain/shadow.ts';
import type { Deps } from './deps.ts';
import { settingsOfCall } from './mapping-shelf.ts';
import type { NamedCall } from './name-call.ts';
import { shadowPlacesOf } from './stages.ts';

export interface LiveLeg {
  dialer: Dialer;
  leg: Leg;
  /** The dialer's settings, with the mapping that the call began with. */
  settings: DialerSettings;
  /** Null when the dialer's own script takes the call back as soon as the AI ends its leg, or the dialer has no call. */
  control: LiveCallControl | null;
  /** The call runs in shadow there: no order is sent. */
  isShadow: boolean;
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

  const found: LiveLeg[] = [];
  for (const leg of legs) {
    const dialer = deps.dialers.get(leg.dialer);
    if (!dialer) continue;
    const settings = await settingsOfCall(deps, dialer, call);
    const whole = completed(leg, call);
    const isShadow = isLegInShadow(deps, facts, whole);
    found.push({ dialer, settings, leg: whole, control: (leg.callKey && dialer.control) || null, isShadow });
  }
  return { facts, live: found.find(({ control }) => control) ?? found[0] ?? null };
}

/** As the call's registration has it; while nobody can read that, as it would be registered now. */
export function isLegInShadow(deps: Deps, facts: readonly StoredFact[], leg: Leg): boolean {
  const isTold = facts.some(({ body }) => body.kind === 'registered');
  return isShadowAt(isTold ? shadowOf(facts) : shadowPlacesOf(deps, leg), leg.dialer);
}

function completed(leg: Leg, call: NamedCall['call']): Leg {
  if (!call || call.dialer !== leg.dialer) return leg;
  return { ...leg, campaign: leg.campaign || call.campaign, leadKey: leg.leadKey || call.leadKey };
}
