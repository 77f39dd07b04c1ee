import { snakeName } from '../payload.ts';
import type { Condition } from './config.ts';

export interface Finding {
  holds: boolean;
  /** What was asked and what was there, for the operator's eye: it repeats what the platform said. */
  why: string;
}

/** Whether a condition holds for the insights of a call, by their snake_case names. Plain comparisons: no patterns. */
export function judgeCondition(condition: Condition, insights: Readonly<Record<string, string>>): Finding {
  const value = insights[snakeName(condition.insight)] ?? '';
  const there = `${condition.insight} is ${value ? JSON.stringify(shorten(value)) : 'missing'}`;
  const failed = testsOf(condition, value).find(([holds]) => !holds);
  return failed ? { holds: false, why: `${there}, ${failed[1]}` } : { holds: true, why: there };
}

/** Each test that is asked, and what is said when it fails. */
function testsOf({ is, contains, over, under, exists }: Condition, value: string): [boolean, string][] {
  const tests: [boolean, string][] = [];
  if (exists !== undefined) tests.push([(value !== '') === exists, exists ? 'must exist' : 'must not exist']);
  if (is) tests.push([is.some((each) => isSame(each, value)), `not ${is.join(' or ')}`]);
  if (contains)
    tests.push([contains.some((text) => hasWords(value, text)), `does not contain ${contains.join(' or ')}`]);
  const amount = value === '' ? Number.NaN : Number(value);
  if (over !== undefined) tests.push([amount > over, `not over ${over}`]);
  if (under !== undefined) tests.push([amount < under, `not under ${under}`]);
  return tests;
}

/** `Not Interested`, `not-interested` and `not_interested` are one value. One without letters and digits is no value. */
function isSame(one: string, other: string): boolean {
  return wordsOf(one) !== '' ? wordsOf(one) === wordsOf(other) : one.trim() === other.trim();
}

/** Whole words in a row: "not interested" is not in "is not very interested", nor "art" in "start". */
function hasWords(value: string, text: string): boolean {
  const words = wordsOf(text);
  return words !== '' && `_${wordsOf(value)}_`.includes(`_${words}_`);
}

/** As a name is compared, but with the letters of every language: what customers say is not English everywhere. */
function wordsOf(text: string): string {
  return text
    .normalize('NFC')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

function shorten(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}
