import { createIndex, type Migration } from './migration.ts';

/** Finds what was spoken by its age: it may have to go sooner than its call. */
export const production: Migration = {
  id: '0006-production',
  async up(db, kind) {
    await createIndex(db, kind, 'transcripts_by_time', 'transcripts', ['kept_at']);
  },
};
