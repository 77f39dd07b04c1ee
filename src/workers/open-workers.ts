import type { Contributions } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import type { DoctorDesk } from '../flows/doctor/doctor-desk.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createJobRunner } from './jobs.ts';
import { createLeadSync, type LeadSync, scheduled } from './lead-sync.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { ownJobs } from './own-jobs.ts';

/** Everything that works by itself under one configuration. */
export interface Workers {
  outbox: Outbox;
  leadSync: LeadSync;
  /**
   * Begins, also beside those of the configuration before: they claim nothing any more, leases keep us apart, and the spool
   * drains for one after the other.
   *
   * @param isFirst whether the service starts (Default: true)
   */
  start(how?: { isFirst: boolean }): void;
  /** What would not come again soon by itself, were it cut off: syncs and jobs by cron that go on now, each with its end. */
  running(): ReadonlyMap<string, Promise<unknown>>;
  /** Begins one of these out of turn, by its name there; nothing where this configuration does not have it. */
  begin(name: string): void;
  /** Claims nothing more, and waits for what runs at most so long (machine time). */
  stop(graceMs: number): Promise<void>;
}

type WorkerSettings = Parameters<typeof ownJobs>[1] & {
  outbox: { pollMs: number };
  sync: { cron: string; timeZone: string; onStart: boolean };
};

/** @param doctor what the console's doctor runs on, where this process has it: checks that turn are told */
export function openWorkers(
  deps: Deps,
  config: WorkerSettings,
  instances: readonly Contributions[],
  doctor: DoctorDesk | null,
): Workers {
  const outbox = createOutbox(deps, config.outbox.pollMs);
  const housekeeping = createHousekeeping(deps);
  const { cron, timeZone, onStart } = config.sync;
  const leadSync = createLeadSync(deps, { cron, timeZone, isOnStart: onStart });
  const jobs = createJobRunner(deps, [
    ...instances.flatMap(({ id, jobs }) => (jobs ?? []).map((job) => ({ owner: id, job }))),
    ...ownJobs(deps, config, doctor),
  ]);

  return {
    outbox,
    leadSync,
    start({ isFirst } = { isFirst: true }) {
      outbox.start();
      leadSync.start({ isFirst });
      jobs.start();
      housekeeping.start();
    },
    running() {
      const syncs = [...leadSync.running()].map(([id, ended]) => [syncOf(id), ended] as const);
      return new Map([...syncs, ...jobs.running()]);
    },
    begin(name) {
      const synced = [...deps.dialers.keys()].find((id) => syncOf(id) === name);
      if (synced) leadSync.begin(synced, scheduled);
      else jobs.begin(name);
    },
    async stop(graceMs) {
      await Promise.all([outbox.stop(graceMs), leadSync.stop(), jobs.stop(), housekeeping.stop()]);
    },
  };
}

/** As `running` and `begin` name the sync of a dialer. */
export function syncOf(dialer: string): string {
  return `sync:${dialer}`;
}
