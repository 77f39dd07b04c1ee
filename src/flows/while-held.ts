import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../domain/errors.ts';
import type { ClaimedWriteBack } from '../store/store.ts';
import type { Deps } from './deps.ts';

/** Work that takes longer than this is stuck: its claims are left to end, so that another process has a go. */
const longestWorkMs = 30 * 60_000;

/**
 * Does the work while the claims of its rows are renewed, so that they don't end under a long batch and come back in
 * doubt. A claim ends by the database's clock, so this goes by the machine's.
 */
export async function whileHeld<T>(
  deps: Pick<Deps, 'store' | 'settings' | 'log'>,
  rows: readonly ClaimedWriteBack[],
  work: () => Promise<T>,
): Promise<T> {
  if (rows.length === 0) return work();
  const done = new AbortController();
  const renewing = renew();
  try {
    return await work();
  } finally {
    done.abort();
    await renewing;
  }

  async function renew(): Promise<void> {
    const { leaseMs } = deps.settings.outbox;
    const claims = [...new Set(rows.map(({ claim }) => claim))];
    const end = performance.now() + longestWorkMs;
    while (performance.now() < end) {
      await wait(leaseMs / 3, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
      if (done.signal.aborted) return;
      await deps.store.renewClaims(claims, leaseMs).catch((error: unknown) => {
        deps.log.warn({ reason: messageOf(error) }, 'claims of write-backs could not be renewed');
      });
    }
  }
}
