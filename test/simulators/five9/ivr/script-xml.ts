import { gunzipSync } from 'node:zlib';
import type { XmlElement } from '../xml.ts';

/** The element at the end of a path of child names; the first of each. */
export function child(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let at = element;
  for (const name of path) at = at?.children.find((one) => one.name === name);
  return at;
}

export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

/** The text at the end of a path, as it is; empty when there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string {
  return child(element, ...path)?.text ?? '';
}

/** The text at the end of a path without the blanks around it: for ids, names and switches. */
export function wordAt(element: XmlElement | undefined, ...path: readonly string[]): string {
  return textAt(element, ...path).trim();
}

export function isTrueAt(element: XmlElement | undefined, ...path: readonly string[]): boolean {
  return wordAt(element, ...path) === 'true';
}

/** Large texts of a script are base64 of gzip of UTF-8. */
export function unpack(base64: string): string {
  return base64.trim() === '' ? '' : gunzipSync(Buffer.from(base64, 'base64')).toString('utf8');
}
