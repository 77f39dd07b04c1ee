/** A number of which only the last four digits can be read: `••• ••• 0123`. Empty for none. */
export function maskedPhone(phone: string | null | undefined): string {
  if (!phone || !/\p{Nd}/u.test(phone)) return '';
  const digits = phone.replace(/\D/g, '');
  return digits.length > 6 ? `••• ••• ${digits.slice(-4)}` : '••• •••';
}

/** A number as people read it: `+1 555 555 0123`. For who was shown it, on the record. */
export function spacedPhone(phone: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return american ? `+1 ${american.slice(1).join(' ')}` : phone;
}

/** Some dialers know a lead by its number: a key that is one is for who may see numbers. */
export function isNumberKey(key: string, phones: readonly string[]): boolean {
  if (!/^\+?[\d\s().-]+$/.test(key)) return false;
  const digits = key.replace(/\D/g, '').replace(/^0+/, '');
  const isKnown = digits.length > 6 && phones.some((phone) => phone.replace(/\D/g, '').endsWith(digits));
  return isKnown || key.startsWith('+') || /^1?[2-9]\d\d[2-9]\d{6}$/.test(digits);
}

/** A lead's key as everybody may see it. */
export function maskedKey(key: string, ...phones: readonly string[]): string {
  return isNumberKey(key, phones) ? maskedPhone(key) : key;
}
