import { type Kysely, sql } from 'kysely';
import type { StoreKind } from '../session.ts';
import { createIndex, type Migration, tableSuffix } from './migration.ts';

const instant = 'varchar(32)';
const name = 'varchar(64)';
const key = 'varchar(191)';
const json = sql`longtext`;

/** What the console looks for and counts, who is logged in, and which processes run. */
export const consoleTables: Migration = {
  id: '0005-console',
  async up(db, kind) {
    await addMarks(db, kind);
    await createCounts(db, kind);
    await createSessions(db, kind);
    await createIndex(db, kind, 'audit_log_by_subject', 'audit_log', ['subject', 'at']);
    await createIndex(db, kind, 'attention_by_call', 'attention', ['correlation_id']);
  },
};

/** See `CallMarks`: what calls are searched and counted by. */
async function addMarks(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  const calls = (await db.introspection.getTables()).find((table) => table.name === 'calls');
  const has = (column: string) => calls?.columns.some((each) => each.name === column);
  const texts = { outcome_code: name, agent: name, agent_version: name, person: name, changed_at: instant } as const;
  for (const [column, type] of Object.entries(texts)) {
    if (has(column)) continue;
    await db.schema
      .alterTable('calls')
      .addColumn(column, type, (each) => each.notNull().defaultTo(''))
      .execute();
  }
  for (const column of ['talk_sec', 'is_transferred']) {
    if (has(column)) continue;
    await db.schema
      .alterTable('calls')
      .addColumn(column, 'integer', (each) => each.notNull().defaultTo(0))
      .execute();
  }
  if (!has('first_word_ms')) await db.schema.alterTable('calls').addColumn('first_word_ms', 'integer').execute();
  await createIndex(db, kind, 'calls_by_outcome', 'calls', ['outcome_code', 'registered_at']);
  await createIndex(db, kind, 'calls_by_person', 'calls', ['person', 'registered_at']);
  await createIndex(db, kind, 'calls_by_lead', 'calls', ['dialer', 'lead_key', 'registered_at']);
  await createIndex(db, kind, 'calls_changed', 'calls', ['changed_at']);
}

async function createCounts(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('call_hours')
    .ifNotExists()
    .addColumn('hour', instant, (column) => column.notNull())
    .addColumn('dialer', name, (column) => column.notNull())
    .addColumn('campaign', key, (column) => column.notNull())
    .addColumn('agent', name, (column) => column.notNull())
    .addColumn('agent_version', name, (column) => column.notNull())
    .addColumn('outcome_code', name, (column) => column.notNull())
    .addColumn('calls', 'integer', (column) => column.notNull())
    .addColumn('transferred', 'integer', (column) => column.notNull())
    .addColumn('talk_sec', 'integer', (column) => column.notNull())
    .addColumn('first_words', json, (column) => column.notNull())
    .addPrimaryKeyConstraint('call_hours_key', ['hour', 'dialer', 'campaign', 'agent', 'agent_version', 'outcome_code'])
    .modifyEnd(tableSuffix(kind, 'by-row'))
    .execute();
}

async function createSessions(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('console_sessions')
    .ifNotExists()
    .addColumn('id_hash', name, (column) => column.notNull().primaryKey())
    .addColumn('user_name', name, (column) => column.notNull())
    .addColumn('role', name, (column) => column.notNull())
    .addColumn('how', name, (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('seen_at', instant, (column) => column.notNull())
    .addColumn('expires_at', instant, (column) => column.notNull())
    .addColumn('address', name, (column) => column.notNull())
    .addColumn('browser', key, (column) => column.notNull())
    .modifyEnd(tableSuffix(kind, 'by-key'))
    .execute();
  await db.schema
    .createTable('log_in_failures')
    .ifNotExists()
    .addColumn('failure_key', key, (column) => column.notNull().primaryKey())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('last_at', instant, (column) => column.notNull())
    .addColumn('locked_until', instant, (column) => column.notNull())
    .modifyEnd(tableSuffix(kind, 'by-key'))
    .execute();
  await db.schema
    .createTable('processes')
    .ifNotExists()
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('started_at', instant, (column) => column.notNull())
    .addColumn('seen_at', instant, (column) => column.notNull())
    .addColumn('version', name, (column) => column.notNull())
    .addColumn('report', json, (column) => column.notNull())
    .modifyEnd(tableSuffix(kind, 'by-row'))
    .execute();
}
