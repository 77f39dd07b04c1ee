import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterQuiet, isQuiet, type QuietHours } from '../../../src/domain/quiet-hours.ts';
import { localTime } from '../../../src/domain/zone-time.ts';

const night: QuietHours = { fromMinute: 21 * 60, untilMinute: 7 * 60, timeZone: 'America/New_York' };
const at = (text: string) => Date.parse(text);

describe('quiet hours', () => {
  it.each([
    ['in the evening', '2026-03-03T02:30:00Z', '2026-03-03T12:00:00Z'],
    ['after midnight', '2026-03-03T08:00:00Z', '2026-03-03T12:00:00Z'],
    ['in the night in which clocks go forward', '2026-03-08T06:30:00Z', '2026-03-08T11:00:00Z'],
    ['in the night in which they go back', '2026-11-01T05:30:00Z', '2026-11-01T12:00:00Z'],
  ])('end in the morning: %s', (_name, told, until) => {
    expect(isQuiet(at(told), night)).toBe(true);
    expect(afterQuiet(at(told), night)).toBe(at(until));
  });

  it('hold back nothing by day, nor where there are none', () => {
    const noon = at('2026-03-03T17:00:00Z');

    expect(afterQuiet(noon, night)).toBe(noon);
    expect(afterQuiet(at('2026-03-03T08:00:00Z'), null)).toBe(at('2026-03-03T08:00:00Z'));
  });

  it('always end: within a day and an hour, at a moment that is loud', () => {
    const quiets = fc
      .tuple(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom('America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
      )
      .filter(([from, until]) => from !== until);
    fc.assert(
      fc.property(quiets, fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') }), (drawn, ms) => {
        const [fromMinute, untilMinute, timeZone] = drawn;
        const quiet = { fromMinute, untilMinute, timeZone };
        const told = afterQuiet(ms, quiet);

        expect(told).toBeGreaterThanOrEqual(ms);
        expect(told - ms).toBeLessThanOrEqual(25 * 3_600_000);
        if (told !== ms) expect(isChange(told, quiet) || !isQuiet(told, quiet)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

/** On a day on which clocks change, the end may be a time that is shown twice or never. */
function isChange(ms: number, { timeZone }: QuietHours): boolean {
  const hours = [-3, 3].map((hour) => localTime(timeZone, ms + hour * 3_600_000).minute);
  return ((((hours[1] ?? 0) - (hours[0] ?? 0)) % 1440) + 1440) % 1440 !== 360;
}
