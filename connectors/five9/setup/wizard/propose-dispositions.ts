import { outcomeCodes } from '../../../../src/domain/outcome-codes.ts';
import { fittingTypes } from '../plan-dispositions.ts';

/** The disposition that is proposed for an outcome, and why. */
export interface Proposal {
  outcome: string;
  disposition: string;
  why: string;
}

/** Names of our own, and others that a domain may have for the same. Outcomes that share a first name share a disposition. */
const names: Readonly<Record<string, readonly string[]>> = {
  opt_out: ['Do not call', 'DNC', 'Do not contact', 'Opt out'],
  sale: ['Sale', 'Sold', 'Sale made'],
  qualified: ['Handed over', 'Qualified', 'Transferred'],
  not_qualified: ['Not interested', 'Not qualified'],
  callback: ['Callback', 'Call back', 'Callback requested'],
  not_interested: ['Not interested', 'No interest'],
  wrong_number: ['Wrong number', 'Bad number'],
  language: ['Handed over', 'Language barrier'],
  transferred: ['Handed over', 'Transferred'],
  ...Object.fromEntries(
    ['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown'].map((code) => [code, ['No contact']]),
  ),
};

/**
 * For each outcome a disposition that is there by one of its names and does what the outcome means, else a new one.
 *
 * @param held dispositions of the domain
 */
export function proposeDispositions(held: readonly { name: string; type: string }[]): Proposal[] {
  return outcomeCodes.map((outcome) => {
    const words = names[outcome] ?? ['No contact'];
    const ours = `AI - ${words[0]}`;
    const fitting = fittingTypes(new Set([outcome]));
    const isFit = ({ type }: { type: string }) => fitting.length === 0 || fitting.includes(type);
    const found = [ours, ...words]
      .map((name) => held.find((one) => one.name.toLowerCase() === name.toLowerCase() && isFit(one)))
      .find((one) => one !== undefined);
    if (found) return { outcome, disposition: found.name, why: 'Five9 has it' };
    return { outcome, disposition: ours, why: 'is made by set-up' };
  });
}
