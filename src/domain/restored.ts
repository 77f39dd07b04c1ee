import type { Instant } from './call.ts';

/** The cursor that says until when calls may have been written back without this store knowing: a backup was put back. */
export const restoredCursor = 'restored-at';

/**
 * The cursor that says since when calls may lack here that the dialers know. Empty when nothing waits for them: no backup was
 * put back, the platforms were asked since, or a person said go on.
 */
export const restoredWaitCursor = 'restored-waits-for-calls-since';

/** The name of what is shown to an operator meanwhile. */
export function restoredFinding(callsSince: Instant): string {
  return `restored:${callsSince}`;
}
