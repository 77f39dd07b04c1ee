import { setTimeout as wait } from 'node:timers/promises';
import { type ScheduledTask, schedule } from 'node-cron';
import type { Job } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { withLease } from './lease.ts';

export interface JobRunner {
  start(): void;
  /** Those by cron that go on now, each with its end: cut off, they would wait for their next time. */
  running(): ReadonlyMap<string, Promise<void>>;
  /** Runs one of them out of turn, by its name there; nothing where there is none. */
  begin(name: string): void;
  stop(): Promise<void>;
}

/** Runs what connectors want to have run again and again. */
export function createJobRunner(deps: Deps, jobs: readonly { owner: string; job: Job }[]): JobRunner {
  const stopping = new AbortController();
  const loops: Promise<unknown>[] = [];
  const tasks: ScheduledTask[] = [];
  const byCron = new Map(jobs.filter(isByCron).map((each) => [nameOf(each), each]));
  const running = new Map<string, Promise<void>>();

  async function once(owner: string, job: Job): Promise<void> {
    try {
      if (!job.isExclusive) await job.run(stopping.signal);
      else
        await withLease(deps, nameOf({ owner, job }), (signal, lease) =>
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

  function run(name: string): Promise<void> {
    const planned = byCron.get(name);
    const known = running.get(name);
    if (known || !planned || stopping.signal.aborted) return known ?? Promise.resolve();
    const ended = once(planned.owner, planned.job).finally(() => running.delete(name));
    running.set(name, ended);
    return ended;
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
          tasks.push(schedule(plan.cron, () => run(nameOf({ owner, job })), options));
        }
      }
    },
    running: () => running,
    begin: (name) => void run(name),
    async stop() {
      stopping.abort();
      await Promise.all([...loops, ...tasks.map((task) => task.destroy()), ...running.values()]);
    },
  };
}

/** Of its lease too, where it has one. */
function nameOf({ owner, job }: { owner: string; job: Job }): string {
  return `job:${owner}:${job.name}`;
}

function isByCron({ job }: { job: Job }): boolean {
  return 'cron' in job.schedule;
}
