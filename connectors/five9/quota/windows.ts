import { Temporal } from 'temporal-polyfill';

/** The windows that Five9 counts in, in seconds. */
export const windowNames: ReadonlyMap<number, string> = new Map([
  [60, 'minute'],
  [3600, 'hour'],
  [86_400, 'day'],
]);

/** Five9's documented limits per minute, hour and day; they hold until the domain's own counters can be read. */
export const defaultLimits: Readonly<Record<string, readonly [minute: number, hour: number, day: number]>> = {
  Query: [450, 15_000, 172_800],
  Modify: [140, 7_200, 172_800],
  SingleUpload: [160, 7_200, 172_800],
  AsynchronousUpload: [20, 1_000, 2_000],
  Upload: [20, 400, 2_000],
  ReportRequest: [16, 120, 800],
  RetrieveReport: [20, 200, 1_000],
};

/** The documented limit; 0 when there is none for such a category or window. */
export function defaultLimit(category: string, windowSec: number): number {
  return defaultLimits[category]?.[[...windowNames.keys()].indexOf(windowSec)] ?? 0;
}

/** The instant (epoch ms) at which a window of so many seconds begins anew by the clock of the data centre. */
export function windowEnd(nowMs: number, windowSec: number, timeZone: string): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  if (windowSec <= 60) return startOf(now, 'minute').add({ minutes: 1 }).epochMilliseconds;
  if (windowSec <= 3600) return startOf(now, 'hour').add({ hours: 1 }).epochMilliseconds;
  return now.startOfDay().add({ days: 1 }).epochMilliseconds;
}

function startOf(now: Temporal.ZonedDateTime, smallestUnit: 'minute' | 'hour'): Temporal.ZonedDateTime {
  return now.round({ smallestUnit, roundingMode: 'floor' });
}
