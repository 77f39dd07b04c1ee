import { instantOf } from '../domain/clock.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Deps } from './deps.ts';

export interface SyncProgress {
  pages: number;
  leads: number;
  rejects: Record<string, number>;
  total?: number;
  /** True when an earlier run was cut off and this one goes on from there. */
  isResumed: boolean;
}

/**
 * Reads a dialer's leads page by page into the store. Each page is saved together with its place, so that a run that is
 * cut off goes on there. Rows that can't be read are counted and don't stop it. One process at a time (the caller holds
 * the lease).
 */
export async function syncLeads(
  deps: Pick<Deps, 'store' | 'clock' | 'log' | 'count'>,
  dialer: Dialer,
  signal: AbortSignal,
  onPage: (progress: SyncProgress) => void = () => undefined,
): Promise<SyncProgress> {
  if (!dialer.readLeads) return { pages: 0, leads: 0, rejects: {}, isResumed: false };
  const place = `leads:${dialer.id}`;
  let cursor = await deps.store.readCursor(place);
  const progress: SyncProgress = { pages: 0, leads: 0, rejects: {}, isResumed: cursor !== '' };

  do {
    signal.throwIfAborted();
    const page = await dialer.readLeads(cursor, signal);
    await deps.store.saveLeads(page.leads, instantOf(deps.clock));
    await deps.store.writeCursor(place, page.cursor);
    cursor = page.cursor;
    progress.pages += 1;
    progress.leads += page.leads.length;
    if (page.total !== undefined) progress.total = page.total;
    for (const [reason, count] of Object.entries(page.rejects)) {
      progress.rejects[reason] = (progress.rejects[reason] ?? 0) + count;
    }
    deps.count.leadsSynced(dialer.id, page.leads.length);
    onPage(progress);
  } while (cursor !== '');

  deps.log.info(
    { dialer: dialer.id, leads: progress.leads, pages: progress.pages, rejects: progress.rejects },
    'leads synced',
  );
  return progress;
}
