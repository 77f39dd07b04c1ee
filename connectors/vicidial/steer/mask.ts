/** Shows a number by its last four digits: enough to recognise it, not to call it. */
export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, '');
  return digits.length < 5 ? '*'.repeat(number.length) : `***${digits.slice(-4)}`;
}

/** The same for numbers within a text that somebody wrote; a date stays. */
export function maskNumbersIn(text: string): string {
  return text.replace(/(?<![\d-])(?!\d{4}-\d{2}-\d{2})\+?\(?\d(?:[\s().-]{0,2}\d){6,}/g, (number) =>
    maskNumber(number),
  );
}

/** Number columns and fields, and texts that people or the AI wrote. */
const numberKeys: readonly string[] = ['phone', 'phone_number', 'alt_phone'];
const textKeys: readonly string[] = ['summary', 'comments', 'why', 'hint'];

/** A copy of what is shown, with every number masked. Codes, ids and times stay as they are. */
export function maskShown<Shown>(shown: Shown): Shown {
  return JSON.parse(JSON.stringify(shown), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (numberKeys.includes(key)) return maskNumber(value);
    return textKeys.includes(key) ? maskNumbersIn(value) : value;
  }) as Shown;
}
