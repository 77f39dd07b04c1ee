import { describe, expect, it } from 'vitest';
import { windowEnd } from '../../../connectors/five9/quota/windows.ts';
import { nextOpening, readDomainTime, readDomainTimes } from '../../../connectors/five9/times.ts';

const night = { from: '23:00', to: '06:00', timeZone: 'America/Los_Angeles' };

function opening(at: string): string {
  const opensAt = nextOpening(night, Date.parse(at));
  return opensAt === 0 ? 'open' : new Date(opensAt).toISOString();
}

describe('nextOpening', () => {
  it.each([
    ['a winter afternoon', '2026-01-15T20:00:00Z', '2026-01-16T07:00:00.000Z'],
    ['a summer afternoon', '2026-07-15T20:00:00Z', '2026-07-16T06:00:00.000Z'],
    ['the day the clocks go forward', '2026-03-08T20:00:00Z', '2026-03-09T06:00:00.000Z'],
    ['the day the clocks go back', '2026-11-01T20:00:00Z', '2026-11-02T07:00:00.000Z'],
    ['the first moment', '2026-01-16T07:00:00Z', 'open'],
    ['after midnight', '2026-01-16T10:00:00Z', 'open'],
    ['the last moment', '2026-01-16T13:59:59Z', 'open'],
    ['its end', '2026-01-16T14:00:00Z', '2026-01-17T07:00:00.000Z'],
  ])('knows the nightly window: %s', (_name, at, expected) => {
    expect(opening(at)).toBe(expected);
  });

  it('knows a window by day, and one that is always open', () => {
    const day = { from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };

    expect(nextOpening(day, Date.parse('2026-01-15T10:00:00Z'))).toBe(0);
    expect(nextOpening(day, Date.parse('2026-01-15T18:00:00Z'))).toBe(Date.parse('2026-01-16T08:00:00Z'));
    expect(nextOpening({ ...day, to: '09:00' }, Date.parse('2026-01-15T18:00:00Z'))).toBe(0);
  });
});

const longAfter = Date.parse('2026-12-01T00:00:00.000Z');

describe('readDomainTime', () => {
  it.each([
    ['2017-10-31 19:32:30.000', '2017-10-31T23:32:30.000Z'],
    ['2017-12-31 19:32:30', '2018-01-01T00:32:30.000Z'],
    ['2017-10-31 19:32:30.000 GMT0', '2017-10-31T19:32:30.000Z'],
    ['2026-11-01 01:30:00.000', '2026-11-01T06:30:00.000Z'],
    ['', null],
    ['2017-13-31 19:32:30.000', null],
    ['yesterday', null],
  ])('reads %s by the zone of the domain', (text, expected) => {
    expect(readDomainTime(text, 'America/New_York', longAfter)).toBe(expected);
  });
});

describe('readDomainTimes', () => {
  const [first, second] = ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'];

  it.each([
    ['while the second is ahead', '2026-11-01 01:30:00.000', '2026-11-01T05:31:00.000Z', [first]],
    ['while both are ahead', '2026-11-01 01:30:00.000', '2026-11-01T04:00:00.000Z', [first]],
    ['with a clock that is behind Five9’s', '2026-11-01 01:30:00.000', '2026-11-01T06:26:00.000Z', [first, second]],
    ['once both have been', '2026-11-01 01:30:00.000', '2026-11-02T00:00:00.000Z', [first, second]],
    ['marked as UTC', '2026-11-01 05:30:00.000 GMT0', '2026-11-02T00:00:00.000Z', [first]],
    [
      'at another hour, though ahead',
      '2026-11-01 02:30:00.000',
      '2026-11-01T04:00:00.000Z',
      ['2026-11-01T07:30:00.000Z'],
    ],
    ['in the hour that is left out', '2026-03-08 02:30:00', '2026-11-02T00:00:00.000Z', ['2026-03-08T07:30:00.000Z']],
    ['of nothing', '', '2026-11-02T00:00:00.000Z', []],
  ])('gives what a time may be %s', (_when, text, now, expected) => {
    expect(readDomainTimes(text, 'America/New_York', Date.parse(now))).toEqual(expected);
  });
});

describe('windowEnd', () => {
  const now = Date.parse('2026-03-08T20:41:30.500Z');

  it.each([
    [60, '2026-03-08T20:42:00.000Z'],
    [3600, '2026-03-08T21:00:00.000Z'],
    [86_400, '2026-03-09T07:00:00.000Z'],
  ])('ends a window of %d s by the clock of the data centre', (windowSec, expected) => {
    expect(new Date(windowEnd(now, windowSec, 'America/Los_Angeles')).toISOString()).toBe(expected);
  });
});
