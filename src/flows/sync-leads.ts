import { instantOf } from '../domain/clock.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { LeadPage, ReadPace } from '../domain/lead.ts';
import type { Fence } from '../domain/lease.ts';
import type { Deps } from './deps.ts';

export interface SyncProgress {
  pages: number;
  leads: number;
  rejects: Record<string, number>;
  total?: number;
  /** 0 to 1, from dialers that can't say a total. */
  share?: number;
  /** True when an earlier run was cut off and this one goes on from there. */
  isResumed: boolean;
}

export interface SyncOptions {
  /** (Default: gentle) */
  pace?: ReadPace;
  /** Reads every lead anew, also where a run was cut off or the changes would do. (Default: false) */
  isFull?: boolean;
  /** What is read is kept only while this lease is held. */
  under?: Fence;
  onPage?(progress: SyncProgress): void;
}

type SyncDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'count'>;

/**
 * Reads a dialer's leads page by page into the store: all of them, or what changed since the last time where the dialer
 * can tell. Each page is saved together with its place, so that a run that is cut off goes on there. Rows that can't be
 * read are counted and don't stop it. One process at a time (the caller holds the lease).
 */
export async function syncLeads(
  deps: SyncDeps,
  dialer: Dialer,
  signal: AbortSignal,
  options: SyncOptions = {},
): Promise<SyncProgress> {
  if (!dialer.readLeads) return { pages: 0, leads: 0, rejects: {}, isResumed: false };
  const { pace = 'gentle', onPage } = options;
  const cutOffAt = options.isFull ? '' : await deps.store.readCursor(placeOf(dialer));
  const start = options.isFull ? '' : cutOffAt || (await deps.store.readCursor(sinceOf(dialer)));
  const progress: SyncProgress = { pages: 0, leads: 0, rejects: {}, isResumed: cutOffAt !== '' };

  signal.throwIfAborted();
  const read = (cursor: string) => dialer.readLeads?.(cursor, signal, pace) ?? Promise.resolve(nothing);
  let next: Promise<LeadPage> | undefined = read(start);
  while (next) {
    const page: LeadPage = await next;
    const saving = savePage(deps, dialer, page, options.under);
    // At full pace the dialer is read while the store writes. Not before: this thread must be free to take the answer, for
    // a dialer may keep its table locked until it is taken.
    const ahead = pace === 'full' && page.cursor ? read(page.cursor) : undefined;
    ahead?.catch(() => undefined);
    await saving;
    countPage(progress, page);
    deps.count.leadsSynced(dialer.id, page.leads.length);
    onPage?.(progress);
    signal.throwIfAborted();
    next = page.cursor ? (ahead ?? read(page.cursor)) : undefined;
  }

  deps.log.info(
    { dialer: dialer.id, leads: progress.leads, pages: progress.pages, rejects: progress.rejects },
    'leads synced',
  );
  return progress;
}

const nothing: LeadPage = { leads: [], rejects: {}, cursor: '' };

/** Where a run stands that is not through. */
function placeOf(dialer: Dialer): string {
  return `leads:${dialer.id}`;
}

/** With what the next run begins once this one is through. */
function sinceOf(dialer: Dialer): string {
  return `leads-since:${dialer.id}`;
}

/** The page and its place go into the store together. What the next run begins with is there before the place is cleared. */
async function savePage(deps: SyncDeps, dialer: Dialer, page: LeadPage, under: Fence | undefined): Promise<void> {
  const now = instantOf(deps.clock);
  if (page.strays?.length) await deps.store.renewLeads(page.strays, now);
  if (!page.cursor) await deps.store.writeCursor(sinceOf(dialer), page.since ?? '', under);
  await deps.store.saveLeads(page.leads, now, {
    name: placeOf(dialer),
    value: page.cursor,
    ...(under && { under }),
  });
}

function countPage(progress: SyncProgress, page: LeadPage): void {
  progress.pages += 1;
  progress.leads += page.leads.length;
  if (page.total !== undefined) progress.total = page.total;
  if (page.share !== undefined) progress.share = page.share;
  for (const [reason, count] of Object.entries(page.rejects)) {
    progress.rejects[reason] = (progress.rejects[reason] ?? 0) + count;
  }
}
