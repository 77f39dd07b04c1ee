import { type Kysely, sql } from 'kysely';
import type { StoreKind } from '../session.ts';
import { createIndex, type Migration, tableSuffix } from './migration.ts';

const instant = 'varchar(32)';
const name = 'varchar(64)';
const key = 'varchar(191)';
const json = sql`longtext`;

/** What needs a person, who did what, and what was spoken where a site wants to keep that. */
export const peopleInCharge: Migration = {
  id: '0004-people-in-charge',
  async up(db, kind) {
    const suffix = tableSuffix(kind, 'by-row');
    await db.schema
      .createTable('attention')
      .ifNotExists()
      .addColumn('kind', name, (column) => column.notNull())
      .addColumn('item_key', key, (column) => column.notNull())
      .addColumn('correlation_id', name, (column) => column.notNull())
      .addColumn('details', json, (column) => column.notNull())
      .addColumn('told', 'integer', (column) => column.notNull())
      .addColumn('first_at', instant, (column) => column.notNull())
      .addColumn('last_at', instant, (column) => column.notNull())
      .addColumn('settled_by', name, (column) => column.notNull())
      .addColumn('settlement', json, (column) => column.notNull())
      .addColumn('settled_at', instant)
      .addPrimaryKeyConstraint('attention_key', ['kind', 'item_key'])
      .modifyEnd(suffix)
      .execute();
    await createIndex(db, kind, 'attention_open', 'attention', ['settled_at', 'last_at']);
    await db.schema
      .createTable('plans_to_renew')
      .ifNotExists()
      .addColumn('correlation_id', name, (column) => column.notNull().primaryKey())
      .addColumn('due_at', instant, (column) => column.notNull())
      .modifyEnd(tableSuffix(kind, 'by-key'))
      .execute();
    await db.schema
      .createTable('audit_log')
      .ifNotExists()
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('at', instant, (column) => column.notNull())
      .addColumn('who', name, (column) => column.notNull())
      .addColumn('act', name, (column) => column.notNull())
      .addColumn('subject', key, (column) => column.notNull())
      .addColumn('details', json, (column) => column.notNull())
      .modifyEnd(suffix)
      .execute();
    await createIndex(db, kind, 'audit_log_by_time', 'audit_log', ['at']);
    await db.schema
      .createTable('transcripts')
      .ifNotExists()
      .addColumn('correlation_id', name, (column) => column.notNull())
      .addColumn('platform', name, (column) => column.notNull())
      .addColumn('spoken', json, (column) => column.notNull())
      .addColumn('kept_at', instant, (column) => column.notNull())
      .addPrimaryKeyConstraint('transcripts_key', ['correlation_id', 'platform'])
      .modifyEnd(suffix)
      .execute();
    await addPostalCodes(db, kind);
  },
};

/** Leads are found by their postal code too. Those that are held already get theirs from their fields. */
async function addPostalCodes(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  const leads = (await db.introspection.getTables()).find((table) => table.name === 'leads');
  if (!leads?.columns.some((column) => column.name === 'postal_code')) {
    await db.schema
      .alterTable('leads')
      .addColumn('postal_code', 'varchar(16)', (column) => column.notNull().defaultTo(''))
      .execute();
  }
  const told = sql`json_extract(fields, '$.postal_code')`;
  const code = kind === 'sqlite' ? told : sql`json_unquote(${told})`;
  const plain = sql`upper(replace(replace(coalesce(${code}, ''), ' ', ''), '-', ''))`;
  // Of an American ZIP the first five digits count: see postalKey.
  await sql`update leads set postal_code = substr(${plain}, 1, case
    when length(${plain}) = 9 and ${plain} between '000000000' and '999999999' then 5 else 12 end)`.execute(db);
  await createIndex(db, kind, 'leads_by_postal_code', 'leads', ['postal_code']);
}
