import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { systemDncList } from '../reads.ts';
import type { Vicidial } from '../vicidial.ts';
import { type Entry, settleEntry } from './dnc-entry.ts';
import { formsHeld, formsOf } from './dnc-forms.ts';
import { stopLeads } from './stop-leads.ts';

export type DncWish = Extract<Desired, { aspect: 'dnc' }>;

/**
 * Puts numbers on the configured DNC lists and gives the person's other leads a status that nobody dials; or takes the
 * numbers off again. Looks first: a number is listed once. One entry that can't be made holds up none of the others.
 */
export async function deliverDnc(
  vicidial: Vicidial,
  { target }: WriteBack,
  { phones, leads = [], listed }: DncWish,
): Promise<DeliveryAnswer> {
  const { known, unknown } = await sortLists(vicidial);
  const held = await formsHeld(vicidial, target, leads);
  const failures: DeliveryAnswer[] = [];
  const entries: Entry[] = [];
  for (const phone of phones) {
    for (const number of await formsOf(vicidial, phone, held.get(phone))) {
      for (const list of known) {
        const result = await settleEntry(vicidial, list, number, listed);
        if (typeof result === 'string') entries.push(result);
        else failures.push(result);
      }
    }
  }
  if (unknown.length > 0) failures.push(unknownLists(vicidial.id, unknown));
  const notes = [`${known.join(', ')}: ${words(entries, listed)}`];
  if (listed) {
    const others = leads.filter((key) => target.callKey === '' || key !== target.leadKey);
    const stopped = await stopLeads(vicidial, others);
    failures.push(...stopped.failures);
    notes.push(...stopped.notes);
  }
  return firstOf(failures) ?? { kind: 'done', note: notes.join('; ') };
}

/** What may heal is tried again first; a refusal is told when nothing else is open. */
function firstOf(failures: readonly DeliveryAnswer[]): DeliveryAnswer | undefined {
  const of = (kind: DeliveryAnswer['kind']) => failures.find((each) => each.kind === kind);
  return of('retry') ?? of('notYet') ?? failures[0];
}

/** The proof: how many entries the lists have, and since when. */
function words(entries: readonly Entry[], listed: boolean): string {
  const count = (kind: Entry) => entries.filter((entry) => entry === kind).length;
  const parts = listed
    ? [
        [count('changed'), 'added and read back'],
        [count('told'), 'added, as the API says'],
        [count('so already'), 'listed already'],
      ]
    : [
        [count('changed') + count('told'), 'taken off'],
        [count('not ours'), 'left: listed before us'],
        [count('so already'), 'not listed'],
      ];
  const told = parts.filter(([number]) => number !== 0).map(([number, what]) => `${number} ${what}`);
  return told.join(', ') || 'no number';
}

/** add_dnc_phone takes any campaign, existing or not, and the entry would protect nobody. */
export async function sortLists({ config, reads }: Vicidial): Promise<{ known: string[]; unknown: string[] }> {
  const { system, campaigns } = config.dnc;
  const existing = campaigns.length > 0 ? await reads.campaigns() : null;
  const exists = (name: string) => existing === null || existing.some((row) => row.campaign_id === name);
  return {
    known: [...(system ? [systemDncList] : []), ...campaigns.filter(exists)],
    unknown: campaigns.filter((name) => !exists(name)),
  };
}

function unknownLists(id: string, names: readonly string[]): DeliveryAnswer {
  return {
    kind: 'refused',
    why: `VICIdial has no campaign ${names.join(', ')} whose DNC list could take the number`,
    hint: `Correct dialers.${id}.dnc.campaigns, then replay; the other lists have the number.`,
  };
}
