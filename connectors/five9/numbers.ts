import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import type { Five9Config } from './config.ts';

type Format = Five9Config['numberFormat'];

/**
 * An E.164 number as Five9 holds it: 10 digits for NANP, else 011 and digits, 16 at most; unchanged on an E.164 domain.
 * Empty when it can't hold it.
 */
export function toFive9Number(phone: string, format: Format): string {
  if (!/^\+\d{7,15}$/.test(phone)) return '';
  if (format === 'e164') return phone;
  if (/^\+1\d{10}$/.test(phone)) return phone.slice(2);
  const number = `011${phone.slice(1)}`;
  return number.length <= 16 ? number : '';
}

/** The customer's number of a write-back as Five9 holds it; empty when there is none. */
export function numberOf(target: Pick<WriteBackTarget, 'phone' | 'number'>, format: Format): string {
  return toFive9Number(target.phone, format) || target.number.replace(/[^\d+]/g, '');
}
