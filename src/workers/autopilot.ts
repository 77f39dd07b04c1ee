import type { Job } from '../domain/connector.ts';
import { ourInstance } from '../domain/connector.ts';
import { runAutopilot } from '../flows/autopilot/run-autopilot.ts';
import { startOwnStoreWatch, watchOwnStore } from '../flows/autopilot/watch-own-store.ts';
import type { Deps } from '../flows/deps.ts';

const storeEveryMs = 500;

/** Looks at the AI's health in one process at a time, and in each at its own store. */
export function autopilotJobs(deps: Deps): { owner: string; job: Job }[] {
  const look: Job = {
    name: 'autopilot',
    schedule: { everyMs: deps.settings.autopilot.everySec * 1000 },
    isExclusive: true,
    run: (_signal, lease) => runAutopilot(deps, lease),
  };
  const watch = startOwnStoreWatch();
  const ownStore: Job = {
    name: 'own-store',
    schedule: { everyMs: storeEveryMs },
    isExclusive: false,
    async run() {
      const { enabled, dryRun, storeAwaySec } = deps.settings.autopilot;
      watchOwnStore(deps, watch, enabled && !dryRun && storeAwaySec > 0 ? storeAwaySec : Number.POSITIVE_INFINITY);
    },
  };
  return [look, ownStore].map((job) => ({ owner: ourInstance, job }));
}
