import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../domain/errors.ts';
import type { HeldLease } from '../domain/lease.ts';
import type { Deps } from '../flows/deps.ts';
import { startStopwatch } from '../flows/stopwatch.ts';

const usualMs = 9_000;

/**
 * Runs the work while this process alone holds the lease; null when another process has it. It is renewed at a third of
 * its time; when that fails for its whole length, or another had it meanwhile, the signal is aborted. The lease itself
 * tells at once: a process that was frozen goes on before its timers do.
 *
 * @param ttlMs how long it lasts without being renewed. (Default: 9 s)
 */
export async function withLease<T>(
  deps: Pick<Deps, 'store' | 'newId' | 'log'> & Partial<Pick<Deps, 'heldLeases'>>,
  name: string,
  work: (signal: AbortSignal, lease: HeldLease) => Promise<T>,
  ttlMs = usualMs,
): Promise<T | null> {
  const holder = deps.newId();
  // Before the store is asked: its answer may have been on its way for long.
  let sinceRenewal = startStopwatch();
  const taken = await deps.store.takeLease(name, holder, ttlMs);
  if (!taken) return null;
  const { fence } = taken;
  deps.heldLeases?.add(name);
  const lost = new AbortController();
  lost.signal.addEventListener('abort', () => deps.heldLeases?.delete(name), { once: true });
  const done = new AbortController();
  const isOurs = () => !lost.signal.aborted && sinceRenewal() < ttlMs;
  const renewing = renew();
  try {
    return await work(lost.signal, { name, holder, fence, ttlMs, isOurs });
  } finally {
    done.abort();
    await renewing;
    deps.heldLeases?.delete(name);
    await deps.store.releaseLease(name, holder).catch((error: unknown) => {
      deps.log.warn({ lease: name, reason: messageOf(error) }, 'a lease could not be given back; it ends by itself');
    });
  }

  async function renew(): Promise<void> {
    while (!done.signal.aborted) {
      await wait(ttlMs / 3, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
      if (done.signal.aborted) return;
      const sinceAsked = startStopwatch();
      const answer = await deps.store.takeLease(name, holder, ttlMs).catch(() => undefined);
      // Another fence: somebody had it, and gave it back.
      if (answer?.fence === fence) sinceRenewal = sinceAsked;
      else if (answer !== undefined || sinceRenewal() > ttlMs) lost.abort();
    }
  }
}
