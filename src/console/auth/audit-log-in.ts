import { instantOf } from '../../domain/clock.ts';
import type { Deps } from '../../flows/deps.ts';

export type LogInAct = 'log-in' | 'log-in-failed' | 'log-in-locked' | 'log-in-denied' | 'log-out' | 'session-ended';

/** Writes down who came and went. It goes on without where the store can't keep it: the log says so. */
export async function auditLogIn(
  deps: Pick<Deps, 'store' | 'gate' | 'clock' | 'log'>,
  entry: { by: string; act: LogInAct; subject: string; details: Readonly<Record<string, string>> },
): Promise<void> {
  const answer = await deps.gate.write(2000, () => deps.store.appendAudit({ ...entry, at: instantOf(deps.clock) }));
  if (answer.kind === 'away')
    deps.log.warn({ act: entry.act, reason: answer.why }, 'the audit log could not be written');
}

/** What nobody proved to be a user of ours is not written down: people type passwords into the field of the name. */
export const unknownUser = 'unknown user';

/** The console itself: nobody is logged in yet. */
export const byNobody = 'console';
