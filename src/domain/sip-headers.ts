/** An ordered list of SIP headers, names `X-…`. */
export type SipHeader = readonly [name: string, value: string];

export interface HeaderBudget {
  /** Names and values with `: ` and line break, in bytes. (Default: 300 on UDP, 2048 on TCP and Five9) */
  bytes: number;
  /** (Default: 10, Five9's limit) */
  count: number;
  charset: 'utf8' | 'ascii';
}

const maxValueBytes = 255;

/**
 * Cuts and cleans headers to what a SIP leg can carry. What does not fit is dropped from the end (configured priority)
 * and named. Empty values are left out.
 */
export function fitHeaders(
  headers: readonly SipHeader[],
  budget: HeaderBudget,
): { headers: SipHeader[]; dropped: string[] } {
  const kept: SipHeader[] = [];
  const dropped: string[] = [];
  let used = 0;
  for (const [name, raw] of headers) {
    const value = cleanHeaderValue(raw, budget.charset);
    if (!value || !isHeaderName(name)) continue;
    const size = name.length + Buffer.byteLength(value) + 4;
    if (kept.length >= budget.count || used + size > budget.bytes) {
      dropped.push(name);
      continue;
    }
    used += size;
    kept.push([name, value]);
  }
  return { headers: kept, dropped };
}

/** `X-` and letters, digits, `_`, `-`. Names come from configuration only. */
export function isHeaderName(name: string): boolean {
  return /^X-[A-Za-z0-9_-]{1,60}$/.test(name);
}

/** The variable that a platform makes of a header: `X-Lead-ID` is `lead_id`. */
export function variableOfHeader(name: string): string {
  return name.slice(2).toLowerCase().replaceAll('-', '_');
}

/**
 * Makes a text harmless in every way that it can travel to a SIP leg (AGI, ARRAY, HASH, KVList): no control
 * characters, no backslash, no double quote, single blanks, at most 255 bytes.
 */
export function cleanHeaderValue(text: string, charset: 'utf8' | 'ascii' = 'utf8'): string {
  return cleanText(charset === 'ascii' ? transliterate(text) : text, maxValueBytes);
}

/** What most values are, and has nothing to clean: words of printable ASCII without quote and backslash. */
const plainWords = /^(?:[!#-[\]-~]+(?: [!#-[\]-~]+)*)?$/;

/** Marks that turn the direction of writing, by which a text can look like another one; and what XML does not allow. */
const invisible = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** The same cleaning for text of any length, cut to so many bytes of UTF-8. */
export function cleanText(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && plainWords.test(text)) return text;
  const clean = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(invisible, '')
    .replaceAll('\\', '/')
    .replaceAll('"', "'")
    .replace(/ {2,}/g, ' ')
    .trim();
  return cutBytes(clean, maxBytes).trim();
}

/** Cuts a text to at most so many bytes of UTF-8, never inside a character. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    cut += character;
  }
  return cut;
}

const special: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  '’': "'",
  '–': '-',
  '—': '-',
};

/** Letters with marks become plain ones; what has no plain form is left out. */
export function transliterate(text: string): string {
  return text
    .replace(/[ßæÆœŒøØłŁđĐ’–—]/g, (character) => special[character] ?? '')
    .normalize('NFKD')
    .replace(/[^ -~]/g, '');
}
