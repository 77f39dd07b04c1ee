import type { Job } from '../domain/connector.ts';
import { ourInstance } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import { type CountedMarks, keepCallCounts } from '../flows/keep-call-counts.ts';

const everyMs = 3000;

/** Keeps the counts of calls by the hour up to date, in one process at a time. */
export function callCountJobs(deps: Deps): { owner: string; job: Job }[] {
  const marks: CountedMarks = new Map();
  const run = async (signal: AbortSignal) => {
    const { isWhole, hours } = await keepCallCounts(deps, marks, signal);
    if (!isWhole) deps.log.debug({ hours }, 'calls of the past are being counted');
  };
  return [{ owner: ourInstance, job: { name: 'call-counts', schedule: { everyMs }, isExclusive: true, run } }];
}
