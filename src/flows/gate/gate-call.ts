import type { CallSighting, Route } from '../../domain/call.ts';
import type { Dialer } from '../../domain/dialer.ts';
import type { GateEvidence } from '../../domain/fact.ts';
import { gateOf } from '../../domain/gate.ts';
import type { Deps } from '../deps.ts';
import { passGate } from './pass-gate.ts';

export interface GatedCall {
  route: Route;
  /** A gate's reason code; empty when the AI gets the call. */
  reason: string;
  isSure: boolean;
  evidence: GateEvidence;
}

/** Whether the AI gets a call that asks for its route, by all that the campaign asks, within the budget. */
export async function gateCall(
  deps: Deps,
  dialer: Dialer,
  { leg, fields, isInbound }: CallSighting,
  { isLeadKnown, at, budgetMs }: { isLeadKnown: boolean; at: number; budgetMs: number },
): Promise<GatedCall> {
  const settings = gateOf(deps.settings.gate, dialer.settings, leg.campaign);
  const question = { phone: leg.phone, fields, isLeadKnown, isInbound: isInbound ?? false, at };
  const { reason, isSure, evidence } = await passGate(deps, settings, question, budgetMs);
  return { route: reason ? settings.routes[reason] : 'ai', reason, isSure, evidence };
}

/**
 * The same for a call that has been dialled and is only told of: not to wait for anybody, it is judged by the opt-outs in
 * memory alone.
 */
export function gateFromMemory(deps: Deps, dialer: Dialer, { leg, isInbound }: CallSighting): GatedCall {
  const evidence: GateEvidence = isInbound ? { direction: 'inbound' } : {};
  if (leg.phone === '' || !deps.memory.isOptedOut(leg.phone)) {
    return { route: 'ai', reason: '', isSure: !deps.gate.isAway(), evidence };
  }
  const { routes } = gateOf(deps.settings.gate, dialer.settings, leg.campaign);
  return { route: routes.opt_out, reason: 'opt_out', isSure: true, evidence: { ...evidence, opt_out: 'listed' } };
}
