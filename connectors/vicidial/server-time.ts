import { Temporal } from 'temporal-polyfill';

/** An instant as the server's own wall clock shows it, `YYYY-MM-DD HH:MM:SS`: the form of every DATETIME column. */
export function toServerText(ms: number, timeZone: string): string {
  const wall = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return wall.toString({ smallestUnit: 'second' }).replace('T', ' ');
}

/** The other way round, ms since 1970; null for a zero date or nonsense. Of an hour that comes twice, the first. */
export function fromServerText(text: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.test(text) || text.startsWith('0000')) return null;
  try {
    return Temporal.PlainDateTime.from(text.slice(0, 19).replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return null;
  }
}
