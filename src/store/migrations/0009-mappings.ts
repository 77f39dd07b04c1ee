import { sql } from 'kysely';
import { type Migration, tableSuffix } from './migration.ts';

/** With which mapping each call began, and what those mappings say. */
export const mappings: Migration = {
  id: '0009-mappings',
  async up(db, kind) {
    await db.schema
      .createTable('mappings')
      .ifNotExists()
      .addColumn('version', 'varchar(64)', (column) => column.notNull().primaryKey())
      .addColumn('mapping', sql`longtext`, (column) => column.notNull())
      .addColumn('kept_at', 'varchar(32)', (column) => column.notNull())
      .modifyEnd(tableSuffix(kind, 'by-row'))
      .execute();
    const calls = (await db.introspection.getTables()).find((table) => table.name === 'calls');
    if (calls?.columns.some((column) => column.name === 'mapping')) return;
    await db.schema
      .alterTable('calls')
      .addColumn('mapping', 'varchar(64)', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
