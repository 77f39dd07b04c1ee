import type { Request } from 'express';

const maxVariables = 200;
const maxValueLength = 8000;

/**
 * Everything that a request brings, as flat text: query, then form or JSON body. A dialer's script splices variables
 * into a JSON template as they are, so the body is read tolerantly, and where a key occurs twice the first one counts.
 */
export function readVariables(request: Request): Record<string, string> {
  const variables: Record<string, string> = Object.create(null);
  addAll(variables, pairsOfForm(queryOf(request.url)));
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if (body) addAll(variables, looksLikeJson(request, body) ? readFlatJson(body) : pairsOfForm(body));
  return variables;
}

/** Everything behind the first question mark; a value may hold further ones. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

function addAll(variables: Record<string, string>, pairs: Iterable<readonly [string, string]>): void {
  let room = maxVariables - Object.keys(variables).length;
  for (const [key, value] of pairs) {
    if (key in variables) continue;
    if (room-- <= 0) return;
    variables[key] = value.slice(0, maxValueLength);
  }
}

function pairsOfForm(text: string): [string, string][] {
  return [...new URLSearchParams(text)];
}

function looksLikeJson(request: Request, body: string): boolean {
  return /json/i.test(request.get('content-type') ?? '') || body.trimStart().startsWith('{');
}

const keyPattern = /([{,])\s*"([A-Za-z0-9_.@-]{1,80})"\s*:/g;

/**
 * Reads `{"key":"value",…}` even when a spliced value holds quotes or line breaks: a value reaches to the next
 * `,"key":` or to the end. Nested values stay as their text; `null` counts as empty.
 */
export function readFlatJson(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const keys = topLevelKeys(text);
  for (const [index, key] of keys.entries()) {
    const next = keys[index + 1];
    const raw = text.slice(
      key.end,
      next ? next.start : text.lastIndexOf('}') > key.end ? text.lastIndexOf('}') : undefined,
    );
    pairs.push([key.name, readValue(raw.trim())]);
  }
  return pairs;
}

interface KeyPlace {
  name: string;
  start: number;
  end: number;
}

function topLevelKeys(text: string): KeyPlace[] {
  const isGood = isJson(text);
  const places: KeyPlace[] = [];
  for (const match of text.matchAll(keyPattern)) {
    const [whole, opener, name] = match;
    if (isGood ? depthAt(text, match.index) !== (opener === '{' ? 0 : 1) : opener === '{' && places.length > 0)
      continue;
    places.push({ name: String(name), start: match.index, end: match.index + whole.length });
  }
  return places;
}

/** How many objects and lists are open before a place of good JSON; inside a text it is -1. */
function depthAt(text: string, place: number): number {
  let depth = 0;
  let isText = false;
  for (let index = 0; index < place; index += 1) {
    const character = text[index];
    if (isText && character === '\\') index += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === '{' || character === '[')) depth += 1;
    else if (!isText && (character === '}' || character === ']')) depth -= 1;
  }
  return isText ? -1 : depth;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readValue(raw: string): string {
  try {
    const value: unknown = JSON.parse(raw);
    if (value === null) return '';
    return typeof value === 'string' ? value : typeof value === 'object' ? raw : String(value);
  } catch {
    return raw
      .replace(/^"/, '')
      .replace(/"$/, '')
      .replace(/[\r\n\t]+/g, ' ');
  }
}
