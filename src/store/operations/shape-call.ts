import type { Leg } from '../../domain/call.ts';
import type { StoredFact } from '../../domain/fact.ts';
import { firstLegs } from '../../domain/legs.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { CallRow } from '../tables.ts';

export type ShapingFact = Pick<StoredFact, 'at' | 'receivedAt' | 'body'>;

/**
 * Fills the row of a call from its facts: the leg that came first, what its registration answered, and the outcome. Pure;
 * the facts come in an order of their own, not in that of their arrival.
 */
export function shapeCall(call: CallRow, facts: readonly ShapingFact[], outcome: Outcome | null): CallRow {
  const row = { ...call, outcome: outcome && JSON.stringify(outcome) };
  const leg = earliest(firstLegs(facts));
  if (!leg) return row;

  for (const { receivedAt, body } of facts) {
    if (body.kind !== 'registered' || body.leg.dialer !== leg.dialer || body.leg.callKey !== leg.callKey) continue;
    return {
      ...row,
      dialer: leg.dialer,
      campaign: fitKey(leg.campaign),
      lead_key: fitKey(leg.leadKey),
      phone: fitKey(leg.phone, keyLengths.phone),
      route: fitKey(body.route, keyLengths.name),
      reason: body.reason,
      registered_at: receivedAt,
      is_registered: 1,
    };
  }
  return row;
}

function earliest(legs: readonly Leg[]): Leg | undefined {
  let first: Leg | undefined;
  for (const leg of legs) if (!first || leg.calledAt < first.calledAt) first = leg;
  return first;
}
