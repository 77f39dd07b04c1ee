import { type RawBuilder, sql } from 'kysely';

/**
 * A column that is compared in the rows which other conditions find, and never looked up by itself. SQLite keeps no
 * statistics here: it takes any list of ids for longer than all rows of one state, reads the whole backlog for a batch, and
 * a backlog grows by that. The plus changes no value.
 */
export function notByIndex<Value>(column: string): RawBuilder<Value> {
  return sql<Value>`+${sql.ref(column)}`;
}
