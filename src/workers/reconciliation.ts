import type { Job } from '../domain/connector.ts';
import { ourInstance } from '../domain/connector.ts';
import type { HeldLease } from '../domain/lease.ts';
import { catchUp } from '../flows/catch-up.ts';
import { confirmHints, type HintPace } from '../flows/confirm-hints.ts';
import type { Deps } from '../flows/deps.ts';
import { reconcile } from '../flows/reconcile.ts';

/** The lease under which one process at a time reconciles, by cron or by hand. */
export const reconcileLease = `job:${ourInstance}:reconcile`;

const confirmEveryMs = 5000;
const catchUpEveryMs = 180_000;

/** What compares and catches up by itself. */
export function reconciliationJobs(
  deps: Deps,
  { cron, timeZone }: { cron: string; timeZone: string },
): { owner: string; job: Job }[] {
  const work = (
    name: string,
    schedule: Job['schedule'],
    run: (signal: AbortSignal, lease?: HeldLease) => Promise<unknown>,
  ) => ({
    owner: ourInstance,
    job: {
      name,
      schedule,
      isExclusive: true,
      run: async (signal: AbortSignal, lease?: HeldLease) => void (await run(signal, lease)),
    },
  });
  const pace: HintPace = { notBefore: new Map(), farAt: 0 };
  return [
    work('reconcile', { cron, timeZone }, (signal, under) => reconcile(deps, { signal, ...(under && { under }) })),
    work('confirm', { everyMs: confirmEveryMs }, (signal) => confirmHints(deps, signal, pace)),
    work('catch-up', { everyMs: catchUpEveryMs }, (signal) => catchUp(deps, signal)),
  ];
}
