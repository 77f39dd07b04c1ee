import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../src/domain/call.ts';
import type { Five9Config } from './config.ts';

/** The clocks of Five9 and ours may be so far apart: what lies further ahead of now is not from the future, but from before. */
export const skewMs = 300_000;

/**
 * A DATE_TIME of a contact field (`2017-10-31 19:32:30.000`, by the domain's time zone unless marked `GMT0`) as the instants
 * that it may be, earliest first: two in the hour that comes twice, none when it is no time.
 */
export function readDomainTimes(text: string, timeZone: string, now: number): Instant[] {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\s*(GMT0?|Z)?$/.exec(text.trim());
  if (!match) return [];
  try {
    const plain = Temporal.PlainDateTime.from(`${match[1]}T${match[2]}`);
    return instantsOfWall(plain, match[3] ? 'UTC' : timeZone, now);
  } catch {
    return [];
  }
}

/**
 * The latest instant that a DATE_TIME may be; null when it is no time. For questions that are safer with too late than with
 * too early: an agent's disposition must not be taken for an older one.
 */
export function readDomainTime(text: string, timeZone: string, now: number): Instant | null {
  return readDomainTimes(text, timeZone, now).at(-1) ?? null;
}

/**
 * The instants at which the clocks of a zone show this, earliest first. In the hour that comes twice the second is left out
 * while it has yet to come (`now`, epoch ms); a time that is left out in spring counts as an hour later.
 */
export function instantsOfWall(wall: Temporal.PlainDateTime, timeZone: string, now: number): Instant[] {
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: 'later' });
  const isTwice = earlier.epochMilliseconds < later.epochMilliseconds && earlier.toPlainDateTime().equals(wall);
  const hasCome = later.epochMilliseconds <= now + skewMs;
  const readings = isTwice ? (hasCome ? [earlier, later] : [earlier]) : [later];
  return readings.map(({ epochMilliseconds }) => new Date(epochMilliseconds).toISOString());
}

/** The clock of the data centre: as configured, else by the region of the host. India's is not documented. */
export function dataCentreTimeZone({ host, dataCentreTimeZone }: Five9Config['soap']): string {
  return dataCentreTimeZone ?? regionZones[new URL(host).hostname] ?? 'America/Los_Angeles';
}

const regionZones: Readonly<Record<string, string>> = {
  'api.five9.eu': 'Europe/London',
  'api.eu.five9.com': 'UTC',
  'api.five9.ca': 'UTC',
};

/** An instant (epoch ms) as criteria take it: the zone's wall clock with its offset, `2026-01-31T21:00:00.000-08:00`. */
export function toCriteriaTime(ms: number, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return zoned.toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
}

/** The first instant (epoch ms) of a day, `2026-01-31`, in a zone. */
export function startOfDay(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

/** When the window ends that is open at this time, or opens next (epoch ms); undefined when it never closes. */
export function windowEnd(window: Five9Config['dncWindow'], nowMs: number): number | undefined {
  if (window.from === window.to) return undefined;
  const opened = nextOpening(window, nowMs) || nowMs;
  const start = Temporal.Instant.fromEpochMilliseconds(opened).toZonedDateTimeISO(window.timeZone);
  const plainTime = Temporal.PlainTime.from(window.to);
  const isLater = Temporal.PlainTime.compare(plainTime, start.toPlainTime()) > 0;
  const day = isLater ? start.toPlainDate() : start.toPlainDate().add({ days: 1 });
  return day.toZonedDateTime({ timeZone: window.timeZone, plainTime }).epochMilliseconds;
}

/** 0 when the window is open at this time, else the epoch milliseconds at which it opens next. */
export function nextOpening(window: Five9Config['dncWindow'], nowMs: number): number {
  if (window.from === window.to) return 0;
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(window.timeZone);
  const time = now.toPlainTime();
  const from = Temporal.PlainTime.from(window.from);
  const to = Temporal.PlainTime.from(window.to);
  const isAfterFrom = Temporal.PlainTime.compare(time, from) >= 0;
  const isBeforeTo = Temporal.PlainTime.compare(time, to) < 0;
  const isOverNight = Temporal.PlainTime.compare(from, to) > 0;
  if (isOverNight ? isAfterFrom || isBeforeTo : isAfterFrom && isBeforeTo) return 0;
  const day = isAfterFrom ? now.toPlainDate().add({ days: 1 }) : now.toPlainDate();
  return day.toZonedDateTime({ timeZone: window.timeZone, plainTime: from }).epochMilliseconds;
}
