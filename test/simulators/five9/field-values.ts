import { Temporal } from 'temporal-polyfill';
import type { ContactField } from './options.ts';

/** A phone number as Five9 takes it: 10 digits, 011 and digits, or + and digits; 10 to 16 digits. */
export function isNumber(text: string): boolean {
  return /^([2-9]\d{9}|011\d{7,13}|\+\d{9,15})$/.test(text);
}

/** A value as the field will hold it; null when the field can't hold it. A time marked GMT0 is turned into the zone's. */
export function readFieldValue(field: ContactField, value: string, timeZone: string): string | null {
  if (value === '') return '';
  if (field.type === 'PHONE') {
    const number = value.replace(/[\s().-]/g, '');
    return isNumber(number) ? number : null;
  }
  if (field.type === 'DATE_TIME') return readDateTime(value, timeZone);
  return (patterns[field.type] ?? /^/).test(value) ? value : null;
}

const patterns: Partial<Record<ContactField['type'], RegExp>> = {
  NUMBER: /^-?\d+(\.\d+)?$/,
  PERCENT: /^-?\d+(\.\d+)?$/,
  CURRENCY: /^-?\d+(\.\d+)?$/,
  BOOLEAN: /^(true|false|0|1|t|f|y|n|yes|no)$/i,
  DATE: /^\d{4}-\d{2}-\d{2}$/,
  TIME: /^\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/,
  EMAIL: /^\S+@\S+$/,
};

function readDateTime(value: string, timeZone: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)( GMT0)?$/.exec(value);
  if (!match) return null;
  try {
    const given = Temporal.PlainDateTime.from(`${match[1]}T${match[2]}`);
    const local = match[3] ? given.toZonedDateTime('UTC').withTimeZone(timeZone).toPlainDateTime() : given;
    return local.toString({ fractionalSecondDigits: 3 }).replace('T', ' ');
  } catch {
    return null;
  }
}
