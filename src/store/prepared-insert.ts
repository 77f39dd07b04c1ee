import { compilerFor } from './prepared-query.ts';
import type { Session, StoreKind, Value } from './session.ts';
import type { Tables } from './tables.ts';

/** As many rows go into one statement at most. */
const rowsAtOnce = 64;

export type PreparedInsert<Row> = (session: Session, rows: readonly Row[]) => Promise<void>;

/**
 * Inserts rows, many in one statement. Statements are compiled once for each length, a power of two, so that there are few.
 * Values are handed over by place: naming each one costs as much as SQLite needs to keep it.
 */
export function prepareInsert<Name extends keyof Tables & string>(
  table: Name,
  columns: readonly (keyof Tables[Name] & string)[],
): PreparedInsert<Tables[Name]> {
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
    let start = 0;
    for (let size = rowsAtOnce; size >= 1; size /= 2) {
      for (; rows.length - start >= size; start += size) {
        const values: Value[] = [];
        for (let at = start; at < start + size; at += 1) {
          const row = rows[at] as Tables[Name];
          for (const column of columns) values.push(row[column] as Value);
        }
        await session.run(sqlFor(session.kind, size), values);
      }
    }
  };
}
