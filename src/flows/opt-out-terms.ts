import type { Instant } from '../domain/call.ts';
import type { OptOutTerms } from '../domain/opt-out-clock.ts';
import type { Deps } from './deps.ts';

const usualTargetSec = 60;

/** How soon opt-outs must reach the dialers: as configured, else in the dialer's own next window. */
export function optOutTerms({ dialers, settings }: Pick<Deps, 'dialers' | 'settings'>): OptOutTerms {
  const { targetSec, ...terms } = settings.optOuts;
  return {
    ...terms,
    targetOf(dialer, toldAt) {
      const told = Date.parse(toldAt);
      const seconds = targetSec[dialer];
      const byWindow = seconds === undefined ? dialers.get(dialer)?.optOutWindowEnd?.(told) : undefined;
      return instant(byWindow ?? told + (seconds ?? usualTargetSec) * 1000);
    },
  };
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}
