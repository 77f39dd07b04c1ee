import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../src/domain/call.ts';
import type { Five9Config } from './config.ts';

/**
 * A DATE_TIME of a contact field (`2017-10-31 19:32:30.000`, by the domain's time zone unless marked `GMT0`) as an
 * instant; null when it is not one. An hour that happens twice counts as its second time: rather too late than too
 * early, so that an agent's disposition is not taken for an older one.
 */
export function readDomainTime(text: string, timeZone: string): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\s*(GMT0?|Z)?$/.exec(text.trim());
  if (!match) return null;
  try {
    const plain = Temporal.PlainDateTime.from(`${match[1]}T${match[2]}`);
    const zoned = plain.toZonedDateTime(match[3] ? 'UTC' : timeZone, { disambiguation: 'later' });
    return new Date(zoned.epochMilliseconds).toISOString();
  } catch {
    return null;
  }
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
