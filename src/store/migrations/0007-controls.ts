import { type Migration, tableSuffix } from './migration.ts';

/** What people in charge decide live: see `Control`. */
export const controlsTable: Migration = {
  id: '0007-controls',
  async up(db, kind) {
    await db.schema
      .createTable('controls')
      .ifNotExists()
      .addColumn('kind', 'varchar(64)', (column) => column.notNull())
      .addColumn('dialer', 'varchar(64)', (column) => column.notNull())
      .addColumn('campaign', 'varchar(191)', (column) => column.notNull())
      .addColumn('aspect', 'varchar(64)', (column) => column.notNull())
      .addColumn('percent', 'integer', (column) => column.notNull())
      .addColumn('note', 'varchar(191)', (column) => column.notNull())
      .addColumn('set_by', 'varchar(64)', (column) => column.notNull())
      .addColumn('set_at', 'varchar(32)', (column) => column.notNull())
      .addPrimaryKeyConstraint('controls_key', ['kind', 'dialer', 'campaign', 'aspect'])
      .modifyEnd(tableSuffix(kind, 'by-key'))
      .execute();
  },
};
