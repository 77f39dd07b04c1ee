import type { Deps } from '../deps.ts';
import { readKept } from './autopilot-cursor.ts';

/** The signals behind the share of each dialer, in parts of one, as they were seen last; for metrics. */
export async function readAiHealth(deps: Pick<Deps, 'store' | 'dialers'>) {
  const all = await Promise.all(
    [...deps.dialers.keys()].map(async (dialer) => ({ dialer, kept: await readKept(deps, dialer) })),
  );
  return all.flatMap(({ dialer, kept }) => {
    if (!kept) return [];
    const { calls, answered, firstWordMs, toolCalls, toolFailures } = kept.measures;
    return {
      dialer,
      answered: partOf(answered, calls),
      firstWordSec: firstWordMs === null ? null : firstWordMs / 1000,
      toolFailures: partOf(toolFailures, toolCalls),
    };
  });
}

function partOf(part: number, of: number): number | null {
  return of === 0 ? null : part / of;
}
