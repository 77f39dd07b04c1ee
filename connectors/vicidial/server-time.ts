import { zoneOffsetMs } from './zone-offset.ts';

const dayMs = 86_400_000;

/** An instant as the server's own wall clock shows it, `YYYY-MM-DD HH:MM:SS`: the form of every DATETIME column. */
export function toServerText(ms: number, timeZone: string): string {
  return textOfUtc(wallMsOf(ms, timeZone));
}

/** The same as a number: the ms since 1970 at which a clock set to UTC would show this. */
export function wallMsOf(ms: number, timeZone: string): number {
  return ms + zoneOffsetMs(ms, timeZone);
}

/**
 * The other way round: every instant, ms since 1970, at which the server's clock showed this, the earlier one first. Two
 * in the hour that comes twice in autumn; none for a zero date or nonsense.
 */
export function instantsOf(text: string, timeZone: string): number[] {
  const shown = text.slice(0, 19);
  const asUtc = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(shown)
    ? Date.parse(`${shown.replace(' ', 'T')}Z`)
    : Number.NaN;
  if (Number.isNaN(asUtc) || shown.startsWith('0000') || textOfUtc(asUtc) !== shown) return [];
  return instantsOfWall(asUtc, timeZone);
}

/** The instants of a wall time that is given as `wallMsOf` gives it. */
export function instantsOfWall(wallMs: number, timeZone: string): number[] {
  // A clock that is changed near this time is changed once: the offsets of the days around it are all that can hold.
  const [before, after] = [zoneOffsetMs(wallMs - dayMs, timeZone), zoneOffsetMs(wallMs + dayMs, timeZone)];
  const guesses = [...new Set([wallMs - before, wallMs - after])].sort((a, b) => a - b);
  const instants = guesses.filter((guess) => guess + zoneOffsetMs(guess, timeZone) === wallMs);
  // In the hour that spring leaves out no instant shows this; the clock before the change would have.
  return instants.length > 0 ? instants : [wallMs - before];
}

/** The first instant at which the server's clock showed this; null for a zero date or nonsense. */
export function fromServerText(text: string, timeZone: string): number | null {
  return instantsOf(text, timeZone)[0] ?? null;
}

/**
 * Between which texts every DATETIME of a span of time lies. Where the clock is set back within it, the later instant may
 * have the smaller text, so the span is widened by that hour.
 */
export function toServerRange(fromMs: number, toMs: number, timeZone: string): [from: string, to: string] {
  const offsets = [zoneOffsetMs(fromMs, timeZone), zoneOffsetMs(toMs, timeZone)];
  return [textOfUtc(fromMs + Math.min(...offsets)), textOfUtc(toMs + Math.max(...offsets))];
}

/** `-5.00`, `5.75`, `+1`: hours from UTC as VICIdial writes them, in minutes; null when it is none. */
export function offsetMinutes(hours: string): number | null {
  const match = /^\s*([+-]?\d{1,2}(?:\.\d{1,2})?)\s*$/.exec(hours);
  const minutes = match ? Math.round(Number(match[1]) * 60) : Number.NaN;
  return Math.abs(minutes) <= 14 * 60 ? minutes : null;
}

/** How far a zone is from UTC at an instant, in minutes. */
export function zoneOffsetMinutes(ms: number, timeZone: string): number {
  return zoneOffsetMs(ms, timeZone) / 60_000;
}

/** The wall time of an instant that was moved by its zone's offset. */
function textOfUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
