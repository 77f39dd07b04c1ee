import type { CallRef } from './call.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 14;

/**
 * Mints a correlation ID: 14 characters of Crockford base32, lower case. 13 are random (65 bits), the last is a check
 * character, so that an ID which a language model garbled is told apart from one that we don't hold yet.
 *
 * @param randomBytes a source of unpredictable bytes, from `deps`
 */
export function mintCorrelationId(randomBytes: (count: number) => Uint8Array): string {
  const bytes = randomBytes(length - 1);
  let id = '';
  for (const byte of bytes) id += alphabet[byte & 31];
  return id + checkCharacter(id);
}

/**
 * The correlation ID that follows from a call's name: whoever asks, in whichever process, gets the same one, without
 * asking the store. As unforeseeable as a random one for all who don't know the key.
 *
 * @param keyedHash at least 13 bytes that nobody can foresee, always the same for a text, from `deps`
 */
export function deriveCorrelationId(keyedHash: (text: string) => Uint8Array, name: CallRef): string {
  const bytes = keyedHash(JSON.stringify(['correlation-id', name.instance, name.kind, name.key]));
  return mintCorrelationId((count) => bytes.subarray(0, count));
}

/** True when the text can be one of our IDs: length, alphabet and check character. Says nothing about whether we know it. */
export function isCorrelationId(text: string): boolean {
  if (text.length !== length) return false;
  for (const character of text) if (!alphabet.includes(character)) return false;
  return text[length - 1] === checkCharacter(text.slice(0, length - 1));
}

/**
 * The correlation ID that a text means which a language model or a person has written down: without case, blanks and
 * hyphens, `o` for 0, `i` and `l` for 1. Empty when the check character does not bear that out.
 */
export function readCorrelationId(text: string): string {
  const id = text
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
  return isCorrelationId(id) ? id : '';
}

/**
 * Each character is an element of the field of 32 elements, weighted by a power of x that no other place has: finds
 * every single wrong character and every swap of two. A sum modulo 31 would take 0 and z for the same. Begins at 1, so
 * that an ID of zeros only is none.
 */
function checkCharacter(body: string): string {
  let sum = 1;
  for (const character of body) sum = timesX(sum ^ alphabet.indexOf(character));
  return alphabet[sum] as string;
}

/** Multiplies by x, modulo x⁵ + x² + 1 (primitive, so the powers of x repeat only after 31). */
function timesX(element: number): number {
  const shifted = element << 1;
  return shifted > 31 ? shifted ^ 0b100101 : shifted;
}
