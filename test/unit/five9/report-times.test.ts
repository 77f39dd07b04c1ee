import { describe, expect, it } from 'vitest';
import { isTimePattern, readTimes, timePatterns } from '../../../connectors/five9/read/time-patterns.ts';
import { dataCentreTimeZone, startOfDay, toCriteriaTime } from '../../../connectors/five9/times.ts';
import { configOf } from './cast.ts';

const pacific = 'America/Los_Angeles';
const london = 'Europe/London';

describe('the zone of the data centre', () => {
  const users = [{ user: 'ada', password: 'engine' }];

  it.each([
    ['https://api.five9.com', pacific],
    ['https://api.five9.eu', london],
    ['https://api.eu.five9.com', 'UTC'],
    ['https://api.five9.ca/', 'UTC'],
    ['https://api.in.five9.com', pacific],
    ['http://127.0.0.1:8080', pacific],
  ])('follows the host %s', (host, expected) => {
    expect(dataCentreTimeZone(configOf({ soap: { host, users } }).soap)).toBe(expected);
  });

  it('is the configured one before all', () => {
    const soap = { host: 'https://api.five9.eu', users, dataCentreTimeZone: 'UTC' };

    expect(dataCentreTimeZone(configOf({ soap }).soap)).toBe('UTC');
  });
});

const longAfter = Date.parse('2026-12-01T00:00:00.000Z');
const readTime = (text: string, patterns: readonly string[], zone: string) =>
  readTimes(text, patterns, zone, longAfter).at(-1) ?? null;

describe('readTimes', () => {
  it.each([
    ['Thu, 05 Dec 2024 10:11:12', pacific, '2024-12-05T18:11:12.000Z'],
    ['Fri, 5 Jul 2024 10:11:12', pacific, '2024-07-05T17:11:12.000Z'],
    ['2024-12-05 10:11:12.345', pacific, '2024-12-05T18:11:12.345Z'],
    ['2024-12-05 10:11', london, '2024-12-05T10:11:00.000Z'],
    ['2024-07-05 10:11:12', london, '2024-07-05T09:11:12.000Z'],
    ['2024-07-05 10:11:12', 'UTC', '2024-07-05T10:11:12.000Z'],
    ['12/05/2024 12:11:12 AM', pacific, '2024-12-05T08:11:12.000Z'],
    ['12/05/2024 12:11:12 pm', pacific, '2024-12-05T20:11:12.000Z'],
    ['  Thu,  05 Dec 2024 10:11:12 ', pacific, '2024-12-05T18:11:12.000Z'],
    ['2024-02-30 10:11:12', pacific, null],
    ['2024-13-05 10:11:12', pacific, null],
    ['2024-12-05 25:11:12', pacific, null],
    ['yesterday', pacific, null],
    ['', pacific, null],
  ])('reads %j by the clock of %s', (text, zone, expected) => {
    expect(readTime(text, timePatterns, zone)).toBe(expected);
  });

  it.each([
    ['before the clocks go forward', '2026-03-08 01:59:59', pacific, '2026-03-08T09:59:59.000Z'],
    ['in the hour that is left out', '2026-03-08 02:30:00', pacific, '2026-03-08T10:30:00.000Z'],
    ['after it', '2026-03-08 03:00:00', pacific, '2026-03-08T10:00:00.000Z'],
    ['before the clocks go back', '2026-11-01 00:59:59', pacific, '2026-11-01T07:59:59.000Z'],
    ['in the hour that comes twice', '2026-11-01 01:30:00', pacific, '2026-11-01T09:30:00.000Z'],
    ['after both', '2026-11-01 02:00:00', pacific, '2026-11-01T10:00:00.000Z'],
    ['in London, left out', '2026-03-29 01:30:00', london, '2026-03-29T01:30:00.000Z'],
    ['in London, twice', '2026-10-25 01:30:00', london, '2026-10-25T01:30:00.000Z'],
    ['where no clock is changed', '2026-03-29 01:30:00', 'UTC', '2026-03-29T01:30:00.000Z'],
  ])('knows a change of the clocks: %s', (_name, text, zone, expected) => {
    expect(readTime(text, timePatterns, zone)).toBe(expected);
  });

  it('takes no time of the hour that comes twice for one that has yet to come', () => {
    const [first, second] = ['2026-11-01T08:30:00.000Z', '2026-11-01T09:30:00.000Z'];
    const readAt = (now: string) => readTimes('2026-11-01 01:30:00', timePatterns, pacific, Date.parse(now));

    expect(readAt('2026-11-01T08:45:00.000Z')).toEqual([first]);
    expect(readAt('2026-11-01T09:45:00.000Z')).toEqual([first, second]);
  });

  it('takes the first pattern that fits', () => {
    expect(readTime('05/12/2024 10:11:12', ['dd/MM/yyyy HH:mm:ss'], 'UTC')).toBe('2024-12-05T10:11:12.000Z');
    expect(readTime('05/12/2024 10:11:12', ['MM/dd/yyyy HH:mm:ss', 'dd/MM/yyyy HH:mm:ss'], 'UTC')).toBe(
      '2024-05-12T10:11:12.000Z',
    );
  });

  it.each([
    ['yyyy-MM-dd', true],
    ['dd.MM.yyyy HH:mm', true],
    ['EEE, dd MMM yyyy HH:mm:ss', true],
    ['HH:mm', false],
    ['yyyy-MM-dd QQ', false],
    ['yyyy-MM-dd yyyy', false],
  ])('accepts the pattern %j: %s', (pattern, expected) => {
    expect(isTimePattern(pattern)).toBe(expected);
  });
});

describe('times of criteria', () => {
  it.each([
    ['2026-01-31T05:00:00.000Z', pacific, '2026-01-30T21:00:00.000-08:00'],
    ['2026-11-01T08:30:00.000Z', pacific, '2026-11-01T01:30:00.000-07:00'],
    ['2026-11-01T09:30:00.000Z', pacific, '2026-11-01T01:30:00.000-08:00'],
    ['2026-07-01T12:00:00.000Z', london, '2026-07-01T13:00:00.000+01:00'],
    ['2026-07-01T12:00:00.000Z', 'UTC', '2026-07-01T12:00:00.000+00:00'],
  ])('writes %s for %s as %s', (instant, zone, expected) => {
    expect(toCriteriaTime(Date.parse(instant), zone)).toBe(expected);
  });

  it('begins a day by the clock of the data centre', () => {
    expect(new Date(startOfDay('2026-03-09', pacific)).toISOString()).toBe('2026-03-09T07:00:00.000Z');
    expect(new Date(startOfDay('2026-03-08', pacific)).toISOString()).toBe('2026-03-08T08:00:00.000Z');
  });
});
