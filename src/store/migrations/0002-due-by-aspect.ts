import { createIndex, type Migration } from './migration.ts';

/** Finds the due rows of one aspect while many of another wait for a window of their dialer. */
export const dueByAspect: Migration = {
  id: '0002-due-by-aspect',
  async up(db, kind) {
    await createIndex(db, kind, 'write_backs_due_by_aspect', 'write_backs', ['state', 'dialer', 'aspect', 'due_at']);
  },
};
