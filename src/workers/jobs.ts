import { setTimeout as wait } from 'node:timers/promises';
import { type ScheduledTask, schedule } from 'node-cron';
import type { Job } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { withLease } from './lease.ts';

export interface JobRunner {
  start(): void;
  stop(): Promise<void>;
}

/** Runs what connectors want to have run again and again. */
export function createJobRunner(deps: Deps, jobs: readonly { owner: string; job: Job }[]): JobRunner {
  const stopping = new AbortController();
  const loops: Promise<unknown>[] = [];
  const tasks: ScheduledTask[] = [];

  async function once(owner: string, job: Job): Promise<void> {
    try {
      if (!job.isExclusive) await job.run(stopping.signal);
      else
        await withLease(deps, `job:${owner}:${job.name}`, (signal, lease) =>
          job.run(AbortSignal.any([signal, stopping.signal]), lease),
        );
    } catch (error) {
      if (!stopping.signal.aborted) deps.log.warn({ owner, job: job.name, reason: messageOf(error) }, 'a job failed');
    }
  }

  async function every(owner: string, job: Job, ms: number): Promise<void> {
    while (!stopping.signal.aborted) {
      await once(owner, job);
      await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    start() {
      for (const { owner, job } of jobs) {
        const plan = job.schedule;
        if ('everyMs' in plan) loops.push(every(owner, job, plan.everyMs));
        else {
          const options = {
            noOverlap: true,
            name: `${owner} ${job.name}`,
            ...(plan.timeZone && { timezone: plan.timeZone }),
          };
          tasks.push(schedule(plan.cron, () => once(owner, job), options));
        }
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all([...loops, ...tasks.map((task) => task.destroy())]);
    },
  };
}
