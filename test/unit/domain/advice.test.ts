import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adviseLevel,
  adviseLines,
  type BusyHour,
  erlangB,
  linesFor,
  mostDropped,
  peakOf,
} from '../../../src/domain/advice.ts';
import type { DialFigures } from '../../../src/domain/dial-figures.ts';

/** 200 calls of 85 s, and what a line needs between two: a load of five. */
const busy: BusyHour = { at: '2026-11-21T15:00:00.000Z', calls: 200, talkSec: 17_000, refused: 0, peak: 9 };
const spring: DialFigures = {
  campaign: 'Spring',
  spans: [
    { hours: 24, answered: 900, dropped: 9 },
    { hours: 72, answered: 3000, dropped: 30 },
  ],
  lines: 12,
  level: 2,
  isAdaptive: false,
  levelAt: 'its dial level',
  linesAt: 'its lines',
  dropsAt: 'its reports',
};
const dropping = (dropped: number, answered = 1000): DialFigures => ({
  ...spring,
  spans: [{ hours: 24, answered, dropped }],
});

describe("Erlang's formula", () => {
  it.each([
    [1, 1, 0.5],
    [2, 1, 0.2],
    [10, 5, 0.01838],
    [30, 20, 0.00846],
  ])('%i lines refuse of a load of %f', (lines, load, share) => {
    expect(erlangB(lines, load)).toBeCloseTo(share, 4);
  });

  it('refuses less with more lines and a smaller load, and the fewest lines are the fewest', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), fc.integer({ min: 1, max: 600 }), (load, lines) => {
        expect(erlangB(lines + 1, load)).toBeLessThanOrEqual(erlangB(lines, load));
        expect(erlangB(lines, load * 1.1)).toBeGreaterThanOrEqual(erlangB(lines, load));
        const fewest = linesFor(load);
        expect(erlangB(fewest, load)).toBeLessThanOrEqual(0.01);
        expect(erlangB(fewest - 1, load)).toBeGreaterThan(0.01);
      }),
    );
  });
});

