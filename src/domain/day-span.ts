import type { Instant } from './call.ts';
import { hourOf } from './call-hours.ts';
import { instantAt, localTime } from './zone-time.ts';

/** A day of a calendar: `2026-03-02`. */
export type Day = string;

/** Whole days by the clocks of a zone, and the days that they are compared with. */
export interface DaySpan {
  firstDay: Day;
  lastDay: Day;
  /** How many days. */
  days: number;
  from: Instant;
  before: Instant;
  previous: { from: Instant; before: Instant; words: string };
}

export const spanNames = ['today', 'yesterday', '7-days', '30-days'] as const;
export type SpanName = (typeof spanNames)[number];

/** So many days at most are looked at together. */
export const mostDays = 400;

/** The day that the clocks of a zone show at a moment. */
export function dayOf(zone: string, at: Instant): Day {
  const { year, month, day } = localTime(zone, Date.parse(at));
  return dayText(Date.UTC(year, month - 1, day));
}

/** When a day begins in a zone. */
export function startOfDay(zone: string, day: Day): Instant {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(instantAt(zone, { year, month, day: date }, 0)).toISOString();
}

export function addDays(day: Day, count: number): Day {
  return dayText(Date.parse(day) + count * dayMs);
}

/** Whether a text names a day that there is. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) && dayText(at) === text;
}

/** A span by its name. Today is compared with the same hours of yesterday; days before today with as many before them. */
export function namedSpan(name: SpanName, zone: string, now: Instant): DaySpan {
  const today = dayOf(zone, now);
  if (name === 'today') return todaySpan(zone, today, now);
  const days = { yesterday: 1, '7-days': 7, '30-days': 30 }[name];
  return spanOfDays(zone, addDays(today, -days), addDays(today, -1));
}

/** From one day to another, both with it. Text instead of a span says what is wrong with them. */
export function readSpan(zone: string, firstDay: string, lastDay: string): DaySpan | string {
  if (!isDay(firstDay) || !isDay(lastDay)) return 'Give both days as 2026-03-02: year, month, day.';
  if (firstDay > lastDay) return 'The first day must not come after the last.';
  const span = spanOfDays(zone, firstDay, lastDay);
  return span.days > mostDays ? `At most ${mostDays} days can be looked at together.` : span;
}

/** Whole days up to yesterday. */
export function lastDays(zone: string, now: Instant, days: number): DaySpan {
  const yesterday = addDays(dayOf(zone, now), -1);
  return spanOfDays(zone, addDays(yesterday, 1 - days), yesterday);
}

const dayMs = 86_400_000;

function todaySpan(zone: string, today: Day, now: Instant): DaySpan {
  const span = spanOfDays(zone, today, today);
  const elapsed = Date.parse(hourOf(zone, now)) - Date.parse(span.from);
  const before = new Date(Date.parse(span.previous.from) + elapsed).toISOString();
  return { ...span, previous: { ...span.previous, before, words: 'the same hours of yesterday' } };
}

function spanOfDays(zone: string, firstDay: Day, lastDay: Day): DaySpan {
  const days = Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / dayMs) + 1;
  const from = startOfDay(zone, firstDay);
  return {
    firstDay,
    lastDay,
    days,
    from,
    before: startOfDay(zone, addDays(lastDay, 1)),
    previous: {
      from: startOfDay(zone, addDays(firstDay, -days)),
      before: from,
      words: days === 1 ? 'the day before' : `the ${days} days before`,
    },
  };
}

function dayText(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}
