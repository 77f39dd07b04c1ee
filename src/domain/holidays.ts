import type { LocalTime } from './zone-time.ts';

type Day = Pick<LocalTime, 'year' | 'month' | 'day' | 'weekday'>;

/**
 * True on a federal holiday of the United States, on the day on which it is observed, and on the site's own
 * (`2026-02-17`).
 */
export function isHoliday(own: ReadonlySet<string>, day: Day): boolean {
  if (isFixed(day.month, day.day) || isObserved(day) || isMoving(day)) return true;
  return own.has(`${day.year}-${String(day.month).padStart(2, '0')}-${String(day.day).padStart(2, '0')}`);
}

/** New Year, Juneteenth, Independence Day, Veterans Day, Christmas: month × 100 + day. */
const fixed = new Set([101, 619, 704, 1111, 1225]);

function isFixed(month: number, day: number): boolean {
  return fixed.has(month * 100 + day);
}

/** One that falls on a Saturday is observed on Friday, one on a Sunday on Monday. */
function isObserved({ year, month, day, weekday }: Day): boolean {
  if (weekday !== 1 && weekday !== 5) return false;
  const neighbour = new Date(Date.UTC(year, month - 1, day + (weekday === 5 ? 1 : -1)));
  return isFixed(neighbour.getUTCMonth() + 1, neighbour.getUTCDate());
}

/** Third Mondays: King, Washington; last Monday of May: Memorial; first of September: Labor; second of October: Columbus. */
function isMoving({ month, day, weekday }: Day): boolean {
  const which = Math.ceil(day / 7);
  if (weekday === 4) return month === 11 && which === 4;
  if (weekday !== 1) return false;
  if (month === 1 || month === 2) return which === 3;
  if (month === 5) return day > 24;
  return (month === 9 && which === 1) || (month === 10 && which === 2);
}
