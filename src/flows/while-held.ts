import { setTimeout as wait } from 'node:timers/promises';
import type { Hold } from '../domain/delivery.ts';
import { messageOf } from '../domain/errors.ts';
import type { ClaimedWriteBack } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';

/** Work that takes longer than this is stuck: its claims are left to end, so that another process has a go. */
const longestWorkMs = 30 * 60_000;
/** So much of a claim is relied on: the rest is for a request on its way, and for clocks that go at different speeds. */
const reliedOn = 5 / 6;

/**
 * Does the work while the claims of its rows are renewed, so that they don't end under a long batch and come back in
 * doubt. A claim ends by the database's clock, so this goes by the machine's. The work is handed a hold, which it asks before
 * it sends: a process that was frozen goes on before its timers do.
 *
 * @param claimed the rows, and the time since the store was asked for them
 */
export async function whileHeld<T>(
  deps: Pick<Deps, 'store' | 'settings' | 'log'>,
  { rows, sinceClaim }: { rows: readonly ClaimedWriteBack[]; sinceClaim: Stopwatch },
  work: (hold: Hold) => Promise<T>,
): Promise<T> {
  const { leaseMs } = deps.settings.outbox;
  let sinceAsked = sinceClaim;
  const done = new AbortController();
  // What a batch left running when it failed sends nothing beside the next one.
  const isOurs = () => !done.signal.aborted && sinceAsked() < leaseMs * reliedOn;
  if (rows.length === 0) return work({ isOurs });
  const renewing = renew();
  try {
    return await work({ isOurs });
  } finally {
    done.abort();
    await renewing;
  }

  async function renew(): Promise<void> {
    const claims = [...new Set(rows.map(({ claim }) => claim))];
    const end = performance.now() + longestWorkMs;
    while (performance.now() < end) {
      await wait(leaseMs / 3, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
      if (done.signal.aborted) return;
      const sinceRenewal = startStopwatch();
      const count = await deps.store.renewClaims(claims, leaseMs).catch((error: unknown) => {
        deps.log.warn({ reason: messageOf(error) }, 'claims of write-backs could not be renewed');
        return 0;
      });
      // Once it ended some rows may be another's, whatever became of the others: then it stays at an end.
      if (count > 0 && isOurs()) sinceAsked = sinceRenewal;
    }
  }
}
