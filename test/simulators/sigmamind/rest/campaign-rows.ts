import { parse } from 'csv-parse/sync';

export interface CampaignRow {
  number: string;
  variables: Record<string, string>;
}

/** Reads a campaign's file: a number per row, every other column is a variable. What is no number is told, and left out. */
export function readRows(csv: string, isSnake: boolean): { rows: CampaignRow[]; errors: string[] } {
  const rows: CampaignRow[] = [];
  const errors: string[] = [];
  const lines: Record<string, string>[] = parse(csv, { columns: true, bom: true, skip_empty_lines: true });
  for (const [index, line] of lines.entries()) {
    let number = '';
    const variables: Record<string, string> = {};
    for (const [name, value] of Object.entries(line)) {
      const snake = name.trim().toLowerCase().replaceAll(' ', '_');
      if (snake === 'phone_number') number = value;
      else variables[isSnake ? snake : name] = value;
    }
    if (/^\+[1-9][0-9]{6,14}$/.test(number)) rows.push({ number, variables });
    else errors.push(`Row ${index + 1}: invalid phone number '${number}'`);
  }
  return { rows, errors };
}
