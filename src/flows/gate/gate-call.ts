import type { CallSighting, Route } from '../../domain/call.ts';
import type { Dialer } from '../../domain/dialer.ts';
import type { GateEvidence } from '../../domain/fact.ts';
import { gateOf } from '../../domain/gate.ts';
import type { Deps } from '../deps.ts';
import { findCall } from '../find-call.ts';
import type { Slot } from './capacity.ts';
import { passGate } from './pass-gate.ts';

export interface GatedCall {
  route: Route;
  /** A gate's reason code; empty when the AI gets the call, unless it is paused and gets it all the same. */
  reason: string;
  isSure: boolean;
  evidence: GateEvidence;
  /** What it holds at its platform from now on. */
  slot?: Slot;
}

/** What is known of a call when its route is asked for. */
export interface AskedRoute {
  isLeadKnown: boolean;
  /** The AI was given the call before: it has a slot. */
  isWithAi: boolean;
  /** It was beyond the share of an AI that was unwell. */
  wasUnwell: boolean;
  /** When the call was begun, epoch ms. */
  at: number;
  budgetMs: number;
}

/** Whether the AI gets a call that asks for its route, by all that the campaign asks, within the budget. */
export async function gateCall(
  deps: Deps,
  dialer: Dialer,
  sighting: CallSighting,
  { isLeadKnown, isWithAi, wasUnwell, at, budgetMs }: AskedRoute,
): Promise<GatedCall> {
  const endsAt = performance.now() + budgetMs;
  const { leg, fields, isInbound } = sighting;
  const settings = gateOf(deps.settings.gate, dialer.settings, leg.campaign);
  const question = { phone: leg.phone, fields, isLeadKnown, isInbound: isInbound ?? false, at };
  const { reason, isSure, evidence } = await passGate(deps, settings, question, budgetMs);
  if (reason) return { route: settings.routes[reason], reason, isSure, evidence };
  const paused = pausedReason(deps, dialer, leg.campaign);
  const passed: GatedCall = { route: 'ai', reason: paused, isSure, evidence };
  if (isWithAi) return passed;
  if (paused && settings.routes.paused !== 'ai') return { ...passed, route: settings.routes.paused };
  // A script that asks again is told what it was told.
  if (wasUnwell || !deps.aiShare.admits(dialer.id, leg.campaign)) {
    const share = String(deps.aiShare.of(dialer.id, leg.campaign).percent);
    return {
      route: settings.routes.ai_unwell,
      reason: 'ai_unwell',
      isSure,
      evidence: { ...evidence, ai_share: share },
    };
  }

  const askedAt = performance.now();
  const leftMs = Math.max(leastAskMs, endsAt - askedAt);
  const waitMs = Math.min(settings.capacity.waitMs, leftMs);
  const slot = await deps.capacity.take(dialer, leg.campaign, { askMs: leftMs, waitMs });
  if (slot) return { ...passed, slot };
  if (await wasGivenToAi(deps, sighting)) return passed;
  const waited = String(Math.round(performance.now() - askedAt));
  return {
    ...{ route: settings.routes.no_capacity, reason: 'no_capacity', isSure },
    evidence: { ...evidence, waited_ms: waited },
  };
}

const leastAskMs = 20;
const lookMs = 100;

/** By another process: a script that asks again must not be told otherwise for want of room that its call has. */
async function wasGivenToAi(deps: Deps, { refs }: CallSighting): Promise<boolean> {
  const found = await findCall(deps, refs, lookMs);
  return found.kind === 'found' && found.call.route === 'ai' && !found.call.outcome;
}

/**
 * The same for a call that has been dialled and is only told of: not to wait for anybody, it is judged by the opt-outs in
 * memory alone. A pause does not end it: what comes of it is kept.
 */
export function gateFromMemory(deps: Deps, dialer: Dialer, { leg, isInbound }: CallSighting): GatedCall {
  const evidence: GateEvidence = isInbound ? { direction: 'inbound' } : {};
  if (leg.phone === '' || !deps.memory.isOptedOut(leg.phone)) {
    return { route: 'ai', reason: pausedReason(deps, dialer, leg.campaign), isSure: !deps.gate.isAway(), evidence };
  }
  const { routes } = gateOf(deps.settings.gate, dialer.settings, leg.campaign);
  return { route: routes.opt_out, reason: 'opt_out', isSure: true, evidence: { ...evidence, opt_out: 'listed' } };
}

function pausedReason({ controls }: Deps, { id }: Dialer, campaign: string): 'paused' | '' {
  return controls.now().pauseOfCalls(id, campaign) ? 'paused' : '';
}
