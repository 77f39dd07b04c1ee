import type { Instant } from './call.ts';
import type { Controls } from './controls.ts';
import type { BacklogForecast, BreakerState } from './link-report.ts';
import type { Aspect } from './write-back.ts';

/** What waits for one dialer in one aspect, and what is known of how it goes. Times are epoch ms of one clock. */
export interface BacklogNow {
  dialer: string;
  aspect: Aspect;
  waiting: number;
  submitted: number;
  now: number;
  /** Until when the dialer takes nothing of this aspect; 0 or past: it takes it now. */
  pausedUntil: number;
  breaker: BreakerState;
  /** How many rows it took in the last `spanSec` seconds. */
  delivered: number;
  spanSec: number;
  /** When it can be through by the dialer's own limits, where it knows them; null: not within sight. */
  byLimits?: number | null;
}

/**
 * When what waits will be through, if all goes on as in the last minutes. A dialer that knows its limits knows better. Null
 * where it can't be told: the dialer does not answer, or took nothing lately.
 */
export function forecastBacklog(backlog: BacklogNow): BacklogForecast {
  const { dialer, aspect, waiting, submitted, now, pausedUntil } = backlog;
  return {
    dialer,
    aspect,
    waiting,
    submitted,
    opensAt: pausedUntil > now ? instantAt(pausedUntil) : null,
    throughAt: waiting === 0 ? instantAt(now) : soon(now, throughAt(backlog)),
  };
}

/** The same under what people hold back: of that nobody knows when it goes on. */
export function underPauses(
  backlog: readonly BacklogForecast[],
  { pauseOf, pausesOn }: Pick<Controls, 'pauseOf' | 'pausesOn'>,
): BacklogForecast[] {
  return backlog.map((row) => {
    const { dialer, aspect } = row;
    const isSome = pausesOn(dialer).some(({ scope }) => scope.aspect === '' || scope.aspect === aspect);
    if (row.waiting === 0 || !isSome) return row;
    return { ...row, throughAt: null, paused: pauseOf(dialer, '', aspect) ? 'all' : 'some' };
  });
}

function throughAt({ waiting, now, pausedUntil, breaker, delivered, spanSec, byLimits }: BacklogNow): number | null {
  if (breaker !== 'closed') return null;
  const opensAt = Math.max(now, pausedUntil);
  if (byLimits !== undefined) return byLimits === null ? null : Math.max(opensAt, byLimits);
  if (delivered === 0 || spanSec <= 0) return null;
  return opensAt + (waiting / delivered) * spanSec * 1000;
}

/** What is further away than a year is no forecast. */
const mostMs = 366 * 86_400_000;

function soon(now: number, at: number | null): Instant | null {
  return at === null || at > now + mostMs ? null : instantAt(at);
}

function instantAt(ms: number): Instant {
  return new Date(Math.round(ms)).toISOString();
}
