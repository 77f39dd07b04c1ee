import { compilerFor } from './prepared-query.ts';
import type { Session, StoreKind, Value } from './session.ts';
import type { Tables } from './tables.ts';

/** So many rows are as one statement: all of them go in, or none. */
export const rowsAtOnce = 128;

export type PreparedInsert<Row> = (session: Session, rows: readonly Row[]) => Promise<void>;

/**
 * Inserts rows, many in one statement: what is asked of a server costs more than the rows. Statements are compiled once for
 * each length, of which SQLite gets few. Values are handed over by place: naming each one costs as much as SQLite needs to keep it. Columns that are not
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

  function insert(session: Session, rows: readonly Pick<Tables[Name], Column>[]) {
    const values: Value[] = [];
    for (const row of rows) for (const column of columns) values.push(row[column] as Value);
    return session.run(sqlFor(session.kind, rows.length), values);
  }

  return async (session, rows) => {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const part = rows.slice(start, start + rowsAtOnce);
      if (session.kind === 'mysql' || longestIn(part.length) === part.length) await insert(session, part);
      else await insideSavepoint(session, () => insertInParts(session, part, insert));
    }
  };
}

/** SQLite keeps what it made of each statement: 75 MB when every length of four tables has come by, and 5 MB of these few. */
const lengths = [32, 16, 8, 4, 2, 1];

function longestIn(count: number): number {
  return lengths.find((length) => length <= count) ?? 1;
}

async function insertInParts<Row>(
  session: Session,
  rows: readonly Row[],
  insert: (session: Session, rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; ) {
    const length = longestIn(rows.length - start);
    await insert(session, rows.slice(start, start + length));
    start += length;
  }
}

/** Of several statements all take effect, or none. */
async function insideSavepoint(session: Session, work: () => Promise<void>): Promise<void> {
  await session.run('savepoint rows', []);
  try {
    await work();
  } catch (error) {
    // A full disk may have ended the whole transaction, and the savepoint with it.
    await session.run('rollback to rows', []).catch(() => undefined);
    await session.run('release rows', []).catch(() => undefined);
    throw error;
  }
  await session.run('release rows', []);
}
