import { loadPhoneLibrary, toE164 } from '../shared/phone.ts';

const northAmerican = /^[2-9]\d{9}$/;

/**
 * VICIdial keeps country code and national digits apart; lists loaded otherwise hold all digits in one. The usual form of
 * a North American number is known without asking the library, which costs more than all the rest of reading a lead; a
 * test holds it to the library's answer.
 */
export function leadPhone(code: string, number: string, country: string): string {
  if (number === '') return '';
  if (code === '1' && northAmerican.test(number)) return `+1${number}`;
  return readPhone(code, number, country);
}

/** The same in every case, by the library alone. */
export function readPhone(code: string, number: string, country: string): string {
  const digits = number.replace(/\D/g, '');
  if (!digits) return '';
  if (number.trim().startsWith('+')) return toE164(`+${digits}`, country);
  const prefix = code.replace(/\D/g, '').replace(/^(00|011)/, '');
  return (prefix && toE164(`+${prefix}${digits}`, country)) || toE164(digits, country) || toE164(`+${digits}`, country);
}

/** National digits of an E.164 number: the form that vicidial_list and the DNC tables hold. */
export function nationalDigits(phone: string): string {
  return loadPhoneLibrary().parsePhoneNumberFromString(phone)?.nationalNumber ?? phone.replace(/\D/g, '');
}
