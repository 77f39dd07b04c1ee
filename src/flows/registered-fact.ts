import { hash } from 'node:crypto';
import type { CallRef, CallSighting, Route } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { CallEvidence, Fact, GateEvidence, HeaderNames, RegisteredVia } from '../domain/fact.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { Deps } from './deps.ts';
import { completeSighting } from './find-lead.ts';
import { type StageDeps, shadowPlacesOf } from './stages.ts';

const lookUpMs = 500;

/**
 * The fact that a dialer's leg of a call became known. The same words told twice are one fact; a poorer and a richer
 * telling are two, and are put together when the call is planned.
 *
 * @param refs every name of the call, strongest first (Default: those of the sighting)
 */
export function registeredFact(
  deps: Pick<Deps, 'clock' | 'mapping'> & StageDeps,
  sighting: CallSighting,
  via: RegisteredVia,
  gate: { route: Route; reason: string; evidence?: GateEvidence; headers?: HeaderNames },
  refs: readonly CallRef[] = sighting.refs,
): Fact {
  const { leg } = sighting;
  // A call that is refused once and let through later is told twice: both decisions stay with it.
  const decision = gate.reason ? [gate.route, gate.reason] : [];
  // So is one that got fewer headers the first time: what the AI saw is what it was given last.
  const { empty = [], dropped = [] } = gate.headers ?? {};
  const lacking = empty.length + dropped.length > 0 ? [empty, dropped] : [];
  const told = [leg.campaign, leg.list, leg.leadKey, leg.number, leg.phone, leg.agent, ...decision, ...lacking];
  const words = JSON.stringify(told);
  const digest = hash('sha256', words).slice(0, 8);
  const shadow = deps.controls.isKnown() ? shadowPlacesOf(deps, leg) : null;
  return {
    refs,
    source: leg.dialer,
    key: `registered:${via}:${leg.callKey}:${digest}`,
    at: instantOf(deps.clock),
    body: {
      kind: 'registered',
      leg,
      via,
      route: gate.route,
      reason: gate.reason,
      fields: { ...sighting.fields },
      ...(gate.evidence && Object.keys(gate.evidence).length > 0 && { gate: gate.evidence }),
      ...(gate.headers && { headers: gate.headers }),
      ...(shadow ? shadow.length > 0 && { shadow } : { stage: 'unknown' as const }),
      ...evidenceOf(deps, sighting),
      ...(deps.mapping.version && { mapping: deps.mapping.version }),
    },
  };
}

/** What its campaign says today of for whom and what it calls: it may say otherwise tomorrow. */
function evidenceOf(
  { dialers }: Pick<Deps, 'dialers'>,
  { leg, fields }: CallSighting,
): { evidence: CallEvidence } | undefined {
  const dialer = dialers.get(leg.dialer);
  const told = dialer && campaignSettings(dialer.settings, leg.campaign).evidence;
  if (!told) return undefined;
  const { consentField, ...evidence } = told;
  return { evidence: { ...evidence, consentSource: fields[consentField] ?? '' } };
}

/**
 * The same for a call whose header came back in a tool call or a webhook: its own registration may never have reached
 * us. What the header lacks is looked up, so that the call can be written back.
 */
export async function registeredFromHeader(
  deps: Deps,
  sighting: CallSighting,
  via: 'tool' | 'event',
  refs: readonly CallRef[],
): Promise<Fact> {
  const dialer = deps.dialers.get(sighting.leg.dialer);
  const found = dialer ? await completeSighting(deps, dialer, sighting, lookUpMs) : { sighting };
  const kept = { ...found.sighting, fields: sighting.fields };
  return registeredFact(deps, kept, via, { route: 'ai', reason: '' }, refs);
}
