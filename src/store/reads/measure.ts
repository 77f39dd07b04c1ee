import { sql } from 'kysely';
import type { Session } from '../session.ts';
import type { Tables } from '../tables.ts';

/** Which database it is, and how much lies in it. */
export interface StoreMeasure {
  /** The database's own words: `3.50.1`, `11.4.2-MariaDB`. */
  version: string;
  tables: readonly { table: string; count: number }[];
}

const tables: readonly (keyof Tables)[] = [
  'calls',
  'call_refs',
  'facts',
  'leads',
  'lead_phones',
  'opt_outs',
  'write_backs',
  'leases',
  'cursors',
  'plans_to_renew',
  'attention',
  'audit_log',
  'transcripts',
  'call_hours',
  'call_days',
  'left_hours',
  'console_sessions',
  'log_in_failures',
  'processes',
  'schema_migrations',
];

/** Counts every table. Goes through all rows. */
export async function measure(session: Session): Promise<StoreMeasure> {
  const asked = session.kind === 'sqlite' ? sql<string>`sqlite_version()` : sql<string>`version()`;
  const { rows } = await sql<{ version: string }>`select ${asked} as version`.execute(session.db);
  const counts: { table: string; count: number }[] = [];
  for (const table of tables) {
    const row = await session.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirst();
    counts.push({ table, count: Number(row?.count ?? 0) });
  }
  return { version: rows[0]?.version ?? '', tables: counts };
}
