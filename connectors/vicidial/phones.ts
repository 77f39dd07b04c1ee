import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { toE164 } from '../shared/phone.ts';

/** VICIdial keeps country code and national digits apart; lists loaded otherwise hold all digits in one. */
export function leadPhone(code: string, number: string, country: string): string {
  const digits = number.replace(/\D/g, '');
  if (!digits) return '';
  if (number.trim().startsWith('+')) return toE164(`+${digits}`, country);
  const prefix = code.replace(/\D/g, '').replace(/^(00|011)/, '');
  return (prefix && toE164(`+${prefix}${digits}`, country)) || toE164(digits, country) || toE164(`+${digits}`, country);
}

/** National digits of an E.164 number: the form that vicidial_list and the DNC tables hold. */
export function nationalDigits(phone: string): string {
  return parsePhoneNumberFromString(phone)?.nationalNumber ?? phone.replace(/\D/g, '');
}
