/**
 * The regular expression for the Query module that reads keys of an answer: a group each. One rule for all, because
 * Five9 may take only the first rule that fits. Means the same in Java, with the flags 0, 2, 32 and 34, and in JavaScript.
 *
 * @param keys in the order of the answer; some may be left out
 * @param format as the request's `format` asks for (Default: json)
 */
export function answerRegex(keys: readonly string[], format: AnswerFormat = 'json'): string {
  return keys.map((key) => ofOne[format](key.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))).join(anything);
}

export { outcomeKeys, registerKeys } from '../../../src/domain/answer-keys.ts';

type AnswerFormat = 'json' | 'text' | 'xml';

/** Every character, line ends of any kind as well: a plain dot needs the flag 32 for them. */
const anything = '[\\s\\S]*?';

/** A value never holds what ends it: no `"` in JSON and XML, no line break in text. */
const ofOne: Record<AnswerFormat, (key: string) => string> = {
  json: (key) => `"${key}":"([^"]*)"`,
  // At the start or behind a line break, said without a bar, which a table of a page would have to escape.
  text: (key) => `(?<![^\\n])${key}=([^\\n]*)`,
  xml: (key) => `<var name="${key}" expr="([^"]*)"/>`,
};
