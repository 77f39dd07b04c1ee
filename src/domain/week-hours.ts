import type { DayHours, WeekHours } from './calling-hours.ts';

/**
 * Reads `08:00-20:00, 10:00-17:00, none, none`: weekday, Saturday, Sunday, holiday. What is left out at the end is as the day
 * before it; holidays are then like any other day.
 *
 * @throws RangeError where there is anything else
 */
export function weekHours(text: string): WeekHours {
  const days = text.split(',').map((day) => dayHours(day.trim()));
  const [weekday = null, saturday = weekday, sunday = saturday, holiday] = days;
  if (days.length > 4) throw new RangeError(`"${text}" has more than weekday, Saturday, Sunday and holiday`);
  return { weekday, saturday, sunday, ...(holiday !== undefined && { holiday }) };
}

const span = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

function dayHours(text: string): DayHours {
  if (text === 'none') return null;
  const [fromHour = 0, fromMinute = 0, untilHour = 0, untilMinute = 0] = span.exec(text)?.slice(1).map(Number) ?? [];
  const from = fromHour * 60 + fromMinute;
  const until = untilHour * 60 + untilMinute;
  if (from >= until || until > 1440) throw new RangeError(`"${text}" is not a span such as 08:00-20:00, nor none`);
  return [from, until];
}
