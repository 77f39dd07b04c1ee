import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf, isDay, lastDays, namedSpan, readSpan, startOfDay } from '../../../src/domain/day-span.ts';

const newYork = 'America/New_York';
/** Noon of a Tuesday in New York, two days after the clocks went forward. */
const now = '2026-03-10T16:00:00.000Z';

describe('a day', () => {
  it.each([
    ['the evening before, by the clocks of the west', newYork, '2026-03-03T04:59:59.999Z', '2026-03-02'],
    ['midnight', newYork, '2026-03-03T05:00:00.000Z', '2026-03-03'],
    ['a zone that is half an hour off', 'Asia/Kolkata', '2026-03-02T18:30:00.000Z', '2026-03-03'],
  ])('is told by the zone: %s', (_name, zone, at, day) => {
    expect(dayOf(zone, at)).toBe(day);
  });

  it('begins where the one before ends, in any zone, also when clocks change', () => {
    const zones = [newYork, 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Auckland', 'UTC'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 1500 }), (zone, count) => {
        const day = addDays('2024-01-01', count);
        const from = Date.parse(startOfDay(zone, day));

        expect(dayOf(zone, new Date(from).toISOString())).toBe(day);
        expect(dayOf(zone, new Date(from - 1).toISOString())).toBe(addDays(day, -1));
      }),
    );
  });

  it.each(['2026-02-30', '2026-3-2', '2026-13-01', 'today', '', '2026-03-02T00:00', '-000001-01-01'])(
    'is not %j',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});

describe('a span', () => {
  it('of today is compared with the same hours of yesterday', () => {
    const span = namedSpan('today', newYork, '2026-03-10T16:59:00.000Z');

    expect(span.from).toBe('2026-03-10T04:00:00.000Z');
    expect(span.before).toBe('2026-03-11T04:00:00.000Z');
    expect(span.previous).toMatchObject({ from: '2026-03-09T04:00:00.000Z', before: '2026-03-09T16:00:00.000Z' });
  });

  it('of seven days ends with yesterday, and holds the day that is an hour shorter', () => {
    const span = namedSpan('7-days', newYork, now);

    expect([span.firstDay, span.lastDay, span.days]).toEqual(['2026-03-03', '2026-03-09', 7]);
    expect(Date.parse(span.before) - Date.parse(span.from)).toBe((7 * 24 - 1) * 3_600_000);
    expect(span.previous).toMatchObject({ from: '2026-02-24T05:00:00.000Z', before: span.from });
    expect(lastDays(newYork, now, 7)).toEqual(span);
  });

  it('from one day to another holds both', () => {
    expect(readSpan('UTC', '2026-03-01', '2026-03-02')).toMatchObject({
      from: '2026-03-01T00:00:00.000Z',
      before: '2026-03-03T00:00:00.000Z',
      days: 2,
    });
  });

  it.each([
    ['2026-03-02', '2026-03-01', /must not come after/],
    ['2026-03-02', '2026-02-30', /year, month, day/],
    ['2024-01-01', '2026-01-01', /400 days/],
  ])('from %s to %s says what is wrong', (from, to, words) => {
    expect(readSpan('UTC', from, to)).toMatch(words);
  });
});
