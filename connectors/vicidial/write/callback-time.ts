import { instantsOf, toServerText } from '../server-time.ts';

const minuteMs = 60_000;

/**
 * The server-local text that makes a callback fall due at an instant, and never before. In the hour that comes twice in
 * autumn the dialer takes a text for the first time round, so an instant of the second becomes the end of that hour.
 */
export function callbackText(at: string, timeZone: string): string {
  const ms = Date.parse(at);
  const isFirst = (instant: number) => {
    const [first] = instantsOf(toServerText(instant, timeZone), timeZone);
    return first === undefined || Math.abs(first - instant) < 1000;
  };
  if (isFirst(ms)) return toServerText(ms, timeZone);
  let minute = Math.floor(ms / minuteMs) * minuteMs;
  while (!isFirst(minute)) minute += minuteMs;
  return toServerText(minute, timeZone);
}
