import { hash } from 'node:crypto';
import type { CallRef, CallSighting, Route } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { Fact, RegisteredVia } from '../domain/fact.ts';
import type { Deps } from './deps.ts';
import { completeSighting } from './find-lead.ts';

const lookUpMs = 500;

/**
 * The fact that a dialer's leg of a call became known. The same words told twice are one fact; a poorer and a richer
 * telling are two, and are put together when the call is planned.
 *
 * @param refs every name of the call, strongest first (Default: those of the sighting)
 */
export function registeredFact(
  deps: Pick<Deps, 'clock'>,
  sighting: CallSighting,
  via: RegisteredVia,
  gate: { route: Route; reason: string },
  refs: readonly CallRef[] = sighting.refs,
): Fact {
  const { leg } = sighting;
  const words = JSON.stringify([leg.campaign, leg.list, leg.leadKey, leg.number, leg.phone, leg.agent]);
  const digest = hash('sha256', words).slice(0, 8);
  return {
    refs,
    source: leg.dialer,
    key: `registered:${via}:${leg.callKey}:${digest}`,
    at: instantOf(deps.clock),
    body: { kind: 'registered', leg, via, route: gate.route, reason: gate.reason, fields: { ...sighting.fields } },
  };
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
