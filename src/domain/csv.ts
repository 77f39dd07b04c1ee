/** One row as RFC 4180 wants it, its line end included. */
export function csvRow(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * A value as a cell. What a spreadsheet would take for a formula gets an apostrophe before it; a single number in E.164
 * can do no harm and stays as it is.
 */
export function csvCell(value: string): string {
  const isFormula = /^[\s]*[=+\-@\t\r]/.test(value) && !/^\+\d+$/.test(value);
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
