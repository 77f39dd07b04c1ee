/** Bits of java.util.regex.Pattern. */
const bits = { caseInsensitive: 2, multiline: 8, dotall: 32 };
const known = 2 | 8 | 32;

const lineEnds = '\\n\\r\\u0085\\u2028\\u2029';
/** Java's ^ and $ with flag 8; without it, $ also stands before the last line end of the text. */
const lineStart = '(?:(?<![\\s\\S])|(?<=[\\n\\u0085\\u2028\\u2029]|\\r(?!\\n)))(?=[\\s\\S])';
const lineEnd = '(?=[\\r\\u0085\\u2028\\u2029]|(?<!\\r)\\n|(?![\\s\\S]))';
const textEnd = `(?=(?:\\r\\n|[${lineEnds}])?(?![\\s\\S]))`;
const blanks = ' \\t\\n\\x0B\\f\\r';
/** What JavaScript counts as blank and Java does not. */
const wideBlanks = '\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF';
/** Java's own names for classes of ASCII characters. */
const posix: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: blanks,
};

/**
 * A Java regular expression as a JavaScript one that finds the same. What differs is translated (`.`, `$`, `\s`, `\Q…\E`,
 * escapes); what JavaScript can't do, or does otherwise, throws an Error: possessive quantifiers, atomic groups, nested
 * classes, other flags, references back, flag 2 with letters beyond ASCII. Not the same: \b beside such letters, in
 * which Java's versions differ, and ſ and the sign for kelvin in a text that is read with flag 2.
 *
 * @param flags as Five9 keeps them: 2 case-insensitive, 8 multiline, 32 dotall
 */
export function javaRegex(pattern: string, flags = 0): RegExp {
  if ((flags & ~known) !== 0) throw new Error(`the flags ${flags} of a regular expression are not simulated`);
  const inline = /^\(\?([ims]+)\)/.exec(pattern)?.[1] ?? '';
  const source = inline ? pattern.slice(inline.length + 3) : pattern;
  const isOn = (bit: number, letter: string) => (flags & bit) !== 0 || inline.includes(letter);
  const mode = { isMultiline: isOn(bits.multiline, 'm'), isDotall: isOn(bits.dotall, 's') };
  const isAnyCase = isOn(bits.caseInsensitive, 'i') || /\(\?[a-z]*i/.test(source);
  // Java's flag 2 is about ASCII only.
  if (isAnyCase && /\P{ASCII}/u.test(source)) throw new Error('letters beyond ASCII in any case are not simulated');
  const jsFlags = `u${isOn(bits.caseInsensitive, 'i') ? 'i' : ''}${mode.isDotall ? 's' : ''}`;
  try {
    return new RegExp(translate(source, mode), jsFlags);
  } catch (error) {
    throw new Error(
      `the regular expression ${pattern} can't be run: ${error instanceof Error ? error.message : error}`,
    );
  }
}

interface Mode {
  isMultiline: boolean;
  isDotall: boolean;
}

function translate(source: string, mode: Mode): string {
  let js = '';
  let index = 0;
  let isClass = false;
  while (index < source.length) {
    const rest = source.slice(index);
    const token = isClass ? tokenInClass(rest) : tokenOutside(rest, mode);
    js += token.js;
    index += token.length;
    if (token.opens) isClass = true;
    if (token.closes) isClass = false;
  }
  return js;
}

interface Token {
  js: string;
  length: number;
  opens?: boolean;
  closes?: boolean;
}

function tokenOutside(rest: string, mode: Mode): Token {
  const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
  if (quoted) return { js: (quoted[1] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), length: quoted[0].length };
  if (rest.startsWith('(?>')) throw new Error('atomic groups are not simulated');
  if (/^\(\?[a-z]*(?:-[a-z]+)?\)|^\(\?(?!-?i:)[a-z-]+:/.test(rest)) {
    throw new Error('flags in the middle are not simulated, but for the i of a group');
  }
  if (/^\(\?<\w*_/.test(rest)) throw new Error('Java has no _ in the name of a group');
  if (/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/.test(rest)) throw new Error('possessive quantifiers are not simulated');
  const quantifier = /^\{\d+(?:,\d*)?\}/.exec(rest)?.[0];
  if (quantifier) return { js: quantifier, length: quantifier.length };
  if (rest.startsWith('[')) {
    // A bracket that closes at once stands for itself in Java, and ends the class in JavaScript.
    const opening = /^\[\^?\]?/.exec(rest)?.[0] ?? '[';
    return { js: opening.replace(/\]$/, '\\]'), length: opening.length, opens: true };
  }
  if (rest.startsWith('\\')) return readEscape(rest, false);
  if (rest.startsWith('.')) return { js: mode.isDotall ? '.' : `[^${lineEnds}]`, length: 1 };
  if (rest.startsWith('^') && mode.isMultiline) return { js: lineStart, length: 1 };
  if (rest.startsWith('$')) return { js: mode.isMultiline ? lineEnd : textEnd, length: 1 };
  const [character = ''] = rest;
  return { js: character === ']' || character === '}' ? `\\${character}` : character, length: character.length };
}

function tokenInClass(rest: string): Token {
  if (rest.startsWith(']')) return { js: ']', length: 1, closes: true };
  if (rest.startsWith('[')) throw new Error('a class inside a class is not simulated');
  if (rest.startsWith('&&')) throw new Error('the intersection of classes is not simulated');
  if (rest.startsWith('\\')) return readEscape(rest, true);
  const [character = ''] = rest;
  return { js: character, length: character.length };
}

function readEscape(rest: string, isClass: boolean): Token {
  const named = /^\\([pP])\{(\w+)\}/.exec(rest);
  if (named) {
    const [whole, letter, name = ''] = named;
    const set = posix[name];
    if (!set) return { js: whole, length: whole.length };
    if (isClass && letter === 'P') throw new Error(`${whole} inside a class is not simulated`);
    return { js: isClass ? set : `[${letter === 'P' ? '^' : ''}${set}]`, length: whole.length };
  }
  const code = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest);
  if (code) return { js: `\\u{${code[1]}}`, length: code[0].length };
  const plain = /^\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[dDwWbBtnrf])/.exec(rest)?.[0];
  if (plain) return { js: plain, length: plain.length };
  const second = rest[1] ?? '';
  const special = specialEscape(second, isClass);
  if (special !== undefined) return { js: special, length: 2 };
  if (/[A-Za-z0-9]/.test(second) || second === '') throw new Error(`\\${second} is not simulated`);
  // Any other character stands for itself; JavaScript wants the backslash before its own signs only.
  const needsIt = /[\\^$.*+?()[\]{}|/]/.test(second) || (isClass && second === '-');
  return { js: needsIt ? `\\${second}` : second, length: 2 };
}

function specialEscape(letter: string, isClass: boolean): string | undefined {
  if (letter === 's') return isClass ? blanks : `[${blanks}]`;
  if (letter === 'a') return '\\x07';
  if (letter === 'e') return '\\x1B';
  if (letter === 'h') return isClass ? ' \\t\\xA0' : '[ \\t\\xA0]';
  if (isClass && letter === 'S') return `\\S${wideBlanks}`;
  if (isClass) return undefined;
  if (letter === 'S') return `[^${blanks}]`;
  if (letter === 'A') return '(?<![\\s\\S])';
  if (letter === 'z') return '(?![\\s\\S])';
  if (letter === 'Z') return textEnd;
  if (letter === 'R') return `(?:\\r\\n|(?!\\r\\n)[${lineEnds}\\x0B\\f])`;
  return undefined;
}
