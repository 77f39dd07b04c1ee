import { z } from 'zod';
import type { VicidialDatabase } from '../tables/database.ts';

const IndexRow = z.object({ table: z.string(), column: z.string(), name: z.string().regex(/^[\w ]{1,64}$/) });

/** The name of the index that begins with a column, by `table.column`. */
export type Indexes = ReadonlyMap<string, string>;

/**
 * Looks the indexes up that reading what changed goes by, and names them in its queries: so a table of some release or
 * site that lacks one is left alone, not read from end to end.
 */
export async function readIndexes(
  database: VicidialDatabase,
  tables: readonly string[],
  signal: AbortSignal,
): Promise<Indexes> {
  const rows = await database.select(
    IndexRow,
    `SELECT table_name AS \`table\`, column_name AS \`column\`, index_name AS name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name IN (?) AND seq_in_index = 1`,
    [tables],
    signal,
  );
  return new Map(rows.map((row) => [`${row.table}.${row.column}`, row.name]));
}
