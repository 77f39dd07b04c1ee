import type { Instant } from '../../../src/domain/call.ts';
import { callPages, marginMs } from '../api/call-pages.ts';
import type { CallRecord } from '../api/calls.ts';
import type { Dialler } from './dialler.ts';

export type CallSearch = { kind: 'found'; call: CallRecord } | { kind: 'absent' } | { kind: 'unsure' };

/**
 * Looks in the platform's list for a call that may have been placed at about that time. `absent` only where the list shows
 * correlation IDs, and no call of that time hides its own: variables that an agent's prompt does not use may be missing.
 */
export async function findCall(
  { api, config }: Pick<Dialler, 'api' | 'config'>,
  correlationId: string,
  since: Instant,
): Promise<CallSearch> {
  let isShown = false;
  let isSure = true;
  for await (const { rows, rejects, isCut } of callPages(api, config.callList, since)) {
    for (const call of rows) {
      const shown = call.dynamicVariables.correlation_id;
      if (shown === correlationId) return { kind: 'found', call };
      if (shown) isShown = true;
      else if (mayBe(call, since)) isSure = false;
    }
    if (rejects > 0 || isCut) isSure = false;
  }
  return { kind: isShown && isSure ? 'absent' : 'unsure' };
}

/** A call without an ID that the platform placed by itself at about that time. */
function mayBe({ callType, campaign, createdAt }: CallRecord, since: Instant): boolean {
  if (callType === 'inbound' || callType === 'web' || campaign) return false;
  return !(Math.abs(Date.parse(createdAt) - Date.parse(since)) > marginMs);
}
