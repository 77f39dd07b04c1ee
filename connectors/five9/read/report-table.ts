import { setImmediate as breathe } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { ConnectorError } from '../../../src/domain/errors.ts';

/** A report as it came: its header, and its rows with as many cells each. */
export interface ReportTable {
  headers: readonly string[];
  rows: readonly (readonly string[])[];
  /** Lines that can't be read as rows of it. */
  broken: number;
}

const sliceLength = 65_536;

/** Reads a report's CSV. Live requests are served between its parts: it may have 50,000 rows. */
export async function readTable(csv: string): Promise<ReportTable> {
  const parser = parse({ bom: true, skip_empty_lines: true, skip_records_with_error: true, relax_quotes: true });
  let broken = 0;
  parser.on('skip', () => {
    broken += 1;
  });
  const writing = write(parser, csv);
  const rows: string[][] = [];
  for await (const row of parser) rows.push(row as string[]);
  await writing;
  const [headers = [], ...others] = rows;
  return { headers: headers.map((header) => header.trim()), rows: others, broken };
}

async function write(parser: ReturnType<typeof parse>, csv: string): Promise<void> {
  for (let start = 0; start < csv.length; start += sliceLength) {
    parser.write(csv.slice(start, start + sliceLength));
    await breathe();
  }
  parser.end();
}

/** A header or field name without case, blanks and marks: `First Name` and `first_name` are one. */
export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * Where the wanted columns are in a table, by header; -1 for an optional one that is not there. Throws when another is
 * missing: then every row would be wrong.
 */
export function findColumns<Name extends string>(
  table: ReportTable,
  wanted: Readonly<Record<Name, string>>,
  optional: readonly NoInfer<Name>[],
  where: string,
): Record<Name, number> {
  const headers = table.headers.map(squeeze);
  const places = {} as Record<Name, number>;
  for (const [name, header] of Object.entries(wanted) as [Name, string][]) {
    places[name] = headers.indexOf(squeeze(header));
    if (places[name] >= 0 || optional.includes(name)) continue;
    throw new ConnectorError(
      'dialer_refused',
      `the report has no column ${header}; it has ${table.headers.join(', ')}`,
      {
        hint: `Add the column to the report in Five9, or name the header under \`${where}\`.`,
      },
    );
  }
  return places;
}
