import type { Instant } from '../domain/call.ts';
import type { ControlScope } from '../domain/controls.ts';
import type { Aspect } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { readOptOuts } from './watch-opt-outs.ts';

/** What a pause holds back, or would. */
export interface PauseOutlook {
  /** Write-backs that wait in it now. */
  waiting: number;
  /** There are more than were counted. */
  isMore: boolean;
  byAspect: readonly { dialer: string; aspect: Aspect; count: number }[];
  /** Opt-outs among them. */
  optOuts: number;
  /** When the first open opt-out of these dialers raises the alarm, and when the law wants it held; null without one. */
  optOutsDue: { alarmAt: Instant; legalBy: Instant } | null;
}

/** Above this nobody counts. */
const mostCounted = 100_000;
const optOutsRead = 200;

/** What waits in a scope. Goes through what waits where the scope names a campaign. */
export async function pauseOutlook(deps: Deps, { dialer, campaign, aspect }: ControlScope): Promise<PauseOutlook> {
  const counts = await deps.store.countWriteBacksUpTo({
    states: ['pending'],
    most: mostCounted,
    ...(dialer && { dialer }),
    ...(campaign && { campaign }),
    ...(aspect && { aspect }),
  });
  const waiting = counts.reduce((sum, { count }) => sum + count, 0);
  const optOuts = counts.reduce((sum, each) => sum + (each.aspect === 'dnc' ? each.count : 0), 0);
  return {
    waiting,
    isMore: waiting >= mostCounted,
    byAspect: counts.map((each) => ({ dialer: each.dialer, aspect: each.aspect, count: each.count })),
    optOuts,
    optOutsDue: optOuts > 0 ? await firstDue(deps, dialer) : null,
  };
}

async function firstDue(deps: Deps, dialer: string): Promise<PauseOutlook['optOutsDue']> {
  const dialers = dialer ? [dialer] : [...deps.dialers.keys()];
  const calls = await deps.store.callsWithOpenOptOut({ dialers, limit: optOutsRead });
  if (calls.length === 0) return null;
  const clocks = await readOptOuts(deps, { calls, isOpen: true, limit: optOutsRead });
  const earliest = (times: readonly Instant[]) => times.toSorted()[0] ?? '';
  if (clocks.length === 0) return null;
  return {
    alarmAt: earliest(clocks.map(({ alarmAt }) => alarmAt)),
    legalBy: earliest(clocks.map(({ legalBy }) => legalBy)),
  };
}

/** `1 write-back waits`, `100,000 write-backs or more wait`: for people. */
export function waitingWords({ waiting, isMore }: PauseOutlook): string {
  if (waiting === 1) return '1 write-back waits';
  return `${waiting.toLocaleString('en-US')} write-backs${isMore ? ' or more' : ''} wait`;
}
