import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';

const ttlMs = 9_000;

/**
 * Runs the work while this process alone holds the lease; null when another process has it. It is renewed at a third of
 * its time; when that fails for its whole length, the signal is aborted.
 */
export async function withLease<T>(
  deps: Pick<Deps, 'store' | 'newId' | 'log'>,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const holder = deps.newId();
  if (!(await deps.store.takeLease(name, holder, ttlMs))) return null;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renew();
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
    await deps.store.releaseLease(name, holder).catch((error: unknown) => {
      deps.log.warn({ lease: name, reason: messageOf(error) }, 'a lease could not be given back; it ends by itself');
    });
  }

  async function renew(): Promise<void> {
    let renewedAt = performance.now();
    while (!done.signal.aborted) {
      await wait(ttlMs / 3, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
      if (done.signal.aborted) return;
      const isOurs = await deps.store.takeLease(name, holder, ttlMs).catch(() => undefined);
      if (isOurs) renewedAt = performance.now();
      else if (isOurs === null || performance.now() - renewedAt > ttlMs) lost.abort();
    }
  }
}
