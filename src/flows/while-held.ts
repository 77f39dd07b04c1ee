import { setTimeout as wait } from 'node:timers/promises';
import type { Controls } from '../domain/controls.ts';
import type { Hold } from '../domain/delivery.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { ClaimedWriteBack } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';

/** Work that takes longer than this is stuck: its claims are left to end, so that another process has a go. */
const longestWorkMs = 30 * 60_000;
/** So much of a claim is relied on: the rest is for a request on its way, and for clocks that go at different speeds. */
const reliedOn = 5 / 6;

/** The hold of a batch, and what it has come to. */
export interface BatchHold extends Hold {
  isPaused(): boolean;
  /** True when something may have been left unsent: its claim ended, or a pause came, though it may be over again. */
  hasStopped(): boolean;
}

/**
 * A claim outlives what its process relies on by the time in which the dialer may still carry out the last request of a
 * process that is gone: who has the rows next looks when that is over.
 */
export function claimMsOf({ settings }: Pick<Deps, 'settings'>, { lateMs = 0 }: Pick<Dialer, 'lateMs'>): number {
  return settings.outbox.leaseMs + lateMs;
}

/**
 * Does the work while the claims of its rows are renewed, so that they don't end under a long batch and come back in
 * doubt. A claim ends by the database's clock, so this goes by the machine's. The work is handed a hold, which it asks before
 * it sends: a process that was frozen goes on before its timers do. It is paused as a whole while one of its rows is: the
 * others come back at once, in another batch.
 *
 * @param claimed the rows, the time since the store was asked for them, and the `lateMs` of their dialer
 */
export async function whileHeld<T>(
  deps: Pick<Deps, 'store' | 'settings' | 'log' | 'controls'>,
  claimed: { rows: readonly ClaimedWriteBack[]; sinceClaim: Stopwatch; lateMs?: number | undefined },
  work: (hold: BatchHold) => Promise<T>,
): Promise<T> {
  const { rows, sinceClaim } = claimed;
  const { leaseMs } = deps.settings.outbox;
  const claimMs = claimMsOf(deps, claimed);
  let sinceAsked = sinceClaim;
  const done = new AbortController();
  // What a batch left running when it failed sends nothing beside the next one.
  const isOurs = () => !done.signal.aborted && sinceAsked() < leaseMs * reliedOn;
  const isPausedNow = pauseWatch(deps, rows);
  let wasPaused = false;
  const hold: BatchHold = {
    isOurs,
    isPaused() {
      const isPaused = isPausedNow();
      wasPaused ||= isPaused;
      return isPaused;
    },
    hasStopped: () => wasPaused || !isOurs(),
  };
  if (rows.length === 0) return work(hold);
  const renewing = renew();
  try {
    return await work(hold);
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
      const count = await deps.store.renewClaims(claims, claimMs).catch((error: unknown) => {
        deps.log.warn({ reason: messageOf(error) }, 'claims of write-backs could not be renewed');
        return 0;
      });
      // Once it ended some rows may be another's, whatever became of the others: then it stays at an end.
      if (count > 0 && isOurs()) sinceAsked = sinceRenewal;
    }
  }
}

/** Asked before each request: the rows are looked through only when the controls are others than before. */
function pauseWatch({ controls }: Pick<Deps, 'controls'>, rows: readonly ClaimedWriteBack[]): () => boolean {
  let seen: Controls | undefined;
  let isPaused = false;
  return () => {
    const now = controls.now();
    if (now === seen) return isPaused;
    seen = now;
    isPaused = rows.some(({ dialer, target, aspect }) => now.pauseOf(dialer, target.campaign, aspect));
    return isPaused;
  };
}
