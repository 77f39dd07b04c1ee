import { describe, expect, it } from 'vitest';
import { readWantedTime, sayTime } from '../../../src/domain/wanted-time.ts';

const denver = 'America/Denver';
/** Wednesday, 8:30 in Denver. */
const now = Date.parse('2026-03-04T15:30:00.000Z');
const read = (text: string, zone = denver, at = now) => {
  const wanted = readWantedTime(text, zone, at);
  return wanted && `${wanted.kind} ${new Date(wanted.at).toISOString().slice(0, 16)}`;
};

describe('when a customer wants to be called', () => {
  it.each([
    ['2026-03-05T15:30:00-05:00', 'time 2026-03-05T20:30'],
    ['2026-03-05T20:30Z', 'time 2026-03-05T20:30'],
    ['2026-03-05T15:30:00', 'time 2026-03-05T22:30'],
    ['2026-03-05 15:30', 'time 2026-03-05T22:30'],
    ['2026-03-05 afternoon', 'time 2026-03-05T22:00'],
    ['tomorrow at 3 pm', 'time 2026-03-05T22:00'],
    ['Tomorrow, 3:30 p.m.', 'time 2026-03-05T22:30'],
    ['tomorrow in the morning', 'time 2026-03-05T17:00'],
    ['tomorrow morning', 'time 2026-03-05T17:00'],
    ['today 5pm', 'time 2026-03-05T00:00'],
    ['this afternoon', 'time 2026-03-04T22:00'],
    ['tonight', 'time 2026-03-05T01:00'],
    ['friday evening', 'time 2026-03-07T01:00'],
    ['next Monday at noon', 'time 2026-03-09T18:00'],
    ['wednesday 10 am', 'time 2026-03-11T16:00'],
    ['12 am', 'time 2026-03-05T07:00'],
    ['9:15 am', 'time 2026-03-04T16:15'],
    ['8 am', 'time 2026-03-05T15:00'],
    ['in 2 hours', 'time 2026-03-04T17:30'],
    ['in an hour', 'time 2026-03-04T16:30'],
    ['in 45 minutes', 'time 2026-03-04T16:15'],
    ['tomorrow', 'day 2026-03-05T07:00'],
    ['2026-03-06', 'day 2026-03-06T07:00'],
    ['saturday', 'day 2026-03-07T07:00'],
  ])('is read from "%s"', (text, wanted) => {
    expect(read(text)).toBe(wanted);
  });

  it.each([
    ...['', 'soon', 'when he is back', '2026-02-30', '2026-13-05T10:00', '25:00', '3', 'tomorrow at 17 pm', 'noonish'],
    ...[
      'in a while',
      'yesterday',
      'tomorrowish',
      '2026-03-05T15:30:00+99',
      '2026-02-30T15:30:00Z',
      '12:75',
      'next week',
      '0 am',
      'constructor',
    ],
  ])('is asked for again after "%s"', (text) => {
    expect(read(text)).toBeNull();
  });

  it('keeps to the clocks on the days on which they change', () => {
    const beforeSpring = Date.parse('2026-03-07T20:00:00.000Z');
    const beforeAutumn = Date.parse('2026-10-31T20:00:00.000Z');

    expect(read('tomorrow 2:30 am', denver, beforeSpring)).toBe('time 2026-03-08T09:30');
    expect(read('tomorrow 10 am', denver, beforeSpring)).toBe('time 2026-03-08T16:00');
    expect(read('tomorrow 1:30 am', denver, beforeAutumn)).toBe('time 2026-11-01T07:30');
    expect(read('tomorrow 10 am', denver, beforeAutumn)).toBe('time 2026-11-01T17:00');
  });

  it.each([
    ['2026-03-04T22:30:00Z', denver, 'today at 3:30 PM Mountain Time'],
    ['2026-03-05T17:00:00Z', denver, 'tomorrow, Thursday March 5, at 10 AM Mountain Time'],
    ['2026-03-09T18:00:00Z', denver, 'on Monday March 9 at 12 PM Mountain Time'],
    ['2026-03-05T17:00:00Z', 'UTC-05:00', 'tomorrow, Thursday March 5, at 12 PM'],
  ])('%s is said so', (at, zone, words) => {
    expect(sayTime(Date.parse(at), zone, now)).toBe(words);
  });
});
