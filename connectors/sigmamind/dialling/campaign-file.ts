export interface FileRow {
  /** E.164. */
  phone: string;
  variables: Readonly<Record<string, string>>;
}

/**
 * A campaign's file: a column with the numbers, then one per variable, under names that are variables as they stand.
 * Line breaks become blanks: nobody knows how the platform reads them.
 */
export function campaignFile(rows: readonly FileRow[], phoneColumn: string): string {
  // A variable of that name would be a second column of numbers.
  const taken = phoneColumn.trim().toLowerCase().replace(/\s+/g, '_');
  const names = [...new Set(rows.flatMap(({ variables }) => Object.keys(variables)))]
    .filter((name) => name !== taken && name !== phoneColumn)
    .sort();
  const lines = rows.map(({ phone, variables }) => [phone, ...names.map((name) => variables[name] ?? '')]);
  return `${[[phoneColumn, ...names], ...lines].map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const flat = text.replace(/[\r\n\t]+/g, ' ');
  return /[",]|^\s|\s$/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat;
}
