import type { Leg } from '../../domain/call.ts';
import { callMarks } from '../../domain/call-marks.ts';
import type { StoredFact } from '../../domain/fact.ts';
import { firstLegs } from '../../domain/legs.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { CallRow } from '../tables.ts';

/** Nobody talks longer, whatever a platform says: what is more would not fit the column. */
const mostSeconds = 7 * 86_400;

export type ShapingFact = Pick<StoredFact, 'source' | 'key' | 'at' | 'receivedAt' | 'body'>;

/**
 * Fills the row of a call from its facts: the leg that came first, what its registration answered, the outcome, and the marks.
 * Pure; the facts come in an order of their own, not in that of their arrival.
 */
export function shapeCall(call: CallRow, facts: readonly ShapingFact[], outcome: Outcome | null): CallRow {
  const row = {
    ...call,
    ...{ outcome: outcome && JSON.stringify(outcome), outcome_code: codeOf(outcome) },
    ...marksOf(facts),
  };
  const leg = earliest(firstLegs(facts));
  if (!leg) return row;

  const told = facts.flatMap(({ receivedAt, body }) =>
    body.kind === 'registered' && body.leg.dialer === leg.dialer && body.leg.callKey === leg.callKey
      ? [{ receivedAt, body }]
      : [],
  );
  const [first] = told;
  if (!first) return row;
  // A script that was refused may ask again, and be let through: then the call is with the AI.
  const letThrough = told.find(({ body }) => body.via === 'register' && body.route === 'ai');
  const { route, reason } = (letThrough ?? first).body;
  return {
    ...row,
    dialer: leg.dialer,
    campaign: fitKey(leg.campaign),
    lead_key: fitKey(leg.leadKey),
    phone: fitKey(leg.phone, keyLengths.phone),
    route: fitKey(route, keyLengths.name),
    reason,
    registered_at: first.receivedAt,
    is_registered: 1,
    // With which it began, it goes on, whatever is told of it later.
    mapping: call.is_registered === 1 ? call.mapping : fitKey(first.body.mapping ?? '', keyLengths.name),
  };
}

export function codeOf(outcome: Outcome | null): string {
  return fitKey(outcome?.code ?? '', keyLengths.name);
}

/** See `CallMarks`. */
export function marksOf(facts: readonly ShapingFact[]): Pick<CallRow, MarkColumn> {
  const { agent, agentVersion, person, talkSec, firstWordMs, isTransferred } = callMarks(facts);
  return {
    agent: fitKey(agent, keyLengths.name),
    agent_version: fitKey(agentVersion, keyLengths.name),
    person: fitKey(person, keyLengths.name),
    talk_sec: Math.min(Math.round(talkSec), mostSeconds),
    first_word_ms: firstWordMs,
    is_transferred: isTransferred ? 1 : 0,
  };
}

type MarkColumn = 'agent' | 'agent_version' | 'person' | 'talk_sec' | 'first_word_ms' | 'is_transferred';

function earliest(legs: readonly Leg[]): Leg | undefined {
  let first: Leg | undefined;
  for (const leg of legs) if (!first || leg.calledAt < first.calledAt) first = leg;
  return first;
}
