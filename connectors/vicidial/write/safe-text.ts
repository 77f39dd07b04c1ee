import { cleanText, cutBytes, transliterate } from '../../../src/domain/sip-headers.ts';

/** What comments and foreign keys keep as it is: VICIdial drops `"` `;` `#` and turns `+` into a blank. */
export function freeText(text: string, maxBytes: number): string {
  const plain = cleanText(text.replace(/["';#&\\]/g, ' ').replaceAll('+', ' '), maxBytes * 2);
  return cutBytes(plain.replace(/ {2,}/g, ' ').trim(), maxBytes).trim();
}

/** Names and addresses keep plain letters, digits and a few signs only. */
export function nameText(text: string, maxBytes: number): string {
  const plain = transliterate(cleanText(text, maxBytes * 4)).replace(/[^-_ .@/:0-9A-Za-z]/g, ' ');
  return plain.replace(/ {2,}/g, ' ').trim().slice(0, maxBytes).trim();
}

/** Custom fields lose `;` and `"`, and keep their line breaks. */
export function customText(text: string, maxBytes: number): string {
  const lines = text.split(/\r?\n|\r/).map((line) => cleanText(line.replaceAll(';', ','), maxBytes));
  return cutBytes(lines.join('\n').trim(), maxBytes);
}
