import { escapeHtml } from '../domain/escape-html.ts';
import { type Html, trusted } from './html.ts';

export type AttributeValue = string | number | boolean | null | undefined;

/**
 * Attributes of a tag, for those that are not always there: `true` gives the bare name; `false`, null and undefined give
 * nothing. Handlers and styles are refused: the page's policy forbids them anyway.
 */
export function attributes(values: Readonly<Record<string, AttributeValue>>): Html {
  const parts = Object.entries(values).flatMap(([name, value]) => {
    if (!/^[a-z][a-z-]*$/.test(name) || /^(on|style$)/.test(name)) throw new Error(`no attribute ${name} is allowed`);
    if (value === null || value === undefined || value === false) return [];
    return value === true ? name : `${name}="${escapeHtml(String(value))}"`;
  });
  return trusted(parts.join(' '));
}
