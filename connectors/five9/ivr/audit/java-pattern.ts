/** A regular expression of Java as one of JavaScript. */
export type Translation =
  | { kind: 'pattern'; source: string; flags: string; groups: number }
  /** Java would refuse it. */
  | { kind: 'broken'; why: string }
  /** Java may take it, JavaScript can't. */
  | { kind: 'unknown'; why: string };

/** Bits of java.util.regex.Pattern. */
const bits = { caseInsensitive: 2, multiline: 8, dotall: 32 };
const maxLength = 5000;
const blanks = ' \\t\\n\\x0B\\f\\r';

/**
 * Translates Java's syntax. Possessive and atomic groups become ordinary ones: those find all that the stricter ones find,
 * so what is never found here is never found there.
 *
 * @param flags as Five9 keeps them
 */
export function translateJava(pattern: string, flags: number): Translation {
  if (pattern.length > maxLength) return unknown(`it is longer than ${maxLength} characters`);
  const [lead, inline] = /^\(\?([a-zA-Z]+)\)/.exec(pattern) ?? ['', ''];
  if (/[^imsu]/.test(inline ?? '')) return unknown(`the flags (?${inline}) can't be judged`);
  const isOn = (bit: number, letter: string) => (flags & bit) !== 0 || (inline ?? '').includes(letter);
  const isDotall = isOn(bits.dotall, 's');
  const body = translate(pattern.slice((lead ?? '').length), isDotall);
  if (body.kind !== 'pattern') return body;
  const jsFlags = `u${isOn(bits.caseInsensitive, 'i') ? 'i' : ''}${isOn(bits.multiline, 'm') ? 'm' : ''}${isDotall ? 's' : ''}`;
  try {
    new RegExp(body.source, jsFlags);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split(/\/[a-z]*: /).at(-1) ?? '') : '';
    return brokenInJava.test(why) ? { kind: 'broken', why: why.toLowerCase() } : unknown(why.toLowerCase());
  }
  return { kind: 'pattern', source: body.source, flags: jsFlags, groups: body.groups };
}

/** What JavaScript says of patterns that Java does not compile either. */
const brokenInJava =
  /unterminated|unmatched|nothing to repeat|lone quantifier|incomplete quantifier|out of order|at end of pattern|invalid group/i;

type Body = { kind: 'pattern'; source: string; groups: number } | Exclude<Translation, { kind: 'pattern' }>;

function translate(source: string, isDotall: boolean): Body {
  let js = '';
  let groups = 0;
  let isClass = false;
  let index = 0;
  while (index < source.length) {
    const rest = source.slice(index, index + 200);
    if (rest.startsWith('\\Q')) {
      const end = source.indexOf('\\E', index + 2);
      const quoted = source.slice(index + 2, end < 0 ? undefined : end);
      js += quoted.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === '-' && !isClass ? '-' : `\\${sign}`));
      index = end < 0 ? source.length : end + 2;
      continue;
    }
    if (rest.startsWith('\\')) {
      const token = readEscape(rest, isClass);
      if (typeof token !== 'string') return token;
      const [text = '', length = '2'] = token.split('\0');
      js += text;
      index += Number(length);
      continue;
    }
    if (isClass) {
      if (rest.startsWith('[') || rest.startsWith('&&')) return unknown('a class inside a class');
      if (rest.startsWith(']')) isClass = false;
      js += rest[0];
      index += 1;
      continue;
    }
    if (rest.startsWith('[')) {
      const opening = /^\[\^?\]?/.exec(rest)?.[0] ?? '[';
      js += opening.replace(/\]$/, '\\]');
      isClass = true;
      index += opening.length;
      continue;
    }
    if (/^\(\?[imsuxdU-]+[:)]/.test(rest)) return unknown('flags in the middle');
    if (/^\(\?<\w*_\w*>/.test(rest)) return { kind: 'broken', why: 'the name of a group has a _' };
    if (rest.startsWith('(?>')) {
      js += '(?:';
      index += 3;
      continue;
    }
    if (rest.startsWith('(') && !/^\(\?(?![<][A-Za-z])/.test(rest)) groups += 1;
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/.exec(rest)?.[0];
    if (quantifier) {
      js += quantifier.length > 1 && quantifier.endsWith('+') ? quantifier.slice(0, -1) : quantifier;
      index += quantifier.length;
      continue;
    }
    if (rest.startsWith('{')) return { kind: 'broken', why: 'a { that is no repetition must be written \\{' };
    js += plain(rest[0] ?? '', isDotall);
    index += 1;
  }
  return { kind: 'pattern', source: js, groups };
}

function plain(character: string, isDotall: boolean): string {
  if (character === ']' || character === '}') return `\\${character}`;
  return character === '.' && !isDotall ? '[^\\n\\r\\u0085\\u2028\\u2029]' : character;
}

const whole: Readonly<Record<string, string>> = {
  s: `[${blanks}]`,
  S: `[^${blanks}]`,
  h: '[ \\t\\xA0]',
  H: '[^ \\t\\xA0]',
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=(?:\\r\\n|[\\n\\r])?(?![\\s\\S]))',
  R: '(?:\\r\\n|[\\n\\r\\x0B\\f])',
  a: '\\x07',
  e: '\\x1B',
  v: '[\\n\\x0B\\f\\r]',
};
const inClass: Readonly<Record<string, string>> = { s: blanks, h: ' \\t\\xA0', a: '\\x07', e: '\\x1B' };

/** The text, and after a NUL how many characters it stands for, where these are not two. */
function readEscape(rest: string, isClass: boolean): string | Exclude<Translation, { kind: 'pattern' }> {
  const letter = rest[1] ?? '';
  if (letter === '') return { kind: 'broken', why: 'a backslash at its end' };
  const long = /^\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|k<\w+>|c[A-Za-z])/.exec(rest)?.[0];
  if (long) return `${long}\0${long.length}`;
  // In a class, JavaScript's \S differs from Java's by a few rare blanks only.
  if (/[dDwWtnrf]/.test(letter) || (letter === 'S' && isClass) || (/[bB1-9]/.test(letter) && !isClass))
    return `\\${letter}`;
  const special = (isClass ? inClass : whole)[letter];
  if (special !== undefined) return special;
  if (/[pPxuN0GXEbBSHvcQ]/.test(letter)) return unknown(`\\${letter}`);
  if (/[A-Za-z]/.test(letter)) return { kind: 'broken', why: `\\${letter} means nothing` };
  return /[\\^$.*+?()[\]{}|/]/.test(letter) || (isClass && letter === '-') ? `\\${letter}` : letter;
}

function unknown(why: string): { kind: 'unknown'; why: string } {
  return { kind: 'unknown', why };
}
