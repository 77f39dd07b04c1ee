import { z } from 'zod';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { SqlValue, VicidialDatabase } from '../../tables/database.ts';
import { columnsRead, type TableOfColumns, tablesRead } from '../../tables/tables-read.ts';
import { ColumnRow } from './rows.ts';

/** Table → those of its columns that our user may read. A table that is missing here is none of them, or not granted. */
export type SeenColumns = ReadonlyMap<string, ReadonlySet<string>>;

/** The information schema shows each user only what it has rights on. */
export async function readSeenColumns(database: VicidialDatabase): Promise<SeenColumns> {
  const rows = await database.select(
    ColumnRow,
    `SELECT table_name AS \`table\`, column_name AS \`column\` FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name IN (?) AND privileges LIKE '%select%'`,
    [[...tablesRead, ...Object.keys(columnsRead)]],
  );
  const seen = new Map<string, Set<string>>();
  for (const { table, column } of rows) {
    const name = table.toLowerCase();
    seen.set(name, (seen.get(name) ?? new Set()).add(column.toLowerCase()));
  }
  return seen;
}

/** A row that holds what a release has of the wanted columns. */
export interface WantedRows<Row> {
  table: (typeof tablesRead)[number] | TableOfColumns;
  row: z.ZodObject<z.ZodRawShape> & z.ZodType<Row>;
  /** What follows the table's name. (Default: nothing, all rows) */
  where?: string;
  values?: readonly SqlValue[];
}

/** Reads those columns that there are: old releases lack some, and a grant may have left some out. */
export async function selectSeen<Row>(
  database: VicidialDatabase,
  seen: SeenColumns,
  { table, row, where = '', values = [] }: WantedRows<Row>,
): Promise<Row[]> {
  const there = seen.get(table) ?? new Set<string>();
  const columns = Object.keys(row.shape).filter((column) => there.has(column));
  if (columns.length === 0) throw notSeen(table);
  const list = columns.map((column) => `\`${column}\``).join(', ');
  return await database.select(row, `SELECT ${list} FROM ${table} ${where}`, values);
}

/** What a read says that lacks its table. */
export function notSeen(table: string): ConnectorError {
  return new ConnectorError('dialer_denied', `${table} can't be read (see database.tables)`, {
    hint: 'Grant it as `npx patchbay <id> snippets grants` prints it.',
  });
}

export const AnyRow = z.object({});
