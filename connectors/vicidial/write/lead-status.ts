import { finalOutcomes } from '../../../src/domain/outcome-codes.ts';
import type { Desired } from '../../../src/domain/write-back.ts';

export type Disposition = Extract<Desired, { aspect: 'disposition' }>;

/** A lead with a callback is held out of the hopper by CBHOLD until then; its log gets the mapped code. */
export function leadStatusOf({ outcome, callbackAt, disposition }: Disposition): string {
  return outcome === 'callback' && callbackAt ? 'CBHOLD' : disposition;
}

/** When a callback falls due, the hopper itself turns CBHOLD into CALLBK. */
export function holdsStatus(held: string, wanted: string): boolean {
  return held === wanted || (wanted === 'CBHOLD' && held === 'CALLBK');
}

/** After these nobody is dialled again by itself, so they may not be a status that the campaign dials. */
export function isFinal(outcome: string): boolean {
  return finalOutcomes.includes(outcome) || ['qualified', 'not_qualified', 'transferred'].includes(outcome);
}
