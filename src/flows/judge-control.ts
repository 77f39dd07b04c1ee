import type { Control, ControlScope } from '../domain/controls.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Deps } from './deps.ts';

/** Longer reasons would be cut where they are kept. */
export const longestNote = 180;
/** As long as the key of a campaign that is kept whole. */
const longestCampaign = 150;
/** More names are no help to whoever made a slip. */
const mostNamed = 3;

/** What an operator is told: what is the matter, and what to do. */
export interface ControlFault {
  words: string;
  hint: string;
}

/** What is wrong with a control that somebody wants to set; null when nothing is. */
export function faultOfControl(
  deps: Pick<Deps, 'dialers'>,
  { kind, scope, percent, note }: Pick<Control, 'kind' | 'scope' | 'percent' | 'note'>,
): ControlFault | null {
  const fault = faultOfScope(deps, scope);
  if (fault) return fault;
  if (scope.aspect && kind !== 'pause') {
    return { words: `A ${kind} holds for whole calls.`, hint: 'Leave the aspect out.' };
  }
  if (kind === 'pause' ? percent !== 0 : !Number.isInteger(percent) || percent < 0 || percent > 100) {
    const hint = kind === 'pause' ? 'Leave the percentage out.' : 'Give a whole number from 0 to 100.';
    return { words: `That percentage says nothing of a ${kind}.`, hint };
  }
  if (note.trim() === '' || note.length > longestNote) {
    return {
      words: 'A reason is needed, for those who look later.',
      hint: `Say why, in at most ${longestNote} letters.`,
    };
  }
  return null;
}

/** What is wrong with a scope, whatever holds in it; null when nothing is. */
export function faultOfScope(
  { dialers }: Pick<Deps, 'dialers'>,
  { dialer, campaign }: ControlScope,
): ControlFault | null {
  if (dialer && !dialers.has(dialer)) {
    return { words: `There is no dialer called "${dialer}".`, hint: `There are: ${[...dialers.keys()].join(', ')}.` };
  }
  if (campaign.length > longestCampaign) {
    return { words: 'No campaign has so long a name.', hint: 'Name it as the dialer does.' };
  }
  return null;
}

/** The campaigns that the configuration names. @param dialer of it alone; empty: of all */
export function namedCampaigns({ dialers }: Pick<Deps, 'dialers'>, dialer = ''): string[] {
  const asked = [...dialers.values()].filter(({ id }) => dialer === '' || id === dialer);
  const names = asked.flatMap(({ settings }) => Object.keys(settings.campaigns));
  return [...new Set(names)].filter((name) => name !== '*');
}

/**
 * A campaign that no configuration names may be written wrongly, or be one that comes tomorrow: it is told, and the control
 * holds. Null when it is known.
 */
export function unknownCampaign(
  { dialers }: Pick<Deps, 'dialers'>,
  { dialer, campaign }: ControlScope,
): ControlFault | null {
  if (campaign === '') return null;
  const known = namedCampaigns({ dialers }, dialer);
  if (known.includes(campaign)) return null;
  const near = nearestOf(campaign, known, mostNamed);
  const where = dialer ? `The configuration of ${dialer} does not name` : "No dialer's configuration names";
  return {
    words: `${where} the campaign ${campaign}: by a wrong name nothing is changed.`,
    hint: near.length > 0 ? `Is ${near.join(' or ')} meant?` : 'See that it is written as the dialer writes it.',
  };
}
