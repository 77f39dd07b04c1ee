import type { Job } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import { sightingOfFound } from '../recognise.ts';
import type { Vicidial } from '../vicidial.ts';
import type { ApiReads, LineCall } from './api-reads.ts';

/** A line gets no second call with the same code. */
const seenMs = 3_600_000;

/**
 * Looks at the lines of the remote agents again and again, and registers every call that one of them has: so it is known
 * even when no header and no URL told of it. A call that is shorter than the time between two looks may be missed.
 */
export function watchLineJobs(vicidial: Vicidial, reads: Pick<ApiReads, 'callsOnLines'>): Job[] {
  const { config, deps, id } = vicidial;
  const { everySec } = config.watch;
  if (everySec === 0) return [];
  const context = { id, config, clock: deps.clock };
  const seen = new Map<string, number>();
  let isAway = false;

  async function register(call: LineCall): Promise<void> {
    const sighting = sightingOfFound(context, { user: call.user }, call);
    if (sighting) await deps.registerCall(sighting, 'poll');
  }

  async function look(signal: AbortSignal): Promise<void> {
    const now = deps.clock.now();
    for (const [code, at] of seen) if (now - at > seenMs) seen.delete(code);
    for (const call of await reads.callsOnLines((code) => !seen.has(code), signal)) {
      if (signal.aborted) return;
      await register(call);
      // Only now: what failed comes again with the next look.
      seen.set(call.code, now);
    }
  }

  /** Comes again in some seconds, so only the beginning and the end of a trouble are worth a line. */
  async function run(signal: AbortSignal): Promise<void> {
    try {
      await look(signal);
      if (isAway) deps.log.info({ dialer: id }, 'the lines of the remote agents can be looked at again');
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway)
        deps.log.warn({ dialer: id, reason: messageOf(error) }, 'the lines of the remote agents can not be looked at');
      isAway = true;
    }
  }

  return [{ name: 'watch-lines', schedule: { everyMs: everySec * 1000 }, isExclusive: true, run }];
}
