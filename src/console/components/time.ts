import type { Instant } from '../../domain/call.ts';
import { type Html, html } from '../html.ts';
import type { Question } from '../page.ts';

/** By what clock a page tells the time. */
export interface PageClock {
  zone: string;
  now: Instant;
}

export function clockOf({ deps, now }: Pick<Question, 'deps' | 'now'>): PageClock {
  return { zone: deps.console.timeZone, now };
}

/** A moment, short: the time of a day that is today, the day before it else. Its title has the seconds and the zone. */
export function time(
  instant: Instant | null | undefined,
  { zone, now }: PageClock,
  { seconds = false }: { seconds?: boolean } = {},
): Html {
  if (!instant) return html`<span class="quiet">–</span>`;
  const { at, day, year, whole } = shownIn(zone, instant);
  const today = shownIn(zone, now);
  const short = seconds ? at : at.slice(0, 5);
  const dayBefore = year === today.year ? (day === today.day ? '' : `${day}, `) : `${day} ${year}, `;
  return html`<time datetime="${instant}" title="${whole}">${dayBefore}${short}</time>`;
}

/** How long ago it was, or in how long it will be: `3 min ago`, `in 2 h`. */
export function ago(instant: Instant | null | undefined, clock: PageClock): Html {
  if (!instant) return html`<span class="quiet">–</span>`;
  const ms = Date.parse(clock.now) - Date.parse(instant);
  const size = roughly(Math.abs(ms));
  const words = Math.abs(ms) < 1000 ? 'now' : ms > 0 ? `${size} ago` : `in ${size}`;
  return html`<time datetime="${instant}" title="${shownIn(clock.zone, instant).whole}">${words}</time>`;
}

/** A span with the two units that matter: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–';
  const sign = ms < 0 ? '−' : '';
  const size = Math.abs(ms);
  if (size === 0) return '0 s';
  if (size < 100) return `${sign}${Math.round(size)} ms`;
  if (size < 9950) return `${sign}${(size / 1000).toFixed(1)} s`;
  const sec = Math.round(size / 1000);
  for (const [unit, span, lesser, lesserSpan] of twoUnits) {
    if (sec < span) continue;
    const rest = Math.floor((sec % span) / lesserSpan);
    return `${sign}${Math.floor(sec / span)} ${unit}${rest > 0 ? ` ${rest} ${lesser}` : ''}`;
  }
  return `${sign}${sec} s`;
}

const twoUnits = [
  ['d', 86_400, 'h', 3600],
  ['h', 3600, 'min', 60],
  ['min', 60, 's', 1],
] as const;

function roughly(ms: number): string {
  const sec = Math.round(ms / 1000);
  if (sec < 60) return `${sec} s`;
  if (sec < 3600) return `${Math.floor(sec / 60)} min`;
  return sec < 172_800 ? `${Math.floor(sec / 3600)} h` : `${Math.floor(sec / 86_400)} d`;
}

/** Kept, because making one is slow: a page shows hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function shownIn(zone: string, instant: Instant): { at: string; day: string; year: string; whole: string } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const at = `${of('hour')}:${of('minute')}:${of('second')}`;
  const day = `${of('day')} ${of('month')}`;
  const year = of('year');
  return { at, day, year, whole: `${day} ${year}, ${at} ${of('timeZoneName')}` };
}
