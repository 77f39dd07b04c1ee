import { describe, expect, it } from 'vitest';
import { javaRegex } from '../../../simulators/five9/ivr/java-regex.ts';

/** What Java's engine finds, as its documentation has it. */
const found: [name: string, pattern: string, flags: number, input: string, groups: (string | undefined)[] | null][] = [
  ['a plain group', '"route":"([^"]*)"', 0, '{"route":"ai"}', ['ai']],
  ['escaped quotes and hyphens', '\\"X\\-a\\":\\"([^\\"]*)\\"', 0, '{"X-a":"1"}', ['1']],
  ['a brace in brackets', '[{]"a":"(.)"}', 0, '{"a":"1"}', ['1']],
  ['a dot that stops at a line end', '(.+)', 0, 'one\ntwo', ['one']],
  ['a dot that stops at a next-line character', '(.+)', 0, 'one\u0085two', ['one']],
  ['flag 32: a dot for everything', '(.+)', 32, 'one\ntwo', ['one\ntwo']],
  ['flag 2: case does not count', '(YES)', 2, 'yes', ['yes']],
  ['flag 8: ^ and $ at each line', '^(b)$', 8, 'a\nb\nc', ['b']],
  ['no flag 8: ^ and $ at the ends', '^(b)$', 0, 'a\nb\nc', null],
  ['$ before the last line end', '(b)$', 0, 'a b\n', ['b']],
  ['\\z only at the very end', '(b)\\z', 0, 'a b\n', null],
  ['flags at the start', '(?is)a(.+)C', 0, 'A\nc', ['\n']],
  ['a group of its own case', '(?i:a)(b)', 0, 'Ab', ['b']],
  ['flag 8: $ before both characters of a line end', '(.)$(\\s)', 8, 'a\r\nb', ['a', '\r']],
  ['flag 8: ^ not after the last line end', '(\\n)^', 8, 'a\n', null],
  ['a line end of two characters as one', '(\\R{2})', 0, 'a\r\nb', null],
  ['a group by name', '(?<first1>a)', 0, 'a', ['a']],
  ['quoted text', '\\Qa.b(\\E(.)', 0, 'a.b(c', ['c']],
  ['a group that took no part', '(a)|(b)', 0, 'b', [undefined, 'b']],
  ['\\s without the wide blanks of Unicode', 'a(\\s)b', 0, 'a\u00A0b', null],
  ['a class of everything', 'a([\\s\\S])b', 0, 'a\u00A0b', ['\u00A0']],
  ['a class of what is not blank', '([\\S]+)', 0, ' a\u00A0b ', ['a\u00A0b']],
  ['a class of ASCII by name', '(\\p{Alpha}+)', 0, 'éab1', ['ab']],
  ['a character beyond 16 bits as one', '^(.)$', 0, '😀', ['😀']],
  ['a bracket that closes at once', '([]a]+)', 0, 'x]a', [']a']],
];

describe('a regular expression of a script', () => {
  it.each(found)('%s', (_name, pattern, flags, input, groups) => {
    const match = javaRegex(pattern, flags).exec(input);

    expect(match ? match.slice(1) : null).toEqual(groups);
  });

  it.each([
    ['a possessive quantifier', '"([^"]*+)"', 0],
    ['an atomic group', '(?>a+)b', 0],
    ['a class inside a class', '[a-z[0-9]]', 0],
    ['an intersection of classes', '[a-z&&[^b]]', 0],
    ['flags in the middle', 'a(?i)b', 0],
    ['a group with a flag of its own', '"(?s:.)"', 0],
    ['a name of a group that Java does not take', '(?<a_b>a)', 0],
    ['a reference back', '(a)?b\\1', 0],
    ['letters beyond ASCII in any case', '(é)', 2],
    ['a brace without a number', '{"a":"(.)"}', 0],
    ['a flag for comments', 'a b', 4],
    ['an escape that nobody knows', '\\y', 0],
  ])('%s is refused', (_name, pattern, flags) => {
    expect(() => javaRegex(pattern, flags)).toThrow(/not simulated|can't be run|Java has no/);
  });
});
