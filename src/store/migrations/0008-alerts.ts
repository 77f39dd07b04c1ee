import { sql } from 'kysely';
import { createIndex, type Migration, tableSuffix } from './migration.ts';

const instant = 'varchar(32)';
const name = 'varchar(64)';
const key = 'varchar(191)';
const json = sql`longtext`;

/** What the site tells of itself, and the letters that are on their way: see `Alert` and `KeptLetter`. */
export const alertTables: Migration = {
  id: '0008-alerts',
  async up(db, kind) {
    await db.schema
      .createTable('alerts')
      .ifNotExists()
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('kind', name, (column) => column.notNull())
      .addColumn('alert_key', key, (column) => column.notNull())
      .addColumn('level', name, (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('words', json, (column) => column.notNull())
      .addColumn('first_at', instant, (column) => column.notNull())
      .addColumn('last_at', instant, (column) => column.notNull())
      .addColumn('ended_at', instant)
      .addColumn('is_closed', 'integer', (column) => column.notNull())
      .addColumn('told', json, (column) => column.notNull())
      .addColumn('acked_by', name, (column) => column.notNull())
      .addColumn('acked_at', instant)
      .modifyEnd(tableSuffix(kind, 'by-row'))
      .execute();
    await createIndex(db, kind, 'alerts_open', 'alerts', ['is_closed', 'first_at']);
    await createIndex(db, kind, 'alerts_by_end', 'alerts', ['ended_at', 'first_at']);
    await db.schema
      .createTable('alert_letters')
      .ifNotExists()
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('channel', name, (column) => column.notNull())
      .addColumn('letter', json, (column) => column.notNull())
      .addColumn('created_at', instant, (column) => column.notNull())
      .addColumn('due_at', instant, (column) => column.notNull())
      .addColumn('state', name, (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('why', json, (column) => column.notNull())
      .addColumn('sent_at', instant)
      .modifyEnd(tableSuffix(kind, 'by-row'))
      .execute();
    await createIndex(db, kind, 'alert_letters_due', 'alert_letters', ['state', 'channel', 'due_at']);
    await createIndex(db, kind, 'alert_letters_by_time', 'alert_letters', ['created_at']);
  },
};
