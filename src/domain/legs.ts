import type { Leg } from './call.ts';
import type { StoredFact } from './fact.ts';

type LegFact = Pick<StoredFact, 'at' | 'body'>;

/**
 * One leg per dialer, the earliest: that is the one that the AI had; a later one on the same dialer belongs to humans.
 * What several facts say of one leg is put together, the earliest word first.
 */
export function firstLegs(facts: readonly LegFact[]): Leg[] {
  const legs = new Map<string, Leg>();
  for (const leg of mergedLegs(facts)) {
    const known = legs.get(leg.dialer);
    if (!known || isEarlier(leg, known)) legs.set(leg.dialer, leg);
  }
  return [...legs.values()].sort((a, b) => (a.dialer < b.dialer ? -1 : 1));
}

function mergedLegs(facts: readonly LegFact[]): Iterable<Leg> {
  const told = facts.flatMap(({ at, body }) => (body.kind === 'registered' ? [{ at, leg: body.leg }] : []));
  told.sort((a, b) => compare(a.at, b.at) || compare(JSON.stringify(a.leg), JSON.stringify(b.leg)));
  const legs = new Map<string, Leg>();
  for (const { leg } of told) {
    const key = `${leg.dialer} ${leg.callKey}`;
    const known = legs.get(key);
    legs.set(key, known ? mergeLegs(known, leg) : leg);
  }
  return legs.values();
}

function mergeLegs(first: Leg, second: Leg): Leg {
  return {
    dialer: first.dialer,
    callKey: first.callKey,
    campaign: first.campaign || second.campaign,
    list: first.list || second.list,
    leadKey: first.leadKey || second.leadKey,
    number: first.number || second.number,
    phone: first.phone || second.phone,
    agent: first.agent || second.agent,
    calledAt: [first.calledAt, second.calledAt].sort()[0] ?? '',
  };
}

function isEarlier(candidate: Leg, known: Leg): boolean {
  return (compare(candidate.calledAt, known.calledAt) || compare(candidate.callKey, known.callKey)) < 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
