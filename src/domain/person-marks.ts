/** By what an agent may ask for a lead. */
export const leadMarks = ['call', 'phone', 'postal_code', 'lead_id'] as const;
export type LeadMark = (typeof leadMarks)[number];

/** A postal code to compare by: letters and digits only, of an American ZIP the first five. Empty when it can't be one. */
export function postalKey(text: string): string {
  const plain = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const key = /^\d{9}$/.test(plain) ? plain.slice(0, 5) : plain;
  return key.length >= 3 && key.length <= 12 ? key : '';
}

/** A name to compare by: no case, no marks above letters, no blanks or hyphens. */
export function nameKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
