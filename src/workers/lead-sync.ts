import { createTask } from 'node-cron';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { runSync, type SyncDesk } from '../flows/run-sync.ts';
import { withLease } from './lease.ts';

export interface LeadSync extends SyncDesk {
  /** @param isFirst whether the service starts: by another configuration, leads are as they were (Default: true) */
  start(how?: { isFirst: boolean }): void;
  /** Dialers whose leads are being read by this process, or are about to be, each with the end of it. */
  running(): ReadonlyMap<string, Promise<unknown>>;
  stop(): Promise<void>;
}

/** How a sync that nobody asked for is kept. */
export const scheduled = { by: 'schedule', isFull: false } as const;

/** Syncs every dialer's leads by cron (and once at the start): no run overlaps another, in this process or elsewhere. */
export function createLeadSync(deps: Deps, options: { cron: string; timeZone: string; isOnStart: boolean }): LeadSync {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const syncing = new Map<string, Promise<unknown>>();

  async function syncAll(): Promise<void> {
    await Promise.all(
      [...deps.dialers.values()].filter((dialer) => dialer.readLeads).map((dialer) => syncOne(dialer, scheduled)),
    );
  }

  function syncOne(dialer: Dialer, how: { by: string; isFull: boolean }): Promise<unknown> {
    const { id } = dialer;
    // One that comes meanwhile finds the lease taken, and goes.
    const ended = Promise.all([syncing.get(id), read(dialer, how)]).finally(() => {
      if (syncing.get(id) === ended) syncing.delete(id);
    });
    syncing.set(id, ended);
    return ended;
  }

  async function read(dialer: Dialer, how: { by: string; isFull: boolean }): Promise<void> {
    try {
      await withLease(deps, `sync:${dialer.id}`, (signal, under) =>
        runSync(deps, dialer, AbortSignal.any([signal, stopping.signal]), { ...how, under }),
      );
    } catch (error) {
      if (stopping.signal.aborted) return;
      deps.log.warn(
        { dialer: dialer.id, reason: messageOf(error) },
        'the lead sync was cut off; the next run goes on there',
      );
    }
  }

  const task = createTask(
    options.cron,
    async () => {
      const run = syncAll();
      running = Promise.all([running, run]);
      await run;
    },
    { noOverlap: true, timezone: options.timeZone, name: 'lead sync' },
  );

  return {
    begin(id, how) {
      const dialer = deps.dialers.get(id);
      if (dialer?.readLeads && !stopping.signal.aborted) running = Promise.all([running, syncOne(dialer, how)]);
    },
    nextAt: () => task.getNextRun()?.toISOString() ?? null,
    running: () => syncing,
    start({ isFirst } = { isFirst: true }) {
      if (options.isOnStart && isFirst) running = syncAll();
      void task.start();
    },
    async stop() {
      stopping.abort();
      await task.destroy();
      await running;
    },
  };
}
