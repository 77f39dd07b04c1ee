import type { Job } from '../domain/connector.ts';
import { ourInstance } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import { purge, type RetentionSettings } from '../flows/purge.ts';

/** The lease under which one process at a time purges, by cron or by hand. */
export const purgeLease = `job:${ourInstance}:purge`;

/** Purges at its time, in one process at a time; none where the site did not ask for it. */
export function retentionJobs(
  deps: Deps,
  retention: RetentionSettings & { enabled: boolean; cron: string; timeZone: string },
): { owner: string; job: Job }[] {
  if (!retention.enabled) return [];
  const { cron, timeZone } = retention;
  const run = async (signal: AbortSignal) => void (await purge(deps, { retention, signal }));
  return [{ owner: ourInstance, job: { name: 'purge', schedule: { cron, timeZone }, isExclusive: true, run } }];
}
