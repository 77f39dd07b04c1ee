import { createIndex, type Migration } from './migration.ts';

/** Finds the latest calls of a dialer among millions. */
export const callsByTime: Migration = {
  id: '0003-calls-by-time',
  async up(db, kind) {
    await createIndex(db, kind, 'calls_by_time', 'calls', ['dialer', 'registered_at']);
  },
};
