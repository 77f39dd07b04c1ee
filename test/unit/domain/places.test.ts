import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { areaCodes } from '../../../src/domain/places/area-codes.ts';
import { postalArea } from '../../../src/domain/places/postal-codes.ts';
import { regionHours } from '../../../src/domain/places/region-hours.ts';
import { regions } from '../../../src/domain/places/regions.ts';
import { zonesOf } from '../../../src/domain/places/zones-of.ts';
import { offsetMinutes } from '../../../src/domain/zone-time.ts';

const newYork = '+12125550100';
const chicago = '+13125550100';

describe('the tables of places', () => {
  it('have zones for every area code that the number library holds valid for people in the US and Canada', () => {
    const countries = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'MP', 'AS']);
    const homes = new Set(['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE']);
    const missing: string[] = [];
    for (let code = 200; code < 1000; code++) {
      const numbers = ['2345678', '2223333', '6331234', '7654321'].map((rest) =>
        parsePhoneNumberFromString(`+${getCountryCallingCode('US')}${code}${rest}`),
      );
      const isHome = numbers.some(
        (number) => number?.isValid() && countries.has(number.country ?? '') && homes.has(number.getType() ?? ''),
      );
      if (isHome && !areaCodes.has(String(code))) missing.push(String(code));
    }

    expect(missing).toEqual([]);
  });

  it('name zones that the runtime knows, in a sane distance from UTC, and regions that exist', () => {
    const areas = [...areaCodes.values()];
    for (let zip = 0; zip < 100_000; zip += 1) {
      const area = postalArea(String(zip).padStart(5, '0'));
      if (area) areas.push({ zones: area.zones, regions: area.region ? [area.region] : [] });
    }

    for (const { zones, regions: codes } of new Set(areas)) {
      expect(zones.length).toBeGreaterThan(0);
      for (const code of codes) expect(regions).toHaveProperty(code);
    }
    for (const zone of new Set(areas.flatMap(({ zones }) => zones))) {
      const hours = offsetMinutes(zone, Date.UTC(2026, 0, 15)) / 60;
      expect(hours <= -3.5 || hours >= 9).toBe(true);
    }
  });

  it('give each area code once, inside the zones of its region', () => {
    expect(areaCodes.size).toBeGreaterThan(400);
    for (const [code, area] of areaCodes) {
      const whole = area.regions.flatMap((region) => regions[region]?.zones ?? []);
      expect(`${code} ${area.zones.filter((zone) => !whole.includes(zone))}`).toBe(`${code} `);
      expect(code).toMatch(/^[2-9]\d\d$/);
    }
  });

  it('have a region for each of their own hours, and hours that lie inside the day', () => {
    for (const [region, { weekday, law }] of Object.entries(regionHours)) {
      expect(regions).toHaveProperty(region);
      expect(weekday?.[0]).toBeGreaterThanOrEqual(480);
      expect(weekday?.[1]).toBeLessThanOrEqual(1290);
      expect(law).not.toBe('');
    }
  });
});

describe('zonesOf', () => {
  it.each([
    ['one zone by area code', { phone: newYork }, 'area-code', ['America/New_York'], ['NY']],
    [
      'an area code in two zones',
      { phone: '+18505550100' },
      'area-code',
      ['America/New_York', 'America/Chicago'],
      ['FL'],
    ],
    [
      'the state before the area code',
      { phone: newYork, state: 'tx' },
      'state',
      ['America/Chicago', 'America/Denver'],
      ['TX'],
    ],
    [
      'a state by its name',
      { phone: newYork, state: ' Oregon ' },
      'state',
      ['America/Los_Angeles', 'America/Denver'],
      ['OR'],
    ],
    [
      'the ZIP code before the state',
      { phone: newYork, state: 'TX', postalCode: '79901-1234' },
      'postal-code',
      ['America/Denver'],
      ['TX'],
    ],
    ['a state that is none', { phone: chicago, state: 'Bavaria' }, 'area-code', ['America/Chicago'], ['IL']],
    ['a ZIP code that is none', { phone: chicago, postalCode: '6061' }, 'area-code', ['America/Chicago'], ['IL']],
    ['military mail', { phone: chicago, postalCode: '09012' }, 'area-code', ['America/Chicago'], ['IL']],
    ['an Aleutian ZIP code', { phone: newYork, postalCode: '99546' }, 'postal-code', ['America/Adak'], ['AK']],
    ['an Arizona ZIP code', { phone: newYork, postalCode: '85004' }, 'postal-code', ['America/Phoenix'], ['AZ']],
    [
      'the Navajo Nation',
      { phone: newYork, postalCode: '86515' },
      'postal-code',
      ['America/Phoenix', 'America/Denver'],
      ['AZ'],
    ],
    ['a Canadian postal code', { phone: newYork, postalCode: 'k1a 0b1' }, 'postal-code', ['America/Toronto'], ['ON']],
    [
      'a town in the west of Ontario',
      { phone: newYork, postalCode: 'P9N1A1' },
      'postal-code',
      ['America/Winnipeg'],
      ['ON'],
    ],
    ['Guam', { phone: '+16715550100' }, 'area-code', ['Pacific/Guam'], ['GU']],
    ['a toll-free number', { phone: '+18005550100' }, 'unknown', [], []],
    ['a number of another country', { phone: '+442079460100' }, 'unknown', [], []],
    ['an offset alone', { phone: '+442079460100', offsetMinutes: 60 }, 'dialer', ['UTC+01:00'], []],
    [
      'an offset of winter that picks a zone',
      { phone: newYork, offsetMinutes: -300 },
      'dialer',
      ['America/New_York'],
      ['NY'],
    ],
    ['the same of summer', { phone: newYork, offsetMinutes: -240 }, 'dialer', ['America/New_York'], ['NY']],
    [
      'an offset that picks one of two zones',
      { phone: '+18505550100', offsetMinutes: -360 },
      'dialer',
      ['America/Chicago'],
      ['FL'],
    ],
    [
      'an offset that fits both',
      { phone: '+18505550100', offsetMinutes: -300 },
      'dialer',
      ['America/New_York', 'America/Chicago'],
      ['FL'],
    ],
    [
      'an offset that fits the area code, beside the ZIP code that it does not fit',
      { phone: newYork, postalCode: '90001', offsetMinutes: -300 },
      'dialer',
      ['America/New_York', 'America/Los_Angeles'],
      ['CA'],
    ],
    [
      'an offset that fits neither, beside the state',
      { phone: newYork, state: 'CA', offsetMinutes: -600 },
      'dialer',
      ['UTC-10:00', 'America/Los_Angeles'],
      ['CA'],
    ],
    ['an offset that nothing fits', { phone: newYork, offsetMinutes: -600 }, 'dialer', ['UTC-10:00'], ['NY']],
  ] as const)('takes %s', (_what, marks, by, zones, codes) => {
    expect(zonesOf(marks)).toEqual({ by, zones, regions: codes });
  });
});
