import type { Job } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import { hangUpLeftOvers } from '../flows/hang-up-left-overs.ts';

const everyMs = 5000;

/** For each dialer that can act on live calls: looks for those that only the platform has ended. */
export function leftOverJobs(deps: Deps): { owner: string; job: Job }[] {
  return [...deps.dialers.values()].flatMap((dialer) => {
    const { control } = dialer;
    if (!control || control.hangUpLeftOverSec === 0) return [];
    const run = async (signal: AbortSignal) => {
      await hangUpLeftOvers(deps, dialer, control, signal);
    };
    return [{ owner: dialer.id, job: { name: 'left-overs', schedule: { everyMs }, isExclusive: true, run } }];
  });
}
