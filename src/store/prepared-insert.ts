import { compilerFor } from './prepared-query.ts';
import type { Session, StoreKind, Value } from './session.ts';
import type { Tables } from './tables.ts';

/** So many rows are one statement: all of them go in, or none. */
export const rowsAtOnce = 128;

export type PreparedInsert<Row> = (session: Session, rows: readonly Row[]) => Promise<void>;

/**
 * Inserts rows, many in one statement: what is asked of a server costs more than the rows. Statements are compiled once for
 * each length. Values are handed over by place: naming each one costs as much as SQLite needs to keep it. Columns that are not
 * named get what their table has for them.
 */
export function prepareInsert<Name extends keyof Tables & string, Column extends keyof Tables[Name] & string>(
  table: Name,
  columns: readonly Column[],
): PreparedInsert<Pick<Tables[Name], Column>> {
  const compiled = new Map<string, string>();

  function sqlFor(kind: StoreKind, size: number): string {
    const key = `${kind} ${size}`;
    const known = compiled.get(key);
    if (known) return known;
    const row = Object.fromEntries(columns.map((column) => [column, '']));
    const rows = Array.from({ length: size }, () => row);
    // Only the statement is kept of this query, so the values in it don't matter.
    const { sql } = compilerFor(kind)
      .insertInto(table)
      .values(rows as never)
      .compile();
    compiled.set(key, sql);
    return sql;
  }

  return async (session, rows) => {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const part = rows.slice(start, start + rowsAtOnce);
      const values: Value[] = [];
      for (const row of part) for (const column of columns) values.push(row[column] as Value);
      await session.run(sqlFor(session.kind, part.length), values);
    }
  };
}
