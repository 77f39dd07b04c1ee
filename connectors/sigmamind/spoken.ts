import { jsonText } from './json-text.ts';

const most = 500_000;

/** What was spoken, where an event or a record brings it: a text, or a list that is kept as it is. */
export function readSpoken(value: unknown): string {
  const text = typeof value === 'string' ? value : Array.isArray(value) ? jsonText(value) : '';
  return text.trim().toWellFormed().slice(0, most);
}

/** True for the name of a value that holds what was spoken: it is no field of an outcome. */
export function isSpoken(name: string): boolean {
  return /transcript/i.test(name);
}

/** The others. */
export function withoutSpoken(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isSpoken(name)));
}
