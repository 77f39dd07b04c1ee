/**
 * Splits as Asterisk splits arguments: at a separator outside brackets and quotes; a backslash keeps the next character
 * and goes itself, as quotes do. With a limit the last one takes the rest as it is.
 */
export function splitArguments(text: string, limit = Number.POSITIVE_INFINITY, separator = ','): string[] {
  const values: string[] = [];
  let value = '';
  let parens = 0;
  let brackets = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (values.length + 1 >= limit) return [...values, value + text.slice(at)];
    const character = text[at] ?? '';
    if (character === '\\') {
      at += 1;
      value += text[at] ?? '';
      continue;
    }
    if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    if (character === separator && parens === 0 && brackets === 0 && !isQuoted) {
      values.push(value);
      value = '';
      continue;
    }
    if (character === '(') parens += 1;
    else if (character === ')') parens = Math.max(0, parens - 1);
    else if (character === '[') brackets += 1;
    else if (character === ']') brackets = Math.max(0, brackets - 1);
    value += character;
  }
  return [...values, value];
}

/** The text between the first and the last bracket of `NAME(…)`; null when it is not of that form. */
export function callOf(text: string): { name: string; args: string } | null {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)\(([\s\S]*)\)$/.exec(text.trim());
  return match ? { name: match[1] ?? '', args: match[2] ?? '' } : null;
}
