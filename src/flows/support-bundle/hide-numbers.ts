import { isCorrelationId } from '../../domain/correlation-id.ts';

export const numberMark = '[number]';

/** Digits of any script, and what people put between them. */
const digit = '\\p{Nd}';
const between =
  '(?:[ \\t\\u00a0\\u00ad\\u2000-\\u200f\\u202f\\u2060\\ufeff./()_\\u2010-\\u2015-]|%20|%28|%29|%2[Dd]|&nbsp;){0,3}';
const candidate = new RegExp(`(?:\\+|%2[Bb]|\\()?${digit}(?:${between}${digit}){6,}`, 'gu');
/** Three, three and four digits, whatever stands between them: `303·555·0111`, `["303","555","0111"]`. */
const apart = '(?:[^\\p{L}\\p{N}]|\\\\n){1,6}';
const grouped = new RegExp(`(?<!${digit})${digit}{3}${apart}${digit}{3}${apart}${digit}{4}(?!${digit})`, 'gu');

/**
 * What has many digits and is no number of a person: kept as it is, wherever it stands. Each is told by its whole form, so
 * that nothing that could be dialled fits.
 */
const kept = new RegExp(
  [
    // Instants and dates: 2026-11-21T14:03:07.120Z, 2026-11-21 14:03:07, 2026-11-21.
    '20\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:[T ][0-2]\\d[:-][0-5]\\d(?:[:-][0-5]\\d(?:[.,]\\d{1,6})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?(?!\\d)',
    // UUIDs.
    '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])',
    // IPv4, with a port or without.
    '(?<!\\d[.-])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?::\\d{1,5})?(?!\\d|[.-]\\d)',
    // A unique ID of Asterisk: seconds since 1970, and a count.
    '1[5-9]\\d{8}\\.\\d{1,6}(?![\\d.-])',
    // A caller code: a letter, time and lead.
    '[A-Z]\\d{19}(?![0-9A-Za-z])',
    // Hex digests of 32 characters and more, letters among them.
    '(?=[0-9a-f]*[a-f])[0-9a-f]{32,128}(?![0-9A-Za-z])',
    // Our correlation IDs, if the check character bears it out.
    '[0-9a-hjkmnp-tv-z]{14}(?![0-9A-Za-z])',
  ]
    .map((form) => `(?:${form})`)
    .join('|'),
  'gu',
);

/** Fewer can't be dialled. */
const fewest = 7;

/** What stands in the place of something that was found. */
type MarkOf = (found: string) => string;

/**
 * Puts a mark in the place of whatever can be a phone number: with or without country code, with blanks, dots, hyphens,
 * brackets, or as a URL writes them; seven digits and more. Better one count too many hidden than one number shown.
 */
export function hideNumbers(text: string, markOf: MarkOf = () => numberMark): string {
  let clean = '';
  let from = 0;
  for (const match of text.matchAll(kept)) {
    const before = text[match.index - 1] ?? '';
    if (!isKept(match[0], before) || match.index < from) continue;
    clean += hideIn(text.slice(from, match.index), markOf) + match[0];
    from = match.index + match[0].length;
  }
  return clean + hideIn(text.slice(from), markOf);
}

function isKept(word: string, before: string): boolean {
  if (/[\p{L}\p{Nd}+(]/u.test(before)) return false;
  return word.length !== 14 || !/^[0-9a-z]{14}$/.test(word) || (isCorrelationId(word) && /[a-z]/.test(word));
}

function hideIn(text: string, markOf: MarkOf): string {
  return text
    .replace(candidate, (found) => ((found.match(/\p{Nd}/gu) ?? []).length >= fewest ? markOf(found) : found))
    .replace(grouped, markOf);
}
