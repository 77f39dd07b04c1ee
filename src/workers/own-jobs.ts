import type { Job } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';
import type { DoctorDesk } from '../flows/doctor/doctor-desk.ts';
import { alertJobs } from './alerts.ts';
import { autopilotJobs } from './autopilot.ts';
import { callCountJobs } from './call-counts.ts';
import { exportJobs } from './exports.ts';
import { leftOverJobs } from './left-overs.ts';
import { legRecordJobs } from './leg-records.ts';
import { reconciliationJobs } from './reconciliation.ts';
import { retentionJobs } from './retention.ts';

interface OwnJobSettings {
  reconcile: Parameters<typeof reconciliationJobs>[1];
  console: Parameters<typeof exportJobs>[1];
  retention: Parameters<typeof retentionJobs>[1];
}

/** What runs again and again for no connector's sake but our own. */
export function ownJobs(
  deps: Deps,
  settings: OwnJobSettings,
  doctor: DoctorDesk | null,
): { owner: string; job: Job }[] {
  return [
    ...autopilotJobs(deps),
    ...leftOverJobs(deps),
    ...reconciliationJobs(deps, settings.reconcile),
    ...legRecordJobs(deps),
    ...exportJobs(deps, settings.console),
    ...callCountJobs(deps),
    ...alertJobs(deps, doctor),
    ...retentionJobs(deps, settings.retention),
  ];
}
