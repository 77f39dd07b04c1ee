import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import { createIndex, type Migration, tableSuffix } from './migration.ts';

const instant = 'varchar(32)';
const name = 'varchar(64)';
const key = 'varchar(191)';
const json = sql`longtext`;

/** The tables as they were first released. Never edited: a change is a new migration. */
export const firstTables: Migration = {
  id: '0001-first-tables',
  async up(db, kind) {
    const small = tableSuffix(kind, 'by-key');
    const large = tableSuffix(kind, 'by-row');
    await createCalls(db, small, large);
    await createLeads(db, small, large);
    await createWork(db, small, large);

    await createIndex(db, kind, 'calls_by_phone', 'calls', ['phone', 'registered_at']);
    await createIndex(db, kind, 'call_refs_by_call', 'call_refs', ['correlation_id']);
    await createIndex(db, kind, 'lead_phones_by_lead', 'lead_phones', ['dialer', 'lead_key']);
    await createIndex(db, kind, 'opt_outs_by_call', 'opt_outs', ['correlation_id']);
    await createIndex(db, kind, 'write_backs_due', 'write_backs', ['state', 'dialer', 'due_at']);
    await createIndex(db, kind, 'write_backs_by_claim', 'write_backs', ['claim']);
  },
};

async function createCalls(db: Kysely<unknown>, small: Suffix, large: Suffix): Promise<void> {
  await table(db, 'calls', large)
    .addColumn('correlation_id', name, (column) => column.notNull().primaryKey())
    .addColumn('dialer', name, (column) => column.notNull())
    .addColumn('campaign', key, (column) => column.notNull())
    .addColumn('lead_key', key, (column) => column.notNull())
    .addColumn('phone', instant, (column) => column.notNull())
    .addColumn('route', name, (column) => column.notNull())
    .addColumn('reason', json, (column) => column.notNull())
    .addColumn('registered_at', instant, (column) => column.notNull())
    .addColumn('expires_at', instant, (column) => column.notNull())
    .addColumn('is_registered', 'integer', (column) => column.notNull())
    .addColumn('outcome', json)
    .addColumn('created_at', instant, (column) => column.notNull())
    .execute();
  await table(db, 'call_refs', small)
    .addColumn('instance', name, (column) => column.notNull())
    .addColumn('kind', name, (column) => column.notNull())
    .addColumn('ref_key', key, (column) => column.notNull())
    .addColumn('correlation_id', name, (column) => column.notNull())
    .addPrimaryKeyConstraint('call_refs_key', ['instance', 'kind', 'ref_key'])
    .execute();
  await table(db, 'facts', large)
    .addColumn('correlation_id', name, (column) => column.notNull())
    .addColumn('source', name, (column) => column.notNull())
    .addColumn('fact_key', key, (column) => column.notNull())
    .addColumn('copy', name, (column) => column.notNull())
    .addColumn('at', instant, (column) => column.notNull())
    .addColumn('received_at', instant, (column) => column.notNull())
    .addColumn('body', json, (column) => column.notNull())
    .addPrimaryKeyConstraint('facts_key', ['correlation_id', 'source', 'fact_key', 'copy'])
    .execute();
  await table(db, 'opt_outs', small)
    .addColumn('phone', instant, (column) => column.notNull())
    .addColumn('correlation_id', name, (column) => column.notNull())
    .addColumn('source', name, (column) => column.notNull())
    .addColumn('at', instant, (column) => column.notNull())
    .addColumn('undone', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('opt_outs_key', ['phone', 'correlation_id'])
    .execute();
}

async function createLeads(db: Kysely<unknown>, small: Suffix, large: Suffix): Promise<void> {
  await table(db, 'leads', large)
    .addColumn('dialer', name, (column) => column.notNull())
    .addColumn('lead_key', key, (column) => column.notNull())
    .addColumn('list', key, (column) => column.notNull())
    .addColumn('campaign', key, (column) => column.notNull())
    .addColumn('phones', json, (column) => column.notNull())
    .addColumn('fields', json, (column) => column.notNull())
    .addColumn('changed_at', instant, (column) => column.notNull())
    .addColumn('saved_at', instant, (column) => column.notNull())
    .addPrimaryKeyConstraint('leads_key', ['dialer', 'lead_key'])
    .execute();
  await table(db, 'lead_phones', small)
    .addColumn('phone', instant, (column) => column.notNull())
    .addColumn('dialer', name, (column) => column.notNull())
    .addColumn('lead_key', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('lead_phones_key', ['phone', 'dialer', 'lead_key'])
    .execute();
}

async function createWork(db: Kysely<unknown>, small: Suffix, large: Suffix): Promise<void> {
  await table(db, 'write_backs', large)
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('correlation_id', name, (column) => column.notNull())
    .addColumn('dialer', name, (column) => column.notNull())
    .addColumn('aspect', instant, (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('target', json, (column) => column.notNull())
    .addColumn('desired', json, (column) => column.notNull())
    .addColumn('state', instant, (column) => column.notNull())
    .addColumn('due_at', instant, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('in_doubt', 'integer', (column) => column.notNull())
    .addColumn('receipt', json, (column) => column.notNull())
    .addColumn('why', json, (column) => column.notNull())
    .addColumn('hint', json, (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('settled_at', instant)
    .addColumn('claim', name, (column) => column.notNull())
    .addColumn('claimed_until', instant)
    .addUniqueConstraint('write_backs_revision', ['correlation_id', 'dialer', 'aspect', 'revision'])
    .execute();
  await table(db, 'leases', small)
    .addColumn('name', key, (column) => column.notNull().primaryKey())
    .addColumn('holder', key, (column) => column.notNull())
    .addColumn('fence', 'integer', (column) => column.notNull())
    .addColumn('expires_at', instant, (column) => column.notNull())
    .execute();
  await table(db, 'cursors', small)
    .addColumn('name', key, (column) => column.notNull().primaryKey())
    .addColumn('value', json, (column) => column.notNull())
    .execute();
}

type Suffix = ReturnType<typeof tableSuffix>;

function table(db: Kysely<unknown>, tableName: string, suffix: Suffix): CreateTableBuilder<string, never> {
  return db.schema.createTable(tableName).ifNotExists().modifyEnd(suffix);
}
