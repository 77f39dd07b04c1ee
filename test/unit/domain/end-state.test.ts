import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanRules } from '../../../src/domain/plan-write-backs.ts';
import { changesOfMind, handOvers, history, mendedRules } from './cast.ts';
import { wantedBy, wordOf } from './spec.ts';
import { answers, happenings, playCall, type Step, silence } from './told-world.ts';

/** PATCHBAY_HISTORIES=100000 for many. (Default: 2000) */
const histories = Number(process.env.PATCHBAY_HISTORIES ?? 2000);

const pick = fc.nat(60);
const step = (does: fc.Arbitrary<Step['does']>) => fc.record({ does, pick });
const claim = step(fc.constant('claim'));
const inTurn = fc.record({ does: fc.constant('learn' as const), pick: fc.constant(0) });
const deliver = fc.tuple(claim, step(fc.constantFrom(...answers)));
/** Facts come, and rows go out, in any interleaving; mostly a claim is answered before the next thing happens. */
const script: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(step(fc.constant('learn'))) },
      { weight: 3, arbitrary: fc.tuple(inTurn) },
      { weight: 6, arbitrary: deliver },
      { weight: 3, arbitrary: fc.tuple(claim, step(fc.constant('done'))) },
      { weight: 1, arbitrary: fc.tuple(claim) },
      { weight: 3, arbitrary: fc.tuple(step(fc.constantFrom(...answers, ...happenings))) },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((parts) => parts.flat());

/** At first the operator has forgotten some outcomes: their dispositions are held. */
function unmended(rules: PlanRules): PlanRules {
  const dialers = Object.entries(rules.dialers).map(([id, dialer]) => {
    const campaigns = Object.entries(dialer.campaigns).map(([name, campaign]) => {
      const { unknown: _, not_interested: __, ...dispositions } = campaign.dispositions;
      return [name, { ...campaign, dispositions }] as const;
    });
    return [id, { ...dialer, campaigns: Object.fromEntries(campaigns) }] as const;
  });
  return { ...rules, dialers: Object.fromEntries(dialers) };
}

describe('the set of facts', () => {
  it('decides what the dialers hold in the end: not its order, its repetition, nor what was delivered in between', {
    timeout: 60_000 + histories * 20,
  }, () => {
    fc.assert(
      fc.property(fc.oneof(history, changesOfMind, handOvers), script, fc.boolean(), (facts, script, hasMirror) => {
        const mended = mendedRules(hasMirror);
        const before = unmended(mended);
        const all = wordOf(facts) ? facts : [...facts, silence];

        const { held, doubles } = playCall(facts, script, { before, mended });

        expect(held).toEqual(wantedBy(all, mended));
        expect(doubles).toEqual([]);
      }),
      { numRuns: histories },
    );
  });
});
