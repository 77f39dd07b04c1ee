import { isHoliday } from './holidays.ts';
import type { Place } from './places/zones-of.ts';
import { type LocalTime, localTime } from './zone-time.ts';

export { leadPlace } from './places/lead-place.ts';
export { type Place, type PlaceMarks, zonesOf } from './places/zones-of.ts';

/** Minutes since midnight: the first at which a call may begin, and the first at which it may not. Null: none that day. */
export type DayHours = readonly [from: number, until: number] | null;

/** When customers of one place may be called, by their own clocks. */
export interface WeekHours {
  weekday: DayHours;
  saturday: DayHours;
  sunday: DayHours;
  /** On holidays, whatever day of the week. (Default: a holiday is like any other day) */
  holiday?: DayHours;
}

export interface CallingHours {
  /** Where no region has its own. */
  standard: WeekHours;
  /** By postal code of the state or province. Each stands alone: it is not narrowed by `standard`. */
  regions: Readonly<Record<string, WeekHours>>;
  /** Holidays of the site's own beside those of the United States: `2026-02-17`. */
  holidays: ReadonlySet<string>;
  /** Taken for a customer of whom no zone is known: all of them must allow the call. None: such a call is always allowed. */
  zonesIfUnknown: readonly string[];
}

/** True when the clocks of every zone in which the customer may be, and the rules of every region, allow a call. */
export function isCallingTime(hours: CallingHours, place: Place, epochMs: number): boolean {
  return judgeCallingTime(hours, place, epochMs).isAllowed;
}

export interface HoursVerdict {
  isAllowed: boolean;
  /** The zone that forbids it, else the first. Empty when there is none. */
  zone: string;
  /** What its clocks show: `2026-11-21 20:14`. */
  localTime: string;
  /** Whose rule it is: a region's code, or `standard`. */
  rule: string;
  /** That rule's hours on that day: `08:00-21:00`, or `none`. */
  hours: string;
}

/** The same with the reason: the first zone and rule that forbid the call, else the first of all. */
export function judgeCallingTime(hours: CallingHours, place: Place, epochMs: number): HoursVerdict {
  const zones = place.zones.length > 0 ? place.zones : hours.zonesIfUnknown;
  const rules = rulesFor(hours, place);
  let first: HoursVerdict | undefined;
  for (const zone of zones) {
    const time = localTime(zone, epochMs);
    for (const [rule, week] of rules) {
      const day = hoursOn(hours, week, time);
      const isAllowed = day !== null && time.minute >= day[0] && time.minute < day[1];
      if (isAllowed && first) continue;
      const verdict = { isAllowed, zone, localTime: renderTime(time), rule, hours: renderHours(day) };
      if (!isAllowed) return verdict;
      first = verdict;
    }
  }
  return first ?? { isAllowed: true, zone: '', localTime: '', rule: 'none', hours: '' };
}

/**
 * The next times (epoch ms) at which the customer may be called, on the slots of the clock (every quarter, half, full hour),
 * none before `fromMs`; fewer than asked when the coming weeks have no more.
 */
export function nextCallingTimes(
  hours: CallingHours,
  place: Place,
  fromMs: number,
  { count, slotMinutes, days = 14 }: { count: number; slotMinutes: number; days?: number },
): number[] {
  const step = slotMinutes * 60_000;
  const times: number[] = [];
  const end = fromMs + days * 86_400_000;
  for (let at = Math.ceil(fromMs / step) * step; at < end && times.length < count; at += step) {
    if (isCallingTime(hours, place, at)) times.push(at);
  }
  return times;
}

function rulesFor(hours: CallingHours, place: Place): readonly (readonly [string, WeekHours])[] {
  const own = place.regions.flatMap((region) => {
    const week = hours.regions[region];
    return week ? [[region, week] as const] : [];
  });
  return own.length < place.regions.length || own.length === 0 ? [...own, ['standard', hours.standard]] : own;
}

function hoursOn(hours: CallingHours, week: WeekHours, time: LocalTime): DayHours {
  if (week.holiday !== undefined && isHoliday(hours.holidays, time)) return week.holiday;
  if (time.weekday === 0) return week.sunday;
  return time.weekday === 6 ? week.saturday : week.weekday;
}

function renderTime({ year, month, day, minute }: LocalTime): string {
  return `${year}-${two(month)}-${two(day)} ${clock(minute)}`;
}

/** Hours as one reads them: `08:00-21:00`, or `none`. */
export function renderHours(day: DayHours): string {
  return day ? `${clock(day[0])}-${clock(day[1])}` : 'none';
}

function clock(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
