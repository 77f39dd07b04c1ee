import type { CallQuestion, GateAnswer } from '../../domain/connector.ts';
import { gateOf } from '../../domain/gate.ts';
import type { Deps } from '../deps.ts';
import { passGate } from './pass-gate.ts';

const storeMs = 2000;

/**
 * Whether a customer may be called now: asked before a call is placed. Nobody is on the line yet, so nothing is taken for
 * granted: without the store there is no call, and none while all write-backs of its campaign are paused. Never rejects.
 */
export async function mayCall(deps: Deps, question: CallQuestion): Promise<GateAnswer> {
  const { dialer, campaign, phone, fields } = question;
  if ((await deps.controls.fresh()).pauseOfCalls(dialer, campaign)) {
    deps.count.gated(dialer, 'paused');
    return { isAllowed: false, reason: 'paused', evidence: {} };
  }
  const at = question.at ? Date.parse(question.at) : deps.clock.now();
  const settings = gateOf(deps.settings.gate, deps.dialers.get(dialer)?.settings, campaign);
  const asked = { phone, fields, isLeadKnown: true, isInbound: false, at };
  const { reason, evidence } = await passGate(deps, settings, asked, storeMs + (deps.scrub?.timeoutMs ?? 0));
  const isStoreAway = !reason && evidence.opt_out === 'unknown';
  const why = isStoreAway ? 'store_away' : reason;
  deps.count.gated(dialer, why);
  return { isAllowed: why === '', reason: why, evidence };
}
