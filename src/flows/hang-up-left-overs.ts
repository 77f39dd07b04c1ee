import type { CallRef } from '../domain/call.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import type { Dialer, LiveCallControl } from '../domain/dialer.ts';
import type { StoredFact } from '../domain/fact.ts';
import { firstLegs } from '../domain/legs.ts';
import type { Deps } from './deps.ts';
import { resultOf } from './judge-call.ts';
import { isLegInShadow, type LiveLeg } from './live-leg.ts';
import { settingsOfCall } from './mapping-shelf.ts';
import { steerCall } from './steer-call.ts';

const budgetMs = 5000;

/**
 * Hangs up calls that a dialer still holds on an AI line although the platform has ended them: the customer would wait
 * in silence, and the line would get no other call. A call that people may have by now is left alone. Gives how many.
 */
export async function hangUpLeftOvers(
  deps: Deps,
  dialer: Dialer,
  control: LiveCallControl,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (const ref of await control.liveCalls()) {
    if (signal.aborted) break;
    if (await hangUpLeftOver(deps, dialer, control, ref)) count += 1;
  }
  if (count > 0) deps.log.warn({ dialer: dialer.id, count }, 'calls that the platform had ended were hung up');
  return count;
}

async function hangUpLeftOver(deps: Deps, dialer: Dialer, control: LiveCallControl, ref: CallRef): Promise<boolean> {
  const call = await deps.store.callByRef(ref);
  if (!call?.outcome || deps.settings.handOverOutcomes.includes(call.outcome.code)) return false;
  const facts = await deps.store.factsOf(call.correlationId);
  if (!isLongOver(facts, deps.clock.now() - control.hangUpLeftOverSec * 1000)) return false;
  const leg = firstLegs(facts).find((each) => each.dialer === dialer.id);
  // In shadow the dialer is left to itself, also where it forgets a customer.
  if (!leg || isLegInShadow(deps, facts, leg)) return false;

  const settings = await settingsOfCall(deps, dialer, call);
  const live: LiveLeg = { dialer, settings, leg, control, isShadow: false };
  const result = resultOf(live, call.outcome, call.outcome.code);
  if ((await control.look(leg, result)) !== 'here') return false;
  const refs = [correlationRef(call.correlationId)];
  const order = { refs, source: ourInstance, act: 'hang-up' as const, to: '', result, commit: '' };
  return (await steerCall(deps, live, order, budgetMs)).kind === 'done';
}

/** By the time at which we heard of the end: the platform's clock may be another. */
function isLongOver(facts: readonly StoredFact[], before: number): boolean {
  return facts.some(({ body, receivedAt }) => body.kind === 'ended' && Date.parse(receivedAt) <= before);
}
