import { instantAt, type LocalTime, localTime } from './zone-time.ts';

/** `time`: an exact time (epoch ms). `day`: only the day was named; it begins then. */
export type WantedTime = { kind: 'time'; at: number } | { kind: 'day'; at: number };

/**
 * Reads when a customer wants to be called, in the few forms that a language model is asked for: an ISO time (with an
 * offset, or else by the customer's clock), a day with a time or a part of the day (`tomorrow at 3 pm`, `monday morning`,
 * `2026-03-05 afternoon`), a time alone (the next such), `in 2 hours`. Null for all else: then one asks.
 *
 * @param zone the customer's
 */
export function readWantedTime(text: string, zone: string, nowMs: number): WantedTime | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ').slice(0, 100);
  const instant = readInstant(words);
  if (instant !== null) return exact(instant);
  const span = /^in (an?|\d{1,3}) (minute|hour|day)s?$/.exec(words);
  if (span) {
    const at = nowMs + (Number(span[1]) || 1) * spanMs[span[2] as keyof typeof spanMs];
    // On a round minute, so that the same words some seconds later mean the same.
    return exact(Math.ceil(at / roundMs) * roundMs);
  }

  const today = localTime(zone, nowMs);
  const found = readDay(words, today);
  const day = found?.day ?? dayOf(today);
  const rest = (found?.rest ?? words).replace(/^(t(?=\d)|,)? ?(at |in the |around |about |this )?/, '');
  if (!rest) return found ? { kind: 'day', at: instantAt(zone, day, 0) } : null;
  const minute = readMinute(rest);
  if (minute === null) return null;
  const at = instantAt(zone, day, minute);
  return exact(found || at > nowMs ? at : instantAt(zone, { ...day, day: day.day + 1 }, minute));
}

/** Epoch ms of an ISO time with an offset; null for all else, since a time without one is read by whose clock? */
export function readInstant(text: string): number | null {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)$/i.exec(text.trim()) ?? [];
  const at = Date.parse(text.trim().replace(' ', 'T'));
  const isThere = isDay({ year: Number(year), month: Number(month), day: Number(day) });
  return year !== undefined && isThere && Number.isFinite(at) ? at : null;
}

/** How one says a time to the customer: `tomorrow, Thursday March 5, at 3:30 PM Mountain Time`. */
export function sayTime(atMs: number, zone: string, nowMs: number): string {
  const time = localTime(zone, atMs);
  const days = Math.round((utcDay(time) - utcDay(localTime(zone, nowMs))) / dayMs);
  const date = `${weekdays[time.weekday]} ${months[time.month - 1]} ${time.day}`;
  const day = days === 0 ? 'today' : days === 1 ? `tomorrow, ${date},` : `on ${date}`;
  return `${day} at ${clockWords(time.minute)}${zoneWords(zone)}`;
}

interface Day {
  year: number;
  month: number;
  /** May run over the end of the month. */
  day: number;
}

const dayMs = 86_400_000;
const roundMs = 5 * 60_000;
const spanMs = { minute: 60_000, hour: 3_600_000, day: dayMs };
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const parts = { morning: 10, noon: 12, midday: 12, afternoon: 15, evening: 18, tonight: 18 };

function exact(at: number): WantedTime | null {
  return Number.isFinite(at) ? { kind: 'time', at } : null;
}

/** The day at the beginning of the words, and what follows it. */
function readDay(words: string, today: LocalTime): { day: Day; rest: string } | null {
  const date = /^(?:on )?(\d{4})-(\d{2})-(\d{2})(.*)$/.exec(words);
  if (date) {
    const day = { year: Number(date[1]), month: Number(date[2]), day: Number(date[3]) };
    return isDay(day) ? { day, rest: (date[4] ?? '').trimStart() } : null;
  }
  const named = /^(today|tomorrow|(?:(?:on|next|this) )?(?:sun|mon|tues|wednes|thurs|fri|satur)day)\b(.*)$/.exec(words);
  if (!named) return null;
  const word = named[1] ?? '';
  const weekday = weekdays.findIndex((name) => word.endsWith(name.toLowerCase()));
  // The name of today's day means the one in a week.
  const ahead = weekday >= 0 ? ((weekday - today.weekday + 6) % 7) + 1 : word === 'tomorrow' ? 1 : 0;
  return { day: { ...dayOf(today), day: today.day + ahead }, rest: (named[2] ?? '').trimStart() };
}

/** Minutes since midnight of `3 pm`, `3:30pm`, `15:30`, `15:30:00`, `morning`; null for anything else. */
function readMinute(words: string): number | null {
  if (Object.hasOwn(parts, words)) return parts[words as keyof typeof parts] * 60;
  const match = /^(\d{1,2})(?::(\d{2})(?::\d{2}(?:\.\d+)?)?)? ?([ap])?\.?(?:m\.?)?$/.exec(words);
  if (!match || (!match[2] && !match[3])) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
  if (minute > 59 || hour > (match[3] ? 12 : 23) || (match[3] && hour === 0)) return null;
  const day = match[3] ? (hour % 12) + (match[3] === 'p' ? 12 : 0) : hour;
  return day * 60 + minute;
}

function isDay({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function dayOf({ year, month, day }: LocalTime): Day {
  return { year, month, day };
}

function utcDay({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

function clockWords(minute: number): string {
  const hour = Math.floor(minute / 60);
  const past = minute % 60;
  return `${hour % 12 || 12}${past ? `:${String(past).padStart(2, '0')}` : ''} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** ` Mountain Time`; nothing for a zone that is only an offset. */
function zoneWords(zone: string): string {
  if (/^UTC[+-]/.test(zone)) return '';
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longGeneric' });
  return ` ${format.formatToParts(0).find(({ type }) => type === 'timeZoneName')?.value ?? zone}`;
}
