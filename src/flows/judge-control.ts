import type { Control, ControlScope } from '../domain/controls.ts';
import { nearest } from '../domain/nearest.ts';
import type { Deps } from './deps.ts';

/** Longer reasons would be cut where they are kept. */
export const longestNote = 180;
/** As long as the key of a campaign that is kept whole. */
const longestCampaign = 150;

/** What is wrong with a control that somebody wants to set; null when nothing is. */
export function faultOfControl(
  { dialers }: Pick<Deps, 'dialers'>,
  { kind, scope, percent, note }: Pick<Control, 'kind' | 'scope' | 'percent' | 'note'>,
): { words: string; hint: string } | null {
  const { dialer, campaign, aspect } = scope;
  if (dialer && !dialers.has(dialer)) {
    return { words: `There is no dialer called "${dialer}".`, hint: `There are: ${[...dialers.keys()].join(', ')}.` };
  }
  if (campaign.length > longestCampaign) {
    return { words: 'No campaign has so long a name.', hint: 'Name it as the dialer does.' };
  }
  if (aspect && kind !== 'pause') {
    return { words: `A ${kind} holds for whole calls.`, hint: 'Leave the aspect out.' };
  }
  if (kind === 'pause' ? percent !== 0 : !Number.isInteger(percent) || percent < 0 || percent > 100) {
    const hint = kind === 'pause' ? 'Leave the percentage out.' : 'Give a whole number from 0 to 100.';
    return { words: `That percentage says nothing of a ${kind}.`, hint };
  }
  if (note.trim() === '' || note.length > longestNote) {
    return { words: 'A reason is needed, for those who look later.', hint: `At most ${longestNote} letters.` };
  }
  return null;
}

/** A campaign that no configuration names may be written wrongly: then what was meant goes on. Null when it is known. */
export function unknownCampaign(
  { dialers }: Pick<Deps, 'dialers'>,
  { dialer, campaign }: ControlScope,
): { nearest: string } | null {
  if (campaign === '') return null;
  const named = [...dialers.values()].filter(({ id }) => dialer === '' || id === dialer);
  const known = named.flatMap(({ settings }) => Object.keys(settings.campaigns)).filter((name) => name !== '*');
  return known.includes(campaign) ? null : { nearest: nearest(campaign, known) ?? '' };
}
