import { describe, expect, it } from 'vitest';
import {
  type CallingHours,
  isCallingTime,
  judgeCallingTime,
  leadPlace,
  nextCallingTimes,
} from '../../../src/domain/calling-hours.ts';
import { federalHours, regionHours } from '../../../src/domain/places/region-hours.ts';
import { weekHours } from '../../../src/domain/week-hours.ts';
import { offsetMinutes } from '../../../src/domain/zone-time.ts';

const hours: CallingHours = {
  standard: federalHours,
  regions: regionHours,
  holidays: new Set(['2026-02-17']),
  zonesIfUnknown: ['America/New_York', 'Pacific/Honolulu'],
};
const newYork = '+12125550100';
const chicago = '+13125550100';
const phoenix = '+16025550100';
const losAngeles = '+12135550100';
const pensacola = '+18505550100';
const denver = '+13035550100';
const stJohns = '+17095550100';
const london = '+442079460100';

function mayCall(at: string, phone: string, fields: Record<string, string> = {}): boolean {
  return isCallingTime(hours, leadPlace(phone, fields), Date.parse(at));
}

describe('isCallingTime', () => {
  it.each([
    // The federal hours, by the customer's clock and to the minute. Winter: New York is UTC-5.
    ['New York at 7:59', '2026-01-14T12:59:59Z', newYork, {}, false],
    ['New York at 8:00', '2026-01-14T13:00:00Z', newYork, {}, true],
    ['New York at 20:59', '2026-01-15T01:59:59Z', newYork, {}, true],
    ['New York at 21:00', '2026-01-15T02:00:00Z', newYork, {}, false],
    ['Denver at 7:59', '2026-01-14T14:59:59Z', denver, {}, false],
    ['Denver at 8:00', '2026-01-14T15:00:00Z', denver, {}, true],

    // Clocks go forward on 8 March 2026 at 2:00.
    ['New York at 8:00 before the change', '2026-03-07T12:30:00Z', newYork, {}, false],
    ['New York at 8:00 on the day of the change', '2026-03-08T12:00:00Z', newYork, {}, true],
    ['New York at 7:59 on that day', '2026-03-08T11:59:59Z', newYork, {}, false],
    ['New York at 20:59 on the evening of that day', '2026-03-09T00:59:59Z', newYork, {}, true],
    ['New York at 21:00 on that evening', '2026-03-09T01:00:00Z', newYork, {}, false],
    // And back on 1 November 2026 at 2:00.
    ['New York at 8:30 before it goes back', '2026-10-31T12:30:00Z', newYork, {}, true],
    ['New York at 7:30 on the day it goes back', '2026-11-01T12:30:00Z', newYork, {}, false],
    ['New York at 8:00 on that day', '2026-11-01T13:00:00Z', newYork, {}, true],
    ['New York at 20:59 on that evening', '2026-11-02T01:59:59Z', newYork, {}, true],
    // Arizona has no summer time; the Navajo Nation in it has.
    ['Phoenix at 8:00 in summer', '2026-07-15T15:00:00Z', phoenix, {}, true],
    ['Phoenix at 7:59 in summer', '2026-07-15T14:59:59Z', phoenix, {}, false],
    ['Phoenix at 20:30 in summer', '2026-07-16T03:30:00Z', phoenix, {}, true],
    ['the Navajo Nation at 20:30 or 21:30', '2026-07-16T03:30:00Z', phoenix, { postal_code: '86515' }, false],
    [
      "St. John's, half an hour off the rest, at 8:59",
      '2026-07-15T11:29:00Z',
      stJohns,
      { postal_code: 'A1A 1A1' },
      false,
    ],
    ['the same at 9:00', '2026-07-15T11:30:00Z', stJohns, { postal_code: 'A1A 1A1' }, true],
    ['its area code at 9:29 or, in Labrador, 8:59', '2026-07-15T11:59:00Z', stJohns, {}, false],

    // A place in two zones: both must allow it.
    ['Pensacola area at 8:30 and 7:30', '2026-01-14T13:30:00Z', pensacola, { state: 'GA' }, true],
    ['the same without a state: 7:30 in its west', '2026-01-14T13:30:00Z', pensacola, {}, false],
    ['the same with a ZIP code of its east', '2026-01-14T13:30:00Z', pensacola, { postal_code: '32301' }, true],
    ['the same with the offset of its west', '2026-01-14T13:30:00Z', pensacola, { utc_offset: '-6.00' }, false],

    // The dialer's offset goes first, and an old one does not call an hour too early or too late.
    ['a New Yorker who moved to Los Angeles, at 7:30', '2026-01-14T15:30:00Z', newYork, { utc_offset: '-8.00' }, false],
    [
      'somebody in Los Angeles whose offset was made of a number of New York, at 6:30',
      '2026-01-14T14:30:00Z',
      newYork,
      { utc_offset: '-5.00', postal_code: '90001' },
      false,
    ],
    ['an offset of summer in winter, at 7:30', '2026-01-14T12:30:00Z', newYork, { utc_offset: '-4.00' }, false],
    ['an offset of winter in summer, at 21:30', '2026-07-15T01:30:00Z', newYork, { utc_offset: '-5.00' }, false],
    ['a ZIP code against the area code, at 7:30', '2026-01-14T15:30:00Z', newYork, { postal_code: '90001' }, false],
    ['an offset that is none', '2026-01-14T13:00:00Z', newYork, { utc_offset: 'east' }, true],

    // States.
    ['Los Angeles at 8:30', '2026-01-14T16:30:00Z', losAngeles, {}, false],
    ['Florida at 20:30', '2026-01-15T01:30:00Z', '+13055550100', {}, false],
    ['Kentucky at 9:30', '2026-01-14T14:30:00Z', '+15025550100', {}, false],
    ['a Texan with a number of New York at 8:30', '2026-01-14T14:30:00Z', newYork, { postal_code: '78701' }, false],
    ['a New Yorker with a number of Texas at 8:30', '2026-01-14T13:30:00Z', '+15125550100', { state: 'NY' }, true],
    ['Texas on Sunday at 11:59', '2026-01-18T17:59:00Z', '+15125550100', {}, false],
    ['Texas on Sunday at noon', '2026-01-18T18:00:00Z', '+15125550100', {}, true],
    ['Rhode Island on Saturday at 16:59', '2026-01-17T21:59:00Z', '+14015550100', {}, true],
    ['Rhode Island on Saturday at 17:00', '2026-01-17T22:00:00Z', '+14015550100', {}, false],
    ['Utah on Sunday', '2026-01-18T19:00:00Z', '+18015550100', {}, false],
    ['Utah on a Sunday that is a Saturday in London', '2026-01-17T23:00:00Z', '+18015550100', {}, true],
    ['South Dakota on Saturday', '2026-01-17T18:00:00Z', '+16055550100', {}, false],
    ['Ontario at 21:15 on a weekday', '2026-01-15T02:15:00Z', '+14165550100', {}, true],
    ['Ontario at 9:30 on Sunday', '2026-01-18T14:30:00Z', '+14165550100', {}, false],

    // Holidays, for states whose hours know them.
    ['Utah on Thanksgiving', '2026-11-26T19:00:00Z', '+18015550100', {}, false],
    ['Utah the day after', '2026-11-27T19:00:00Z', '+18015550100', {}, true],
    ['Utah on Memorial Day', '2026-05-25T19:00:00Z', '+18015550100', {}, false],
    ['Utah on the Friday on which the Fourth of July is observed', '2026-07-03T19:00:00Z', '+18015550100', {}, false],
    ['Pennsylvania on Christmas', '2026-12-25T18:00:00Z', '+12155550100', {}, false],
    ['Illinois on Christmas', '2026-12-25T18:00:00Z', chicago, {}, true],
    ["Louisiana on the site's own holiday", '2026-02-17T18:00:00Z', '+15045550100', {}, false],
    ['Nebraska on Labor Day before 13:00', '2026-09-07T17:00:00Z', '+14025550100', {}, false],

    // Nothing known: every zone must allow it.
    ['London at 13:00 in New York, 8:00 on Hawaii', '2026-01-14T18:00:00Z', london, {}, true],
    ['London a minute earlier', '2026-01-14T17:59:00Z', london, {}, false],
  ])('%s', (_what, at, phone, fields, isAllowed) => {
    expect(mayCall(at, phone, fields as Record<string, string>)).toBe(isAllowed);
  });

  it('says by which zone and rule it judged', () => {
    const place = leadPlace(pensacola, {});

    expect(judgeCallingTime(hours, place, Date.parse('2026-01-14T13:30:00Z'))).toEqual({
      isAllowed: false,
      zone: 'America/Chicago',
      localTime: '2026-01-14 07:30',
      rule: 'FL',
      hours: '08:00-20:00',
    });
  });

  it('allows any time where nothing is known and no zone is taken for it', () => {
    const night = Date.parse('2026-01-14T03:00:00Z');

    expect(isCallingTime({ ...hours, zonesIfUnknown: [] }, leadPlace(london, {}), night)).toBe(true);
  });

  it('gives the same offsets from its memory as the time zone database, hour by hour through a year', () => {
    for (const zone of ['America/New_York', 'America/St_Johns', 'America/Phoenix', 'America/Adak']) {
      const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 1_800_000) {
        const shown = new Date(at + offsetMinutes(zone, at) * 60_000).toISOString().slice(11, 16);
        if (shown !== format.format(at))
          expect(`${zone} ${new Date(at).toISOString()} ${shown}`).toBe(format.format(at));
      }
    }
  });
});

