import { toServerRange, toServerText } from '../server-time.ts';

/** A span of DATETIME values as a table holds them: from included, to not. */
export interface Window {
  from: string;
  to: string;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** Covers clocks that differ and rows that are written late. */
export const overlapMs = 10 * minuteMs;

/** What the server's own clock on the wall showed between two instants; an hour that came twice is in it whole. */
export function serverWindow(since: number, upTo: number, timeZone: string): Window {
  const [from, to] = toServerRange(since - overlapMs, upTo + overlapMs, timeZone);
  return { from, to };
}

/** The same for people whose clocks are so many hours ahead of UTC. */
export function offsetWindow(since: number, upTo: number, hours: number): Window {
  const shift = hours * hourMs;
  return {
    from: toServerText(since - overlapMs + shift, 'UTC'),
    to: toServerText(upTo + overlapMs + shift, 'UTC'),
  };
}

/** In order, with no value in two of them. */
export function mergeWindows(windows: readonly Window[]): Window[] {
  const merged: Window[] = [];
  for (const window of [...windows].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (!last || window.from > last.to) merged.push({ ...window });
    else if (window.to > last.to) last.to = window.to;
  }
  return merged;
}
