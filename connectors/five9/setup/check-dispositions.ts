import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { checkOf, fail, ok, warn } from './check-results.ts';
import { planDispositions } from './plan-dispositions.ts';
import { reviewCampaigns } from './review-campaigns.ts';

/** The dispositions that outcomes map to. */
export function dispositionChecks(five9: Five9): Check[] {
  return [
    checkOf('dispositions.known', 'The dispositions exist', () => known(five9)),
    checkOf('dispositions.types', 'The dispositions do what their outcomes mean', () => types(five9)),
  ];
}

async function known(five9: Five9): Promise<CheckResult> {
  const [hold, ...others] = await reviewCampaigns(five9);
  if (!hold) return ok('every mapped disposition is there');
  const more = others.length > 0 ? ` (and ${others.length} more campaigns)` : '';
  return fail(
    `${hold.campaign}: ${hold.why}${more}`,
    'The write-backs of the campaign wait.',
    `Run npx patchbay ${five9.id} dispositions --apply (in the VCC Administrator: Dispositions). ${hold.hint}`,
  );
}

async function types(five9: Five9): Promise<CheckResult> {
  const wrong = (await planDispositions(five9)).things.filter(({ state }) => state === 'differs');
  if (wrong.length === 0) return ok('every type fits');
  return warn(
    wrong.map(({ what, detail }) => `${what} ${detail}`).join('; '),
    'The type decides what the dialer does: an opt-out of another type is on the DNC list only after the nightly window, a callback of another type is never dialled.',
    'VCC Administrator → Dispositions → the disposition: change its type, or map the outcome to another disposition.',
  );
}
