import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromServerText,
  instantsOf,
  offsetMinutes,
  toServerRange,
  toServerText,
  zoneOffsetMinutes,
} from '../../../connectors/vicidial/server-time.ts';

const denver = 'America/Denver';
const zones = [denver, 'America/New_York', 'America/Phoenix', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'];
const zone = fc.constantFrom(...zones);
const second = fc.integer({
  min: Date.parse('2014-01-01T00:00:00Z') / 1000,
  max: Date.parse('2030-01-01T00:00:00Z') / 1000,
});
/** Seconds close to the nights on which clocks are changed in these zones. */
const changes = ['2026-03-08T09:00:00Z', '2026-11-01T08:00:00Z', '2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'];
const nearChange = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -10_800, max: 10_800 }))
  .map(([change, by]) => Date.parse(change) / 1000 + by);

describe('instantsOf', () => {
  it('gives both instants of the hour that comes twice, the earlier one first', () => {
    expect(instantsOf('2026-11-01 01:30:00', denver).map((ms) => new Date(ms).toISOString())).toEqual([
      '2026-11-01T07:30:00.000Z',
      '2026-11-01T08:30:00.000Z',
    ]);
  });

  it('gives one instant for a time that spring left out, as a clock that was not set yet would mean it', () => {
    expect(instantsOf('2026-03-08 02:30:00', denver)).toEqual([Date.parse('2026-03-08T09:30:00Z')]);
  });

  it.each([
    '0000-00-00 00:00:00',
    '0000-00-00',
    '',
    'NULL',
    '2026-02-30 10:00:00',
    '2026-00-10 10:00:00',
    '2026-11-20',
  ])('finds no time in "%s"', (text) => {
    expect(instantsOf(text, denver)).toEqual([]);
    expect(fromServerText(text, denver)).toBeNull();
  });

  it('holds the instant that the text was made of, in every zone and also while clocks are changed', () => {
    fc.assert(
      fc.property(fc.oneof(second, nearChange), zone, (sec, timeZone) => {
        expect(instantsOf(toServerText(sec * 1000, timeZone), timeZone)).toContain(sec * 1000);
      }),
      { numRuns: 400 },
    );
  });
});

describe('toServerRange', () => {
  it('is no wider than the span on an ordinary day', () => {
    const from = Date.parse('2026-11-20T17:00:00Z');
    expect(toServerRange(from, from + 600_000, denver)).toEqual(['2026-11-20 10:00:00', '2026-11-20 10:10:00']);
  });

  it('covers the text of every instant of the span, also where the clock is set back', () => {
    const span = fc.tuple(
      fc.oneof(second, nearChange),
      fc.integer({ min: 0, max: 43_200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(span, zone, ([from, length, share], timeZone) => {
        const within = toServerText((from + Math.floor(length * share)) * 1000, timeZone);
        const [first, last] = toServerRange(from * 1000, (from + length) * 1000, timeZone);
        expect(first <= within && within <= last).toBe(true);
      }),
      { numRuns: 600 },
    );
  });
});

describe('offsets', () => {
  it.each([
    ['-5.00', -300],
    ['5.75', 345],
    ['-9.50', -570],
    ['+1', 60],
    ['0.00', 0],
    ['', null],
    ['-25.00', null],
    ['EST', null],
  ])('reads %s as %s minutes', (text, minutes) => {
    expect(offsetMinutes(text)).toBe(minutes);
  });

  it('knows how far a zone is from UTC', () => {
    const at = Date.parse('2026-07-01T00:00:00Z');
    expect(zones.map((each) => zoneOffsetMinutes(at, each))).toEqual([-360, -240, -420, 345, 630, 0]);
  });
});
