import { type Kysely, sql } from 'kysely';
import type { StoreKind } from '../session.ts';
import { createIndex, dropIndex, type Migration, tableSuffix } from './migration.ts';

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
    await addWriteBackColumns(db);
    await createIndex(db, kind, 'audit_log_by_who', 'audit_log', ['who', 'at']);
    await createIndex(db, kind, 'audit_log_by_act', 'audit_log', ['act', 'at']);
    await createIndex(db, kind, 'opt_outs_by_time', 'opt_outs', ['at', 'correlation_id']);
    await createIndex(db, kind, 'audit_log_by_subject', 'audit_log', ['subject', 'at']);
    await createIndex(db, kind, 'attention_by_call', 'attention', ['correlation_id']);
    await createIndex(db, kind, 'attention_open_by_kind', 'attention', ['settled_at', 'kind', 'last_at']);
  },
};

/**
 * See `CallMarks`: what calls are searched and counted by. Those that are there already get theirs while the service runs
 * (`markOldCalls`): until then `changed_at` is empty.
 */
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
  // What a search filters by stands in the index too: the row of a call that does not fit is never read.
  const marks = ['campaign', 'outcome_code', 'agent'];
  await createIndex(db, kind, 'calls_by_time_and_marks', 'calls', ['dialer', 'registered_at', ...marks]);
  await dropIndex(db, kind, 'calls_by_time', 'calls');
  await createIndex(db, kind, 'calls_by_person', 'calls', ['person', 'registered_at']);
  await createIndex(db, kind, 'calls_by_lead', 'calls', ['lead_key', 'registered_at']);
  await createIndex(db, kind, 'calls_changed', 'calls', ['changed_at', 'registered_at']);
}

async function createCounts(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  for (const span of ['hour', 'day']) {
    let counts = db.schema
      .createTable(`call_${span}s`)
      .ifNotExists()
      .addColumn(span, instant, (column) => column.notNull())
      .addColumn('dialer', name, (column) => column.notNull())
      .addColumn('campaign', key, (column) => column.notNull())
      .addColumn('agent', name, (column) => column.notNull())
      .addColumn('agent_version', name, (column) => column.notNull())
      .addColumn('outcome_code', name, (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .addColumn('transferred', 'integer', (column) => column.notNull())
      .addColumn('talk_sec', 'bigint', (column) => column.notNull());
    // One more than `firstWordSteps` has, today and for good.
    for (let step = 0; step < 14; step += 1) {
      counts = counts.addColumn(`first_words_${step}`, 'integer', (column) => column.notNull());
    }
    const marks = ['dialer', 'campaign', 'agent', 'agent_version', 'outcome_code'];
    await counts
      .addPrimaryKeyConstraint(`call_${span}s_key`, [span, ...marks])
      .modifyEnd(tableSuffix(kind, 'by-key'))
      .execute();
  }
  await db.schema
    .createTable('left_hours')
    .ifNotExists()
    .addColumn('correlation_id', name, (column) => column.notNull())
    .addColumn('registered_at', instant, (column) => column.notNull())
    .addPrimaryKeyConstraint('left_hours_key', ['correlation_id', 'registered_at'])
    .modifyEnd(tableSuffix(kind, 'by-key'))
    .execute();
}

async function createSessions(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('console_sessions')
    .ifNotExists()
    .addColumn('id_hash', name, (column) => column.notNull().primaryKey())
    .addColumn('user_name', name, (column) => column.notNull())
    .addColumn('how', name, (column) => column.notNull())
    .addColumn('claims', json, (column) => column.notNull())
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

/** Who took a write-back back. */
async function addWriteBackColumns(db: Kysely<unknown>): Promise<void> {
  const rows = (await db.introspection.getTables()).find((table) => table.name === 'write_backs');
  if (rows?.columns.some((column) => column.name === 'cancelled_by')) return;
  await db.schema
    .alterTable('write_backs')
    .addColumn('cancelled_by', name, (column) => column.notNull().defaultTo(''))
    .execute();
}
