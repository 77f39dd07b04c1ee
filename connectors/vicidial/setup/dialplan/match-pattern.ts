const letters: Readonly<Record<string, string>> = { X: '0123456789', Z: '123456789', N: '23456789' };

/** Whether a dialled number fits an extension: `_7700X.`, `_9[2-9]XX!`, or the number itself. */
export function matchesPattern(pattern: string, dialled: string): boolean {
  if (!pattern.startsWith('_')) return pattern === dialled;
  return patternsMeet(pattern, dialled);
}

/** Whether some number fits both. The second is a number or a pattern of one length, such as `_91NXXNXXXXXX`. */
export function patternsMeet(pattern: string, form: string): boolean {
  const [parts, digits] = [partsOf(pattern), partsOf(form)];
  for (const [at, part] of parts.entries()) {
    if (part === '!') return true;
    const digit = digits[at];
    if (digit === undefined) return false;
    if (part === '.') return true;
    const others = fitting(digit);
    if (![...fitting(part)].some((letter) => others.includes(letter))) return false;
  }
  return parts.length === digits.length;
}

/** The digits that a pattern begins with, whatever follows: `_7700X.` gives `7700`. */
export function prefixOf(pattern: string): string {
  if (!pattern.startsWith('_')) return pattern;
  const parts = partsOf(pattern);
  const end = parts.findIndex((part) => !/^[0-9*#+]$/.test(part));
  return parts.slice(0, end < 0 ? parts.length : end).join('');
}

/** Negative when Asterisk takes the first of two that fit: the one whose letters leave less choice, read from the left. */
export function compareExactness(one: string, other: string): number {
  if (one.startsWith('_') !== other.startsWith('_')) return one.startsWith('_') ? 1 : -1;
  const [parts, others] = [partsOf(one), partsOf(other)];
  for (const [at, part] of parts.entries()) {
    const apart = choice(part) - choice(others[at]);
    if (apart !== 0) return apart;
  }
  return parts.length - others.length;
}

function choice(part: string | undefined): number {
  if (part === undefined) return 0;
  if (part === '.') return 1000;
  return part === '!' ? 1001 : fitting(part).length;
}

/** Single letters, and sets in brackets as one part. Nothing counts behind `.` and `!`; other hyphens are for the eye. */
function partsOf(pattern: string): string[] {
  if (!pattern.startsWith('_')) return [...pattern];
  const parts = (pattern.slice(1).match(/\[[^\]]*\]|./g) ?? []).filter((part) => part !== '-');
  const end = parts.findIndex((part) => part === '.' || part === '!');
  return end < 0 ? parts : parts.slice(0, end + 1);
}

/** The characters that a part stands for. */
function fitting(part: string): string {
  if (!part.startsWith('[')) return letters[part.toUpperCase()] ?? part;
  const ranges = part.slice(1, -1).match(/.-.|./g) ?? [];
  return ranges.map((range) => (range.length === 3 ? charactersBetween(range) : range)).join('');
}

function charactersBetween(range: string): string {
  const [first, last] = [range.charCodeAt(0), range.charCodeAt(2)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String.fromCharCode(first + at)).join('');
}
