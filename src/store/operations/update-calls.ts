import { type Compilable, type RawBuilder, sql } from 'kysely';
import { compilerFor } from '../prepared-query.ts';
import type { Session, StoreKind, Value } from '../session.ts';
import type { CallRow } from '../tables.ts';

export interface ChangedCall {
  was: CallRow;
  is: CallRow;
}

/** A statement with more calls gets longer than what it saves. */
const callsAtOnce = 32;
const neverSet: ReadonlySet<string> = new Set(['correlation_id', 'created_at']);
const compiled = new Map<string, string>();

/**
 * Writes what changed of calls, and no other column: each that is named lets SQLite write its indexes anew. A server is told
 * of many at once, since each question to it costs more than the row.
 */
export async function updateCalls(trx: Session, changed: readonly ChangedCall[]): Promise<void> {
  const most = trx.kind === 'mysql' ? callsAtOnce : 1;
  for (let start = 0; start < changed.length; start += most) {
    const part = changed.slice(start, start + most);
    const columns = columnsThatDiffer(part);
    if (columns.length === 0) continue;
    const ids = part.map(({ is }) => is.correlation_id);
    const values = columns.flatMap((column) => part.flatMap(({ is }) => [is.correlation_id, is[column]]));
    const single = columns.map((column) => part[0]?.is[column] ?? null);
    await trx.run(sqlFor(trx.kind, columns, part.length), [...(part.length === 1 ? single : values), ...ids]);
  }
}

type Column = keyof CallRow;

/** In one order, so that few statements are ever made. */
function columnsThatDiffer(changed: readonly ChangedCall[]): Column[] {
  const differing = new Set<Column>();
  for (const { was, is } of changed) {
    for (const column of Object.keys(is) as Column[]) if (is[column] !== was[column]) differing.add(column);
  }
  return [...differing].filter((column) => !neverSet.has(column)).sort();
}

function sqlFor(kind: StoreKind, columns: readonly Column[], size: number): string {
  const name = `${kind} ${size} ${columns.join()}`;
  const known = compiled.get(name);
  if (known) return known;
  const fresh = updateOf(kind, columns, size).compile().sql;
  compiled.set(name, fresh);
  return fresh;
}

/** Only the statement is kept of this query, so the values in it don't matter. */
function updateOf(kind: StoreKind, columns: readonly Column[], size: number): Compilable {
  const ids = Array.from({ length: size }, () => '');
  const set = Object.fromEntries(columns.map((column) => [column, size === 1 ? '' : choiceOf(size)]));
  return compilerFor(kind)
    .updateTable('calls')
    .set(set as never)
    .where('correlation_id', 'in', ids);
}

function choiceOf(size: number): RawBuilder<Value> {
  const choices = Array.from({ length: size }, () => sql`when ${''} then ${''}`);
  return sql<Value>`case correlation_id ${sql.join(choices, sql` `)} end`;
}
