import { createRequire } from 'node:module';
import type { CountryCode } from 'libphonenumber-js/max';

const require = createRequire(import.meta.url);

const tenDigits = /^[2-9]\d{9}$/;

/**
 * A dialer's number as E.164; empty when it can't be one. The usual form of a number in the United States and Canada is
 * known without asking the library, which costs more than all the rest of a live call's recognition; a test holds it to
 * the library's answer.
 *
 * @param country ISO alpha-2, for national numbers
 */
export function toE164(number: string, country: string): string {
  // Most requests of a script bring none.
  if (number === '') return '';
  const isUsual = (country === 'US' || country === 'CA') && tenDigits.test(number);
  return isUsual ? `+1${number}` : parseE164(number, country);
}

/** The same in every case, by the library alone. */
export function parseE164(number: string, country: string): string {
  const text = number.trim().replace(/^011(?=\d{7,})/, '+');
  const parsed = loadPhoneLibrary().parsePhoneNumberFromString(text, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : '';
}

/** Loaded by the first number that is not of the usual form. */
export function loadPhoneLibrary(): typeof import('libphonenumber-js/max') {
  return require('libphonenumber-js/max') as typeof import('libphonenumber-js/max');
}
