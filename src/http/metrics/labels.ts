/** Stands for every value that a label may not have. */
export const otherLabel = 'other';

/** Keeps a label to the values that it can have: what anybody may write into a request must not make series. */
export function labelOf(known: Iterable<string>): (value: string) => string {
  const values = new Set(known);
  return (value) => (values.has(value) ? value : otherLabel);
}

/** A connector's own words are few and plain; a long number, or what looks like an id, is none of them. */
export function isPlainLabel(value: string): boolean {
  return /^[\w .:/-]{0,64}$/.test(value) && !/\d{7}/.test(value.replace(/[ .:/-]/g, '')) && !looksLikeId(value);
}

/** UUIDs, hashes, our correlation IDs: letters and digits that change places often. */
function looksLikeId(value: string): boolean {
  return value
    .split(/[ .:/_-]/)
    .some((part) => part.length >= 8 && (part.match(/\d[a-z]|[a-z]\d/gi)?.length ?? 0) >= 3);
}
