import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A dialer's number as E.164; empty when it can't be one. `country`: ISO alpha-2, for national numbers. */
export function toE164(number: string, country: string): string {
  const text = number.trim().replace(/^011(?=\d{7,})/, '+');
  const parsed = parsePhoneNumberFromString(text, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : '';
}
