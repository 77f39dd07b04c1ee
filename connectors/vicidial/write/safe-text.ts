import { cleanText, cutBytes, transliterate } from '../../../src/domain/sip-headers.ts';

/**
 * What comments and foreign keys keep as it is: VICIdial drops `"` `;` `#` and turns `+` into a blank; its look-ups part
 * their columns by `|`. An apostrophe within a word stays one, as a letter that no SQL knows.
 */
export function freeText(text: string, maxBytes: number): string {
  const words = text.replace(/(\p{L})'(\p{L})/gu, '$1’$2');
  const plain = cleanText(
    withoutShell(words)
      .replace(/["';#&\\|<>]/g, ' ')
      .replaceAll('+', ' '),
    maxBytes * 2,
  );
  return cutBytes(plain.replace(/ {2,}/g, ' ').trim(), maxBytes).trim();
}

/** Names and addresses keep plain letters, digits and a few signs only. */
export function nameText(text: string, maxBytes: number): string {
  const plain = transliterate(cleanText(text, maxBytes * 4)).replace(/[^-_ .@/:0-9A-Za-z]/g, ' ');
  return plain.replace(/ {2,}/g, ' ').trim().slice(0, maxBytes).trim();
}

/** Custom fields lose `;` and `"`, and keep their line breaks. */
export function customText(text: string, maxBytes: number): string {
  const lines = withoutShell(text)
    .split(/\r?\n|\r/)
    .map((line) => cleanText(line.replaceAll(';', ','), maxBytes));
  return cutBytes(lines.join('\n').trim(), maxBytes).trim();
}

/**
 * The Start Call URL goes through a shell on the dialer, which runs what a lead's text holds between backticks or in
 * `$(…)`. What a customer says must never get there.
 */
function withoutShell(text: string): string {
  return text.replaceAll('`', '’').replace(/\$(?=[^\d\s]|$)/g, ' ');
}
