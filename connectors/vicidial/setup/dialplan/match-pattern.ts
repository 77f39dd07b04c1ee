const letters: Readonly<Record<string, string>> = { X: '[0-9]', Z: '[1-9]', N: '[2-9]', '.': '.+', '!': '.*' };

/** Whether a dialled number fits an extension: `_7700X.`, `_9[2-9]XX!`, or the number itself. */
export function matchesPattern(pattern: string, dialled: string): boolean {
  if (!pattern.startsWith('_')) return pattern === dialled;
  return new RegExp(`^${partsOf(pattern).map(sourceOf).join('')}$`).test(dialled);
}

/** The digits that a pattern begins with, whatever follows: `_7700X.` gives `7700`. */
export function prefixOf(pattern: string): string {
  if (!pattern.startsWith('_')) return pattern;
  const parts = partsOf(pattern);
  const end = parts.findIndex((part) => !/^[0-9*#+]$/.test(part));
  return parts.slice(0, end < 0 ? parts.length : end).join('');
}

/** Single letters, and sets in brackets as one part. Nothing counts behind `.` and `!`. */
function partsOf(pattern: string): string[] {
  const parts = pattern.slice(1).match(/\[[^\]]*\]|./g) ?? [];
  const end = parts.findIndex((part) => part === '.' || part === '!');
  return end < 0 ? parts : parts.slice(0, end + 1);
}

function sourceOf(part: string): string {
  if (part.startsWith('[')) return /^\[[0-9*#-]+\]$/.test(part) ? part : '(?!)';
  return letters[part.toUpperCase()] ?? part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
