import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { StoreKind } from '../session.ts';

/** One numbered step. MySQL does not roll back DDL, so each statement must be harmless when it runs again. */
export interface Migration {
  id: string;
  up(db: Kysely<unknown>, kind: StoreKind): Promise<void>;
}

/**
 * What stands after a table's columns. MySQL must compare keys byte by byte, as SQLite does; SQLite keeps a table that is
 * only read by its key in that key's order (`by-key`), which saves it an index.
 */
export function tableSuffix(kind: StoreKind, layout: 'by-key' | 'by-row'): RawBuilder<unknown> {
  if (kind === 'mysql') return sql`engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_bin`;
  return layout === 'by-key' ? sql`without rowid` : sql``;
}

/** Creates an index unless it is there. MySQL knows no `if not exists` here and answers 1061 instead. */
export async function createIndex(
  db: Kysely<unknown>,
  kind: StoreKind,
  name: string,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const builder = db.schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
  if (kind === 'sqlite') {
    await builder.ifNotExists().execute();
    return;
  }
  try {
    await builder.execute();
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error && error.errno === 1061)) throw error;
  }
}

/** Drops an index unless it is gone: MySQL answers 1091 then. */
export async function dropIndex(db: Kysely<unknown>, kind: StoreKind, name: string, table: string): Promise<void> {
  if (kind === 'sqlite') {
    await db.schema.dropIndex(name).ifExists().execute();
    return;
  }
  try {
    await db.schema.dropIndex(name).on(table).execute();
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error && error.errno === 1091)) throw error;
  }
}
