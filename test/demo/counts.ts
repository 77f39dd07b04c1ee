import { DatabaseSync } from 'node:sqlite';

export interface Counts {
  writeBacks: number;
  delivered: number;
  dead: number;
  retried: number;
  byDialer: Record<string, number>;
}

/** What Patchbay's own store says of its write-backs; the verdict does not rest on it. */
export function openCounts(file: string): Counts {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database
      .prepare(
        'select dialer, state, count(*) as count, sum(attempts) as attempts from write_backs group by dialer, state',
      )
      .all() as { dialer: string; state: string; count: number; attempts: number }[];
    const counts: Counts = { writeBacks: 0, delivered: 0, dead: 0, retried: 0, byDialer: {} };
    for (const { dialer, state, count, attempts } of rows) {
      counts.writeBacks += count;
      counts.retried += attempts;
      if (state === 'confirmed') {
        counts.delivered += count;
        counts.byDialer[dialer] = (counts.byDialer[dialer] ?? 0) + count;
      }
      if (state === 'dead' || state === 'refused') counts.dead += count;
    }
    return counts;
  } finally {
    database.close();
  }
}
