import type { Instant } from '../domain/call.ts';
import type { Deps } from './deps.ts';

const callsAtOnce = 50;
const partsAtOnce = 80;

/**
 * Gives the newest calls that an earlier release wrote their marks, so many in one run that live calls do not wait. Gives
 * when the newest of those was registered that are still without; null when there is none.
 */
export async function markOldCalls(
  { store }: Pick<Deps, 'store'>,
  { countedFrom, now, signal }: { countedFrom: Instant; now: Instant; signal: AbortSignal | undefined },
): Promise<Instant | null> {
  for (let part = 0; ; part += 1) {
    const calls = await store.unmarkedCalls(callsAtOnce);
    const newest = calls[0];
    if (!newest) return null;
    if (part === partsAtOnce || signal?.aborted) return newest.registeredAt;
    const correlationIds = calls.map(({ correlationId }) => correlationId);
    await store.markCalls({ correlationIds, countedFrom, now });
  }
}
