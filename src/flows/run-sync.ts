import type { Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { Dialer } from '../domain/dialer.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Deps } from './deps.ts';
import { type SyncOptions, type SyncProgress, syncLeads } from './sync-leads.ts';

/** How the last sync of a dialer's leads went, or goes. */
export interface SyncRun {
  startedAt: Instant;
  /** Null while it goes on, or when it was cut off without a word. */
  endedAt: Instant | null;
  /** When it told of itself last. */
  seenAt: Instant;
  /** `schedule`, `cli:<system user>`, or the name of a console user. */
  by: string;
  isFull: boolean;
  isResumed: boolean;
  pages: number;
  leads: number;
  rejects: Readonly<Record<string, number>>;
  total?: number;
  share?: number;
  /** Why it was cut off; empty when it was not. */
  error: string;
  hint: string;
  /** How many leads of the dialer we held when it was through. */
  held?: number;
  /** When one was last through: this one, or one before it. */
  succeededAt?: Instant;
}

/** Begins syncs in this process, for those who don't wait for them. */
export interface SyncDesk {
  /** At once; one that runs already, here or elsewhere, goes on instead. */
  begin(dialer: string, how: { by: string; isFull: boolean }): void;
  /** When the next one begins by itself. */
  nextAt(): Instant | null;
}

type RunDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'count'>;

/** A running sync is not told of more often, by the machine's clock. */
const toldEveryMs = 2000;

/** Syncs a dialer's leads, and keeps how it goes where operators see it. One process at a time (the caller holds the lease). */
export async function runSync(
  deps: RunDeps,
  dialer: Dialer,
  signal: AbortSignal,
  { by, ...options }: SyncOptions & { by: string },
): Promise<SyncProgress> {
  const startedAt = instantOf(deps.clock);
  const before = await lastSync(deps, dialer.id);
  let run: SyncRun = {
    ...(before?.succeededAt && { succeededAt: before.succeededAt }),
    startedAt,
    endedAt: null,
    seenAt: startedAt,
    by,
    isFull: options.isFull === true,
    isResumed: false,
    pages: 0,
    leads: 0,
    rejects: {},
    error: '',
    hint: '',
  };
  let telling: Promise<unknown> = Promise.resolve();
  let toldAt = performance.now();
  const tell = (changes: Partial<SyncRun>) => {
    run = { ...run, ...changes, seenAt: instantOf(deps.clock) };
    const text = JSON.stringify(run);
    telling = telling.then(() => deps.store.writeCursor(nameOf(dialer.id), text, options.under)).catch(() => undefined);
    return telling;
  };

  await tell({});
  try {
    const progress = await syncLeads(deps, dialer, signal, {
      ...options,
      onPage(page) {
        options.onPage?.(page);
        if (performance.now() - toldAt < toldEveryMs) return;
        toldAt = performance.now();
        void tell({ ...page });
      },
    });
    const counts = await deps.store.countLeads();
    const held = counts.find((each) => each.dialer === dialer.id)?.count ?? 0;
    const endedAt = instantOf(deps.clock);
    await tell({ ...progress, held, endedAt, succeededAt: endedAt });
    return progress;
  } catch (error) {
    await tell({ endedAt: instantOf(deps.clock), ...wordsOf(error, signal) });
    throw error;
  }
}

/** How the last sync of a dialer went; null when there was none. */
export async function lastSync({ store }: Pick<Deps, 'store'>, dialer: string): Promise<SyncRun | null> {
  const text = await store.readCursor(nameOf(dialer));
  return text ? (JSON.parse(text) as SyncRun) : null;
}

function nameOf(dialer: string): string {
  return `sync:${dialer}:last`;
}

/** Only our own errors are known to be free of what a lead says. */
function wordsOf(error: unknown, signal: AbortSignal): { error: string; hint: string } {
  if (error instanceof ConnectorError) return { error: error.message, hint: error.hint };
  if (signal.aborted) return { error: 'the service was stopped, or another process took over', hint: '' };
  return { error: 'it failed in a way that it should not', hint: 'The log says why.' };
}
