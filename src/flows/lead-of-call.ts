import type { Leg } from '../domain/call.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { Lead } from '../domain/lead.ts';
import type { Deps } from './deps.ts';
import { completeSighting } from './find-lead.ts';
import { knowCall } from './live-leg.ts';
import type { NamedCall } from './name-call.ts';

export interface LeadOfCall {
  facts: readonly StoredFact[];
  /** The leg that the AI has, and the lead that it is about, as far as it is known; null when no dialer told of a leg. */
  leg: Leg | null;
  lead: Lead | null;
}

/**
 * Whom a call is about: what came along when it was registered, completed by our lead, else by the dialer's.
 *
 * @param storeMs for the call's facts, and @param lookMs for the lead
 */
export async function leadOfCall(deps: Deps, named: NamedCall, storeMs: number, lookMs: number): Promise<LeadOfCall> {
  const { facts, live } = await knowCall(deps, named, storeMs);
  if (!live) return { facts, leg: null, lead: null };
  const told: Record<string, string> = {};
  for (const { body } of facts) if (body.kind === 'registered') Object.assign(told, body.fields);
  const seen = { refs: named.refs, leg: live.leg, fields: told };
  const { leg, fields } = (await completeSighting(deps, live.dialer, seen, lookMs)).sighting;
  const { dialer, leadKey: key, list, campaign, phone, calledAt: changedAt } = leg;
  return { facts, leg, lead: { dialer, key, list, campaign, phones: phone ? [phone] : [], fields, changedAt } };
}
