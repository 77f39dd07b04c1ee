import { type Admission, admit, newAdmission } from '../../domain/admission.ts';
import type { Clock } from '../../domain/clock.ts';
import type { ControlWatch } from '../control-watch.ts';

/** How many of a campaign's calls may go to the AI now. Asked for each live call: from memory alone. */
export interface AiShare {
  /** In percent, and by whom or for what it is less than all. */
  of(dialer: string, campaign: string): { percent: number; why: string };
  /** Whether the next call may go. It counts. */
  admits(dialer: string, campaign: string): boolean;
  /** Why this process itself is unwell and gives the AI no call; empty when it is well. */
  setUnwell(why: string): void;
}

/** Each process gives out its own calls; together they keep the share. */
export function createAiShare({
  controls,
  clock,
}: {
  controls: Pick<ControlWatch, 'now'>;
  clock: Pick<Clock, 'now'>;
}): AiShare {
  /** By dialer and campaign. */
  const admissions = new Map<string, Admission>();
  let unwell = '';

  function of(dialer: string, campaign: string): { percent: number; why: string } {
    if (unwell) return { percent: 0, why: unwell };
    const share = controls.now().shareOf(dialer, campaign);
    return share ? { percent: share.percent, why: share.note } : { percent: 100, why: '' };
  }

  return {
    of,
    admits(dialer, campaign) {
      const { percent } = of(dialer, campaign);
      const name = `${dialer} ${campaign}`;
      if (percent >= 100) {
        admissions.delete(name);
        return true;
      }
      let admission = admissions.get(name);
      if (admission?.percent !== percent) {
        admission = newAdmission(percent, clock.now());
        admissions.set(name, admission);
      }
      return admit(admission, clock.now());
    },
    setUnwell(why) {
      unwell = why;
    },
  };
}
