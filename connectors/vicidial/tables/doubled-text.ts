import { readUtf8 } from './utf8.ts';

/** Letters that stand for the bytes 0x80 to 0x9F in what MySQL calls latin1. */
const upperBytes = new Map(
  [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index))].map(
    (letter, index) => [letter.codePointAt(0) ?? 0, 0x80 + index],
  ),
);

/** A letter that UTF-8 could begin with, followed by one that is no plain letter. */
const mayBeDoubled = /[\u00c2-\u00f4][\u0080-\u{10ffff}]/u;

/**
 * What names and notes are written with: European letters, Cyrillic, Greek, Hebrew, Arabic, East Asian, signs and emoji.
 * Chance makes other letters: `ß–` and `É…` would be a Syriac and a phonetic one.
 */
const written =
  /^[\u0020-\u007e\s\u00a0-\u017f\u0218-\u021b\u0386-\u03ce\u0400-\u045f\u0490\u0491\u05d0-\u05ea\u0621-\u064a\u1e00-\u1eff\u2010-\u203a\u20a0-\u20bf\u2122\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3\u{1f300}-\u{1faff}]*$/u;

/**
 * Undoes what happens to UTF-8 that VICIdial's pages stored over a latin1 connection when the table is, or is converted
 * to, utf8mb4: each byte became a letter, `Ã«` for `ë`. Anything that can't have come about so stays as it is.
 */
export function undoubled(text: string): string {
  if (!mayBeDoubled.test(text)) return text;
  const bytes: number[] = [];
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    const byte = upperBytes.get(code) ?? code;
    if (byte > 0xff) return text;
    bytes.push(byte);
  }
  const typed = readUtf8(Uint8Array.from(bytes));
  return typed !== null && written.test(typed) ? typed : text;
}
