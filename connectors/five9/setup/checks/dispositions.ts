import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { wantedDispositions } from '../plan-dispositions.ts';
import { checkOf, fail, notUsed, ok, some, warn } from './results.ts';
import type { Site } from './site.ts';

/** The dispositions that outcomes map to. Which ones a campaign has, no web service tells. */
export function dispositionChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'dispositions.known',
      title: 'The dispositions exist',
      looksAt: 'getDispositions: names of campaigns.….dispositions',
      run: () => known(site),
    }),
    checkOf({
      id: 'dispositions.types',
      title: 'The dispositions do what their outcomes mean',
      looksAt: 'getDispositions: type',
      run: () => types(site),
    }),
  ];
}

async function known(site: Site): Promise<CheckResult> {
  const { config, five9 } = site;
  const { things } = await site.dispositionPlan();
  if (things.length === 0) return notUsed('no campaign maps an outcome to a disposition');
  const missing = things
    .filter(({ state }) => state === 'missing')
    .map(({ what }) => what.replace(/^disposition /, ''));
  if (missing.length === 0) return ok(`${things.length} dispositions are there`);
  const wanted = wantedDispositions(config);
  const places = missing.map((name) => `"${name}" (${wanted.get(name)?.campaigns.join(', ') || '*'})`);
  return fail(
    `not in Five9: ${some(places)}`,
    'All write-backs of these campaigns wait until it is there.',
    `Run npx patchbay ${five9.id} dispositions --apply (by hand: VCC Administrator → Dispositions → Add, then Campaigns → the campaign → Dispositions), or change campaigns.<name>.dispositions.`,
  );
}

async function types(site: Site): Promise<CheckResult> {
  const { things } = await site.dispositionPlan();
  const wrong = things.filter(({ state }) => state === 'differs');
  if (wrong.length === 0) return ok('every type fits');
  return warn(
    wrong.map(({ what, detail }) => `${what} ${detail}`).join('; '),
    'The type decides what the dialer does: an opt-out of another type is on the DNC list only after the nightly window, a callback of another type is never dialled, and who bought or said no is dialled again by RedialNumber.',
    'VCC Administrator → Dispositions → the disposition → Type: choose the one that is named, or map the outcome to another disposition.',
  );
}
