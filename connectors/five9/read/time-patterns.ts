import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../src/domain/call.ts';
import { instantsOfWall } from '../times.ts';

/** How reports are known, or thought, to write times. Durations and zones are not in them. */
export const timePatterns = [
  'EEE, dd MMM yyyy HH:mm:ss',
  'yyyy-MM-dd HH:mm:ss.SSS',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'MM/dd/yyyy hh:mm:ss a',
  'MM/dd/yyyy HH:mm:ss',
];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const letters: Readonly<Record<string, string>> = {
  EEE: '[A-Za-z]+',
  yyyy: '(?<year>\\d{4})',
  MMM: '(?<monthName>[A-Za-z]{3})[a-z]*',
  MM: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  hh: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<fraction>\\d{1,3})',
  a: '(?<half>[AaPp])\\.?[Mm]\\.?',
};

/** True for a pattern that names a whole day by letters that we know. */
export function isTimePattern(pattern: string): boolean {
  const words = pattern.match(/[A-Za-z]+/g) ?? [];
  const isKnown = words.every((word) => word in letters) && new Set(words).size === words.length;
  return isKnown && /yyyy/.test(pattern) && /MM/.test(pattern) && /dd/.test(pattern);
}

/**
 * A wall-clock text as the instants that it may be, earliest first, by the first pattern that fits: two in the hour that
 * happens twice, none when no pattern fits. An hour that is left out counts as an hour later.
 *
 * @param now epoch ms: a second time that has yet to come is not meant
 */
export function readTimes(text: string, patterns: readonly string[], timeZone: string, now: number): Instant[] {
  for (const pattern of patterns) {
    const groups = regexOf(pattern).exec(text.trim())?.groups;
    const plain = groups && plainOf(groups);
    if (!plain) continue;
    return instantsOfWall(plain, timeZone, now);
  }
  return [];
}

const regexes = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const known = regexes.get(pattern);
  if (known) return known;
  const source = pattern.replace(/[A-Za-z]+|\s+|[^A-Za-z\s]/g, (part) => {
    if (/^\s/.test(part)) return '\\s+';
    return letters[part] ?? part.replace(/[^\w]/, '\\$&');
  });
  const regex = new RegExp(`^${source}$`);
  regexes.set(pattern, regex);
  return regex;
}

function plainOf(groups: Readonly<Record<string, string | undefined>>): Temporal.PlainDateTime | null {
  const { year, month, monthName, day, hour, minute, second, fraction, half } = groups;
  const monthNumber = month ? Number(month) : months.indexOf((monthName ?? '').toLowerCase()) + 1;
  const hours = Number(hour ?? 0);
  const hour24 = half ? (hours % 12) + (/p/i.test(half) ? 12 : 0) : hours;
  const fields = { year: Number(year), month: monthNumber, day: Number(day), hour: hour24 };
  const clock = { minute: Number(minute ?? 0), second: Number(second ?? 0) };
  try {
    const millisecond = Number((fraction ?? '').padEnd(3, '0'));
    return Temporal.PlainDateTime.from({ ...fields, ...clock, millisecond }, { overflow: 'reject' });
  } catch {
    return null;
  }
}
