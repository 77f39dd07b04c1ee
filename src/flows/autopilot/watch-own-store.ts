import type { Deps } from '../deps.ts';

/** How our own store does, as this process saw it last. Epoch ms. */
export interface OwnStoreWatch {
  awaySince: number | null;
  backSince: number | null;
  isUnwell: boolean;
}

/** Back for so long, it is well: a store that comes and goes is not. */
const steadyMs = 30_000;

export function startOwnStoreWatch(): OwnStoreWatch {
  return { awaySince: null, backSince: null, isUnwell: false };
}

/**
 * While the store is away for long, scripts that ask this process for a route are sent past the AI. Each process judges for
 * itself, since nobody can tell the others. Changes what it is given.
 */
export function watchOwnStore(
  { gate, clock, aiShare, log }: Pick<Deps, 'gate' | 'clock' | 'aiShare' | 'log'>,
  watch: OwnStoreWatch,
  awaySec: number,
): void {
  const now = clock.now();
  if (gate.isAway()) {
    watch.awaySince ??= now;
    watch.backSince = null;
    if (watch.isUnwell || now - watch.awaySince < awaySec * 1000) return;
    watch.isUnwell = true;
    aiShare.setUnwell('our own store does not answer');
    log.warn({ awaySec }, 'the store is away for long: scripts are sent past the AI');
    return;
  }
  watch.backSince ??= now;
  if (now - watch.backSince < steadyMs) return;
  watch.awaySince = null;
  // Also what the watch of an earlier configuration set.
  aiShare.setUnwell('');
  if (!watch.isUnwell) return;
  watch.isUnwell = false;
  log.info({ steadyMs }, 'the store is back for good: scripts may be sent to the AI again');
}