describe('nextCallingTimes', () => {
  const slots = (phone: string, from: string, count: number, slotMinutes = 30) =>
    nextCallingTimes(hours, leadPlace(phone, {}), Date.parse(from), { count, slotMinutes }).map((at) =>
      new Date(at).toISOString().replace(':00.000Z', ''),
    );

  it('begins with the next slot, and goes on in the morning', () => {
    expect(slots(newYork, '2026-01-15T01:20:00Z', 3)).toEqual([
      '2026-01-15T01:30',
      '2026-01-15T13:00',
      '2026-01-15T13:30',
    ]);
  });

  it('begins an hour earlier by UTC after clocks went forward', () => {
    expect(slots(newYork, '2026-03-08T02:00:00Z', 1)).toEqual(['2026-03-08T12:00']);
  });

  it('goes over a Sunday without calls', () => {
    expect(slots('+18015550100', '2026-01-18T04:10:00Z', 1)).toEqual(['2026-01-20T15:00']);
  });

  it('finds none where none are allowed', () => {
    const never = { ...hours, standard: weekHours('none') };

    expect(
      nextCallingTimes(never, leadPlace(newYork, {}), Date.parse('2026-01-14T03:00:00Z'), {
        count: 3,
        slotMinutes: 15,
      }),
    ).toEqual([]);
  });
});

describe('weekHours', () => {
  it('takes what is left out from the day before it', () => {
    expect(weekHours('08:00-20:00')).toEqual({ weekday: [480, 1200], saturday: [480, 1200], sunday: [480, 1200] });
    expect(weekHours('08:00-20:00, none')).toEqual({ weekday: [480, 1200], saturday: null, sunday: null });
    expect(weekHours('08:00-20:00,09:00-17:00,none,none')).toMatchObject({ saturday: [540, 1020], holiday: null });
  });

  it.each(['', '8-20', '20:00-08:00', '08:00-25:00', '08:00-24:30', 'none, none, none, none, none'])(
    'refuses %j',
    (text) => {
      expect(() => weekHours(text)).toThrow(RangeError);
    },
  );
});
