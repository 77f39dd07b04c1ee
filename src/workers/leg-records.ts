import type { Job } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import { readLegRecords } from '../flows/read-leg-records.ts';

const everyMs = 60_000;

/** For each dialer: keeps what its own records say of calls that are over. */
export function legRecordJobs(deps: Deps): { owner: string; job: Job }[] {
  return [...deps.dialers.values()].map((dialer) => {
    const run: Job['run'] = async (signal, lease) => {
      await readLegRecords(deps, dialer, signal, lease);
    };
    return { owner: dialer.id, job: { name: 'leg-records', schedule: { everyMs }, isExclusive: true, run } };
  });
}
