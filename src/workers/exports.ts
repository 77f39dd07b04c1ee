import { instantOf } from '../domain/clock.ts';
import type { Job } from '../domain/connector.ts';
import { ourInstance } from '../domain/connector.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { type PlannedExport, writeExport } from '../flows/write-export.ts';

/** Writes each configured export at its time, in one process at a time. */
export function exportJobs(
  deps: Deps,
  { exports, timeZone }: { exports: readonly (PlannedExport & { cron: string })[]; timeZone: string },
): { owner: string; job: Job }[] {
  return exports.map(({ cron, ...planned }, index) => ({
    owner: ourInstance,
    job: {
      name: `export-${index + 1}-${planned.what}`,
      schedule: { cron, timeZone },
      isExclusive: true,
      run: (signal) => run(deps, planned, signal),
    },
  }));
}

async function run(deps: Deps, planned: PlannedExport, signal: AbortSignal): Promise<void> {
  const { what, format, days, folder } = planned;
  const kind = 'failed-export';
  const key = `${what}.${format} of ${days} days in ${folder}`;
  try {
    const file = await writeExport(deps, planned, signal);
    deps.log.info({ what, file }, 'an export was written');
    const settlement = 'a later one was written';
    await deps.store.settleAttention({ kind, key, by: ourInstance, settlement, now: instantOf(deps.clock) });
  } catch (error) {
    if (signal.aborted) return;
    const hint = error instanceof ConnectorError ? error.hint : '';
    const why = messageOf(error);
    const fetchIt = 'Fetch it by hand meanwhile: the scorecard page has it, and `patchbay scorecard`.';
    deps.log.error({ what, format, folder, reason: why, hint, fetchIt }, 'an export was not written');
    deps.board.raise({ kind, key, details: { what, folder, why, hint } });
  }
}
