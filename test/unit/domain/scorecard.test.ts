import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallCount, firstWordSteps } from '../../../src/domain/call-marks.ts';
import { firstWordTimes, stepWords } from '../../../src/domain/first-word-steps.ts';
import { outcomeCodes } from '../../../src/domain/outcome-codes.ts';
import { builtInNoContact, builtInQualified, groupOf } from '../../../src/domain/outcome-groups.ts';
import { makeScorecard, type ScoreRules } from '../../../src/domain/scorecard.ts';
import { shareOf, shareWords } from '../../../src/domain/shares.ts';

const noCosts: ScoreRules = {
  qualified: builtInQualified,
  noContact: builtInNoContact,
  costs: { currency: 'USD', perMinute: 0, perCall: 0 },
};
const withCosts: ScoreRules = { ...noCosts, costs: { currency: 'USD', perMinute: 0.3, perCall: 0.05 } };
const noWords = [...firstWordSteps.map(() => 0), 0];

function counted(outcome: string, calls: number, more: Partial<CallCount> = {}): CallCount {
  const name = { hour: '', dialer: 'carousel', campaign: 'Autumn', agent: 'agent-ada', agentVersion: 'v1' };
  return { ...name, outcome, calls, transferred: 0, talkSec: 0, firstWords: noWords, ...more };
}

describe('an outcome', () => {
  it('of each kind that ships has its group', () => {
    const groups = Object.groupBy(outcomeCodes, (code) => groupOf(code, noCosts));

    expect(groups).toEqual({
      qualified: ['sale', 'qualified', 'transferred'],
      contact: ['opt_out', 'not_qualified', 'callback', 'not_interested', 'wrong_number', 'language'],
      'no-contact': ['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown'],
    });
  });

  it('of a site is a contact until the site says otherwise', () => {
    expect(groupOf('fax', noCosts)).toBe('contact');
    expect(groupOf('fax', { ...noCosts, noContact: ['fax'] })).toBe('no-contact');
    expect(groupOf('appointment', { ...noCosts, qualified: ['appointment'] })).toBe('qualified');
    expect(groupOf('', noCosts)).toBe('open');
  });
});

describe('the scorecard', () => {
  const autumn = [
    counted('qualified', 10, { talkSec: 1200, transferred: 4 }),
    counted('not_interested', 28, { talkSec: 600 }),
    counted('opt_out', 2),
    counted('no_answer', 40),
    counted('', 20),
  ];

  it('counts contacts of the calls that have an outcome, and the qualified of the contacts', () => {
    const [line] = makeScorecard(autumn, [], noCosts).lines;

    expect(line).toMatchObject({ calls: 100, open: 20, contacts: 40, qualified: 10, transfers: 4, optOuts: 2 });
    expect(line?.contactShare).toEqual({ part: 40, of: 80, share: 0.5 });
    expect(line?.qualifiedShare).toEqual({ part: 10, of: 40, share: 0.25 });
    expect(line?.aiMinutes).toBe(30);
  });

  it('tells no cost without a rate, and the cost per qualified with one', () => {
    expect(makeScorecard(autumn, [], noCosts)).toMatchObject({
      hasCosts: false,
      total: { cost: null, costPerQualified: null },
    });
    expect(makeScorecard(autumn, [], withCosts)).toMatchObject({
      hasCosts: true,
      total: { cost: 14, costPerQualified: 1.4 },
    });
  });

  it('tells no cost per qualified where nobody qualified, nor of few calls', () => {
    expect(makeScorecard([counted('no_answer', 50)], [], withCosts).total.costPerQualified).toBeNull();
    expect(makeScorecard([counted('sale', 19)], [], withCosts).total.costPerQualified).toBeNull();
    expect(makeScorecard([counted('sale', 20)], [], withCosts).total.costPerQualified).toBeCloseTo(0.05);
  });

  it('compares each version with itself in the days before', () => {
    const before = [counted('qualified', 5), counted('no_answer', 45, { agentVersion: 'v0' })];

    const { lines, total } = makeScorecard(autumn, before, noCosts);

    expect(lines[0]?.before).toMatchObject({ calls: 5, agentVersion: 'v1' });
    expect(total.before?.calls).toBe(50);
    expect(makeScorecard(autumn, [], noCosts).total.before).toBeNull();
  });

  it('puts the largest campaign first, and keeps the versions of one together', () => {
    const counts = [
      counted('sale', 30, { campaign: 'Winter' }),
      counted('sale', 20, { agentVersion: 'v2' }),
      counted('sale', 25),
    ];

    const names = makeScorecard(counts, [], noCosts).lines.map(({ campaign, agentVersion }) => campaign + agentVersion);

    expect(names).toEqual(['Autumnv1', 'Autumnv2', 'Winterv1']);
  });

  it('adds up to the same whatever the counts are split by, and in any order', () => {
    const count = fc.record({
      outcome: fc.constantFrom('', ...outcomeCodes),
      calls: fc.integer({ min: 1, max: 60 }),
      campaign: fc.constantFrom('Autumn', 'Winter'),
      agentVersion: fc.constantFrom('v1', 'v2'),
    });
    fc.assert(
      fc.property(fc.array(count, { maxLength: 20 }), (rows) => {
        const counts = rows.map(({ outcome, calls, ...more }) => counted(outcome, calls, more));
        const split = counts.flatMap((each) => Array.from({ length: each.calls }, () => ({ ...each, calls: 1 })));

        const card = makeScorecard(counts, [], noCosts);

        expect(makeScorecard(split.reverse(), [], noCosts)).toEqual(card);
        expect(card.lines.reduce((sum, { calls }) => sum + calls, 0)).toBe(card.total.calls);
      }),
    );
  });
});

describe('a share', () => {
  it('of fewer than twenty is not given as a percentage', () => {
    expect(shareWords(shareOf(3, 19))).toBe('3 of 19');
    expect(shareWords(shareOf(3, 20))).toBe('15.0\u00A0%');
    expect(shareWords(shareOf(0, 0))).toBe('–');
  });
});

describe('the first word', () => {
  it('is told by the step in which half of the calls, and 95 of 100, are through', () => {
    const steps = noWords.map((_, step) => (step === 2 ? 60 : step === 4 ? 34 : step === 13 ? 6 : 0));

    const { calls, median, p95 } = firstWordTimes(steps);

    expect(calls).toBe(100);
    expect(median && stepWords(median)).toBe('at most 0.75\u00A0s');
    expect(p95 && stepWords(p95)).toBe('longer than 13\u00A0s');
  });

  it('is not told of a few calls', () => {
    expect(firstWordTimes([19])).toEqual({ calls: 19, median: null, p95: null });
  });
});
