import type { Contributions } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import type { DoctorDesk } from '../flows/doctor/doctor-desk.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createJobRunner } from './jobs.ts';
import { createLeadSync, type LeadSync } from './lead-sync.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { ownJobs } from './own-jobs.ts';

/** Everything that works by itself under one configuration. */
export interface Workers {
  outbox: Outbox;
  leadSync: LeadSync;
  /**
   * Begins. Where others end first, what they can do beside us begins at once (they claim nothing any more, and leases keep
   * us apart), and what they can't when they are through.
   *
   * @param before the end of the workers of the configuration before
   */
  start(before?: Promise<unknown>): void;
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
    start(before) {
      outbox.start();
      leadSync.start({ isFirst: !before });
      jobs.start();
      // The spool has one drain at a time.
      if (before) void before.then(() => housekeeping.start());
      else housekeeping.start();
    },
    async stop(graceMs) {
      await Promise.all([outbox.stop(graceMs), leadSync.stop(), jobs.stop(), housekeeping.stop()]);
    },
  };
}
