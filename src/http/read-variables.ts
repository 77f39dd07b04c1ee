import type { Request } from 'express';
import { readFlatJson } from './read-flat-json.ts';
import { readFlatXml } from './read-flat-xml.ts';
import { decodeText, pairsOfForm, pairsOfMultipart } from './read-form.ts';

const maxVariables = 200;
const maxValueLength = 8000;

/**
 * Everything that a request brings, as flat text: query, then the body as form, JSON or XML, whatever its Content-Type
 * says. A dialer's script splices variables into a template as they are, so the body is read tolerantly, and where a key
 * occurs twice the first one counts.
 */
export function readVariables(request: Pick<Request, 'url' | 'body' | 'get'>): Record<string, string> {
  const body = Buffer.isBuffer(request.body) ? request.body : null;
  return variablesOf(request.url, body, request.get('content-type') ?? '');
}

/** The same of a request's parts. */
export function variablesOf(url: string, body: Buffer | null, contentType: string): Record<string, string> {
  const variables: Record<string, string> = Object.create(null);
  addAll(variables, pairsOfForm(queryOf(url)));
  if (body && body.length > 0) addAll(variables, pairsOfBody(body, contentType));
  return variables;
}

/** Everything behind the first question mark; a value may hold further ones. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

/**
 * Headers that came back with the AI's hang-up, as a script hands them on: each as a variable of its own, or all in one
 * that holds the text of its KVList.
 */
export function withReturnedHeaders(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const list = variables[returnedHeaders];
  if (!list) return variables;
  const all: Record<string, string> = Object.assign(Object.create(null), variables);
  const headers = readFlatJson(list).filter(([name]) => /^x[-_]/i.test(name));
  addAll(all, headers);
  return all;
}

/** The one variable that may hold a list: any other could be a lead's field, and a lead says nothing about outcomes. */
const returnedHeaders = 'returned_headers';

function addAll(variables: Record<string, string>, pairs: Iterable<readonly [string, string]>): void {
  let room = maxVariables - Object.keys(variables).length;
  for (const [name, value] of pairs) {
    const key = name.trim();
    if (key in variables) continue;
    if (room-- <= 0) return;
    variables[key] = value.slice(0, maxValueLength);
  }
}

/** The look of the body is believed before its Content-Type: a script's author sets that by hand, or not at all. */
function pairsOfBody(body: Buffer, contentType: string): Iterable<[string, string]> {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? '';
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(contentType)?.[1];
  if (boundary) return pairsOfMultipart(body, boundary, charset);
  const first = body
    .toString('latin1', 0, 200)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()[0];
  if (first === '{') return readFlatJson(decodeText(body, charset), returnedHeaders);
  if (first === '<') return readFlatXml(decodeText(body, charset));
  return pairsOfForm(body.toString('latin1'), charset);
}
