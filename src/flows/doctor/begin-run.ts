import { instantOf } from '../../domain/clock.ts';
import type { Deps } from '../deps.ts';
import type { DoctorDesk } from './doctor-desk.ts';

/** Has the doctor begin a run for somebody, and writes down who it was. Throws (bad_request) where it can't begin now. */
export async function beginRun(
  deps: Pick<Deps, 'store' | 'gate' | 'clock'>,
  desk: DoctorDesk,
  { only, by }: { only: string; by: string },
): Promise<void> {
  await desk.start({ only, by });
  // The doctor is asked most when things are down: the store may be among them.
  if (deps.gate.isAway()) return;
  await deps.store.appendAudit({
    at: instantOf(deps.clock),
    by,
    act: 'doctor-run',
    subject: only || 'all',
    details: {},
  });
}
