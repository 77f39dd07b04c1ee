import { setTimeout as wait } from 'node:timers/promises';
import type { Dialer, HeldState } from '../domain/dialer.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

/** One request that took too long shall not end a night's work. */
const lookTries = 3;
const lookAgainMs = 500;
const limitRestMs = 1000;

/**
 * What a dialer holds of what these rows want. What it takes no question about for now is asked again when it does, until
 * `patientUntil` (epoch ms by `deps.clock`). Rejects when it does not answer.
 */
export async function lookWithinLimits(
  deps: Pick<Deps, 'clock' | 'log'>,
  dialer: Dialer,
  rows: readonly WriteBack[],
  { patientUntil, signal }: { patientUntil: number; signal: AbortSignal },
): Promise<ReadonlyMap<string, HeldState>> {
  const held = new Map(await lookPatiently(dialer, rows, signal));
  for (;;) {
    const later = rows.filter(({ id }) => againAt(held.get(id)) <= patientUntil);
    if (later.length === 0 || signal.aborted) return held;
    const opensAt = Math.min(...later.map(({ id }) => againAt(held.get(id))));
    deps.log.info({ dialer: dialer.id, until: new Date(opensAt).toISOString() }, 'a comparison waits for a limit');
    await deps.clock.sleep(Math.max(limitRestMs, opensAt - deps.clock.now()), signal);
    for (const [id, state] of await lookPatiently(dialer, later, signal)) held.set(id, state);
  }
}

function againAt(state: HeldState | undefined): number {
  return state?.kind === 'unknown' && state.askAgainAt ? Date.parse(state.askAgainAt) : Number.POSITIVE_INFINITY;
}

async function lookPatiently(
  dialer: Dialer,
  rows: readonly WriteBack[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HeldState>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await dialer.look?.(rows, signal)) ?? new Map();
    } catch (error) {
      if (tries === lookTries || signal.aborted) throw error;
      await wait(lookAgainMs * tries, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
