import type { FieldPacket } from 'mysql2/promise';
import { undoubled } from './doubled-text.ts';
import { readUtf8 } from './utf8.ts';

/** A value of a table as text, or NULL. */
export type Cell = string | null;

const windows1252 = new TextDecoder('windows-1252');
// biome-ignore lint/suspicious/noControlCharactersInRegex: it names exactly the letters that are one plain byte
const plain = /^[\x00-\x7f]*$/;

/** MySQL's numbers of its latin1 collations. */
const latin1Collations: ReadonlySet<number> = new Set([5, 8, 15, 31, 47, 48, 49, 94]);

/** Bytes of a column as text: UTF-8 when they are valid as such, else windows-1252. */
export function decodeBytes(bytes: Buffer | null): Cell {
  if (bytes === null) return null;
  return readUtf8(bytes) ?? windows1252.decode(bytes);
}

/**
 * Turns what the driver gives for a row into text, in place. It makes one letter of each byte of a latin1 column, which
 * loses nothing: only where one is not plain ASCII are the bytes looked at again. This is what most of a long read costs.
 */
export function rowsToText(rows: unknown[][], fields: readonly FieldPacket[]): Cell[][] {
  const isLatin1 = fields.map((field) => latin1Collations.has(field.characterSet ?? 0));
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) row[index] = toText(row[index], isLatin1[index] === true);
  }
  return rows as Cell[][];
}

function toText(value: unknown, isLatin1: boolean): Cell {
  if (typeof value === 'string') {
    if (plain.test(value)) return value;
    return isLatin1 ? decodeBytes(Buffer.from(value, 'latin1')) : undoubled(value);
  }
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? decodeBytes(value) : String(value);
}
