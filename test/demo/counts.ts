import type { OwnStore } from './own-store.ts';

export interface Counts {
  writeBacks: number;
  delivered: number;
  dead: number;
  retried: number;
  byDialer: Record<string, number>;
}

/** What Patchbay's own store says of its write-backs; the verdict does not rest on it. */
export async function openCounts(store: OwnStore): Promise<Counts> {
  const rows = (await store.read(
    'select dialer, state, count(*) as count, sum(attempts) as attempts from write_backs group by dialer, state',
  )) as { dialer: string; state: string; count: number; attempts: number | string }[];
  const counts: Counts = { writeBacks: 0, delivered: 0, dead: 0, retried: 0, byDialer: {} };
  for (const { dialer, state, count, attempts } of rows) {
    counts.writeBacks += count;
    // MariaDB gives a sum as text.
    counts.retried += Number(attempts);
    if (state === 'confirmed') {
      counts.delivered += count;
      counts.byDialer[dialer] = (counts.byDialer[dialer] ?? 0) + count;
    }
    if (state === 'dead' || state === 'refused') counts.dead += count;
  }
  return counts;
}
