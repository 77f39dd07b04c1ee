import type { Migration } from './migration.ts';

/** How many tries of a write-back were lost to a dialer that was away. */
export const sparedTries: Migration = {
  id: '0010-spared-tries',
  async up(db) {
    const rows = (await db.introspection.getTables()).find((table) => table.name === 'write_backs');
    if (rows?.columns.some((column) => column.name === 'spared')) return;
    await db.schema
      .alterTable('write_backs')
      .addColumn('spared', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
