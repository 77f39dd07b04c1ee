import { type Expression, Kysely, MysqlDialect, type SqlBool } from 'kysely';
import { createPool } from 'mysql2';
import { guardPool } from '../mysql/guarded-pool.ts';
import { mysqlSession } from '../mysql/run-transaction.ts';
import type { Session } from '../session.ts';
import type { StoreConfig } from '../store.ts';
import type { Tables } from '../tables.ts';
import { type AnyRow, type TableName, tableKeys } from './all-tables.ts';

type AnyTables = Record<string, AnyRow>;

/** A database of a server into which whole tables are written. */
export interface MysqlTarget {
  session: Session;
  insert(table: TableName, rows: readonly AnyRow[]): Promise<void>;
  /** The last row by the key; undefined when there is none. */
  last(table: TableName): Promise<AnyRow | undefined>;
  /** All rows, page by page. */
  rows(table: TableName): AsyncIterable<AnyRow>;
  close(): Promise<void>;
}

const pageSize = 1000;
/** A page of a large table by a disk that is busy. */
const statementMs = 120_000;
const acquireMs = 5000;
const setup = [
  "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'",
  'set session transaction isolation level read committed',
];

export function openMysqlTarget(config: Extract<StoreConfig, { kind: 'mysql' }>): MysqlTarget {
  const { host, port, user, password, database } = config;
  const charset = 'utf8mb4';
  const pool = createPool({ host, port, user, password, database, charset, connectionLimit: 1 });
  const guard = guardPool(pool, { acquireMs, statementMs, setup });
  const typed = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: guard }) });
  const db = typed as unknown as Kysely<AnyTables>;

  async function page(table: TableName, after: AnyRow | undefined): Promise<AnyRow[]> {
    const key = tableKeys[table];
    let query = db.selectFrom(table as string).selectAll();
    if (after) {
      query = query.where((row) =>
        row.or(
          key.map((column, index): Expression<SqlBool> => {
            const same = key.slice(0, index).map((each) => row(each, '=', after[each] as string));
            return row.and([...same, row(column, '>', after[column] as string)]);
          }),
        ),
      );
    }
    for (const column of key) query = query.orderBy(column);
    return (await query.limit(pageSize).execute()) as AnyRow[];
  }

  return {
    session: mysqlSession(typed),
    async insert(table, rows) {
      await db
        .insertInto(table as string)
        .values([...rows])
        .execute();
    },
    async last(table) {
      let query = db.selectFrom(table as string).selectAll();
      for (const column of tableKeys[table]) query = query.orderBy(column, 'desc');
      return (await query.limit(1).executeTakeFirst()) as AnyRow | undefined;
    },
    async *rows(table) {
      let after: AnyRow | undefined;
      for (;;) {
        const found = await page(table, after);
        yield* found;
        after = found.at(-1);
        if (found.length < pageSize) return;
      }
    },
    async close() {
      await typed.destroy();
    },
  };
}
