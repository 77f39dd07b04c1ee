import { instantAt, localTime } from './zone-time.ts';

/** A part of each day in which nobody is told what can wait; it may go over midnight. Minutes since midnight. */
export interface QuietHours {
  fromMinute: number;
  untilMinute: number;
  timeZone: string;
}

const dayMs = 86_400_000;

export function isQuiet(atMs: number, { fromMinute, untilMinute, timeZone }: QuietHours): boolean {
  const { minute } = localTime(timeZone, atMs);
  if (fromMinute < untilMinute) return minute >= fromMinute && minute < untilMinute;
  return minute >= fromMinute || minute < untilMinute;
}

/** The moment itself, or when the quiet hours that it falls into end. */
export function afterQuiet(atMs: number, quiet: QuietHours | null): number {
  if (!quiet || !isQuiet(atMs, quiet)) return atMs;
  const { fromMinute, untilMinute, timeZone } = quiet;
  const { minute, year, month, day } = localTime(timeZone, atMs);
  const isTomorrow = fromMinute > untilMinute && minute >= fromMinute;
  const date = new Date(Date.UTC(year, month - 1, day) + (isTomorrow ? dayMs : 0));
  const end = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const until = instantAt(timeZone, end, untilMinute);
  // In the hour that clocks show twice the first of its two ends may be over.
  return until > atMs ? until : atMs + (untilMinute - minute) * 60_000;
}