describe('how many lines', () => {
  it('writes the numbers out', () => {
    const advice = adviseLines(busy, { ...spring, lines: 8 }, 20);

    expect(advice).toMatchObject({ verdict: 'raise', now: 8, wanted: 11, how: 'its lines: 11' });
    expect(advice.why.join('\n')).toBe(
      [
        'the busiest hour, from 2026-11-21T15:00:00.000Z on: 200 calls with the AI of 85 s, 0 refused for want of room, 9 at once at most',
        'that is a load of 5.0 lines; with 11 of them 0.8 % of the calls find none free',
        'with 8 as now: 7.0 %',
      ].join('\n'),
    );
  });

  it('keeps what fits, lowers what is far too much, and never asks for more than the platform takes', () => {
    expect(adviseLines(busy, { ...spring, lines: 12 }, 20)).toMatchObject({ verdict: 'keep', how: '' });
    expect(adviseLines(busy, { ...spring, lines: 40 }, 50)).toMatchObject({ verdict: 'lower', wanted: 11 });
    expect(adviseLines(busy, { ...spring, lines: 4 }, 6)).toMatchObject({ verdict: 'raise', wanted: 6 });
    expect(adviseLines(busy, { ...spring, lines: null }, null)).toMatchObject({ verdict: 'keep', wanted: 11 });
  });

  it('says nothing of a few calls', () => {
    expect(adviseLines({ ...busy, calls: 29 }, spring, 20)).toMatchObject({ verdict: 'too little data', wanted: null });
    expect(adviseLines(null, spring, 20).verdict).toBe('too little data');
  });

  it('wants no fewer lines for more calls, longer ones, or more that were refused', () => {
    const hour = fc.record({
      calls: fc.integer({ min: 30, max: 5000 }),
      meanSec: fc.integer({ min: 1, max: 1800 }),
      refused: fc.nat(500),
    });
    const more = fc.record({ calls: fc.nat(500), meanSec: fc.nat(300), refused: fc.nat(100) });
    const wanted = ({ calls, meanSec, refused }: { calls: number; meanSec: number; refused: number }) =>
      adviseLines({ ...busy, calls, talkSec: calls * meanSec, refused }, spring, null).wanted ?? 0;
    fc.assert(
      fc.property(hour, more, (one, plus) => {
        const other = {
          calls: one.calls + plus.calls,
          meanSec: one.meanSec + plus.meanSec,
          refused: one.refused + plus.refused,
        };
        expect(wanted(one)).toBeGreaterThanOrEqual(1);
        expect(wanted(other)).toBeGreaterThanOrEqual(wanted(one));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the dial level', () => {
  it('goes down when more are dropped than the law lets pass', () => {
    const advice = adviseLevel(dropping(80), busy);

    expect(advice).toMatchObject({ verdict: 'lower', now: 2, wanted: 1.4, how: 'its dial level: 1.4' });
    expect(advice.why).toContain('80 of 1000 answered calls were dropped in 24 h (8.0 %)');
    expect(advice.why.join()).toContain('more than 3.0 % of answered calls must not be dropped');
  });

  it('goes down when any span that tells is bad, however good the other', () => {
    const spans = [
      { hours: 24, answered: 500, dropped: 0 },
      { hours: 72, answered: 2000, dropped: 90 },
    ];
    expect(adviseLevel({ ...spring, spans }, busy).verdict).toBe('lower');
  });

  it('stays at one call for each line, where only lines help; and leaves an adaptive one its own ways', () => {
    expect(adviseLevel({ ...dropping(80), level: 1 }, busy)).toMatchObject({
      verdict: 'lower',
      wanted: 1,
      how: 'its lines',
    });
    expect(adviseLevel({ ...dropping(80), isAdaptive: true }, busy)).toMatchObject({
      wanted: null,
      how: 'its dial level',
    });
  });

  it('goes up only where lines are idle and hardly a call is dropped', () => {
    const idle = { ...dropping(5), lines: 20 };
    expect(adviseLevel(idle, busy)).toMatchObject({ verdict: 'raise', wanted: 2.2 });
    expect(adviseLevel({ ...idle, lines: 7 }, busy).verdict).toBe('keep');
    expect(adviseLevel({ ...idle, spans: dropping(20).spans }, busy).verdict).toBe('keep');
    expect(adviseLevel(idle, null).verdict).toBe('keep');
  });

  it('says nothing of a few answers, nor where the dialer does not tell', () => {
    expect(adviseLevel(dropping(50, 99), busy)).toMatchObject({ verdict: 'too little data', wanted: null });
    expect(adviseLevel({ ...spring, spans: [] }, busy).why).toEqual([
      'the dialer does not tell how many were dropped: see its reports',
    ]);
  });

  it('is bounded, and is never higher for more drops', () => {
    const span = fc.record({
      answered: fc.integer({ min: 100, max: 5000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(span, fc.integer({ min: 10, max: 60 }), fc.nat(200), ({ answered, share }, tenths, more) => {
        const level = tenths / 10;
        const dropped = Math.floor(share * answered);
        const wanted = (count: number) =>
          adviseLevel({ ...dropping(count, answered), level, lines: 30 }, busy).wanted ?? 0;
        expect(wanted(dropped)).toBeGreaterThanOrEqual(1);
        expect(wanted(dropped)).toBeLessThanOrEqual(Math.max(level, 5));
        expect(wanted(Math.min(answered, dropped + more))).toBeLessThanOrEqual(wanted(dropped));
        if (dropped / answered > mostDropped && level > 1) expect(wanted(dropped)).toBeLessThan(level);
      }),
    );
  });
});

it('counts the most calls that overlap', () => {
  const from = (at: number, talkSec: number) => ({ at: at * 1000, talkSec });
  expect(peakOf([])).toBe(0);
  expect(peakOf([from(0, 10), from(10, 10)])).toBe(1);
  expect(peakOf([from(0, 10), from(5, 10), from(9, 1), from(12, 60)])).toBe(3);
});
