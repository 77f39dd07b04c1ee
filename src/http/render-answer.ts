import { cleanHeaderValue, cleanText } from '../domain/sip-headers.ts';

export type AnswerFormat = 'json' | 'text' | 'xml';

/** One key of an answer. `code` values keep to a safe alphabet; `text` ones are only cleaned. */
export interface AnswerEntry {
  key: string;
  value: string;
  kind: 'code' | 'text' | 'summary';
}

/** A CURL answer is cut at 4095 bytes, and a regular expression reads a Query module's answer: keep well below. */
const maxBytes = 4000;
const maxSummaryBytes = 500;
const maxKeyBytes = 64;

/**
 * Renders an answer for a dialer's script: one line, fixed order, every key once, only strings, no quote, backslash or
 * line break in a value. What does not fit is emptied, the last entries first.
 */
export function renderAnswer(
  entries: readonly AnswerEntry[],
  format: AnswerFormat,
): { contentType: string; body: string } {
  const clean = cleanEntries(entries);
  let body = renderers[format](clean);
  for (let index = clean.length - 1; index >= 0 && Buffer.byteLength(body) > maxBytes; index -= 1) {
    const entry = clean[index];
    if (!entry?.value || entry.kind === 'code') continue;
    entry.value = '';
    body = renderers[format](clean);
  }
  return { contentType: contentTypes[format], body };
}

export function readFormat(text: string | undefined): AnswerFormat {
  const format = text?.trim().toLowerCase();
  return format === 'text' || format === 'xml' ? format : 'json';
}

const contentTypes = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
} as const;

const renderers: Record<AnswerFormat, (entries: readonly AnswerEntry[]) => string> = {
  json: (entries) => `{${entries.map(({ key, value }) => `"${key}":"${value}"`).join(',')}}`,
  text: (entries) => entries.map(({ key, value }) => `${key}=${value}\n`).join(''),
  xml: (entries) =>
    `<?xml version="1.0" encoding="UTF-8"?><vars>${entries
      .map(({ key, value }) => `<var name="${escapeXml(key)}" expr="${escapeXml(value)}"/>`)
      .join('')}</vars>`,
};

/** Where two keys differ in case only, an expression that does not heed case would read the wrong one: the first stays. */
function cleanEntries(entries: readonly AnswerEntry[]): AnswerEntry[] {
  const seen = new Set<string>();
  const clean: AnswerEntry[] = [];
  for (const entry of entries) {
    const key = cleanText(entry.key, maxKeyBytes).replace(/[=<>&]/g, '');
    if (!key || seen.has(key.toLowerCase())) continue;
    seen.add(key.toLowerCase());
    clean.push({ key, value: cleanValue(entry), kind: entry.kind });
  }
  return clean;
}

function cleanValue({ value, kind }: AnswerEntry): string {
  if (kind === 'code') return cleanHeaderValue(value).replace(/[^A-Za-z0-9 _.,:;+@/-]/g, '');
  return kind === 'summary' ? cleanText(value, maxSummaryBytes) : cleanHeaderValue(value);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
