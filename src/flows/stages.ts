import type { Leg } from '../domain/call.ts';
import type { Control } from '../domain/controls.ts';
import { campaignSettings } from '../domain/settings.ts';
import { placeOfLead, type ShadowPlaces, shownEverywhere, shownMirror } from '../domain/shadow.ts';
import type { Deps } from './deps.ts';

export type StageDeps = Pick<Deps, 'controls' | 'dialers' | 'keyedHash' | 'settings'>;
type Customer = Pick<Leg, 'dialer' | 'campaign' | 'leadKey' | 'phone'> & Partial<Pick<Leg, 'number' | 'callKey'>>;

/** Of how many percent of a campaign's leads the calls are written to their dialer. From memory. */
export function stageOf({ controls, settings }: Pick<Deps, 'controls' | 'settings'>, dialer: string, campaign: string) {
  return controls.now().stageOf(dialer, campaign)?.percent ?? settings.controls.startPercent;
}

/** The stage of a campaign, and who decided it; none: the configuration. An empty campaign stands for every other. */
export interface ShownStage {
  dialer: string;
  campaign: string;
  percent: number;
  control: Control | null;
}

/** What holds for every campaign that is configured, or was decided about. */
export function shownStages(deps: Pick<StageDeps, 'controls' | 'dialers' | 'settings'>): ShownStage[] {
  const now = deps.controls.now();
  return [...deps.dialers.keys()].flatMap((dialer) =>
    campaignsOf(deps, dialer).map((campaign) => {
      const control = now.stageOf(dialer, campaign) ?? null;
      return { dialer, campaign, percent: control?.percent ?? deps.settings.controls.startPercent, control };
    }),
  );
}

/** Where a call that begins now runs in shadow. */
export function shadowPlacesOf(deps: StageDeps, leg: Customer): ShadowPlaces {
  if (!isLive(deps, leg)) return [shownEverywhere];
  const others = [...deps.dialers.keys()].filter((id) => id !== leg.dialer && isWhollyInShadow(deps, id));
  const own = deps.dialers.get(leg.dialer);
  const mirror = own && campaignSettings(own.settings, leg.campaign).mirror;
  // Its dialer finds the record by the number: no key of its own is known there.
  const isShown = mirror && !isLive(deps, { ...mirror, leadKey: '', phone: leg.phone });
  return [...others, ...(isShown ? [shownMirror] : [])];
}

/** True while nothing of any campaign of a dialer is live: then it is only read. */
export function isWhollyInShadow(deps: Pick<StageDeps, 'controls' | 'dialers' | 'settings'>, dialer: string): boolean {
  return campaignsOf(deps, dialer).every((campaign) => stageOf(deps, dialer, campaign) === 0);
}

/** By name; an empty one stands for those that are not configured by name, where the dialer may have such. */
function campaignsOf({ controls, dialers }: Pick<StageDeps, 'controls' | 'dialers'>, dialer: string): string[] {
  const configured = Object.keys(dialers.get(dialer)?.settings.campaigns ?? {});
  const own = configured.filter((name) => name !== '*');
  const staged = controls
    .now()
    .all.flatMap(({ kind, scope }) =>
      kind === 'stage' && scope.campaign && (scope.dialer === '' || scope.dialer === dialer) ? scope.campaign : [],
    );
  const hasOthers = own.length === 0 || own.length < configured.length;
  return [...new Set([...own, ...staged].sort()), ...(hasOthers ? [''] : [])];
}

function isLive(deps: StageDeps, { dialer, campaign, leadKey, phone, number, callKey }: Customer): boolean {
  const percent = stageOf(deps, dialer, campaign);
  if (percent <= 0 || percent >= 100) return percent > 0;
  return placeOfLead(deps.keyedHash, dialer, leadKey || phone || number || callKey || '') < percent;
}
