import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { type ApiAnswer, findLine, wordsOf } from '../api/api-answer.ts';
import { leadPhone, nationalDigits } from '../phones.ts';
import { systemDncList } from '../reads.ts';
import type { Vicidial } from '../vicidial.ts';
import { readLead } from './situation.ts';

export type DncWish = Extract<Desired, { aspect: 'dnc' }>;

/**
 * Puts numbers on the configured DNC lists, or takes them off. Looks first: a number is listed once. One entry that can't
 * be made holds up none of the others.
 */
export async function deliverDnc(
  vicidial: Vicidial,
  { target }: WriteBack,
  { phones, listed }: DncWish,
): Promise<DeliveryAnswer> {
  const { known, unknown } = await sortLists(vicidial);
  const ownForms = await formsOfLead(vicidial, target);
  const failures: DeliveryAnswer[] = [];
  let changed = 0;
  for (const phone of phones) {
    for (const number of await formsOf(vicidial, phone, ownForms.get(phone))) {
      for (const list of known) {
        const result = await settleEntry(vicidial, list, number, listed);
        if (result === 'changed') changed += 1;
        else if (result !== 'so already') failures.push(result);
      }
    }
  }
  if (unknown.length > 0) failures.push(unknownLists(vicidial.id, unknown));
  // What may heal is tried again first; a refusal is told when nothing else is open.
  const failure = failures.find(({ kind }) => kind === 'retry') ?? failures[0];
  return failure ?? { kind: 'done', note: changed > 0 ? `${changed} entries changed` : 'was so already' };
}

/** add_dnc_phone takes any campaign, existing or not, and the entry would protect nobody. */
async function sortLists({ config, reads }: Vicidial): Promise<{ known: string[]; unknown: string[] }> {
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

/** VICIdial compares digits with `vicidial_list.phone_number`: a number must be listed as the lead has it. */
async function formsOfLead(vicidial: Vicidial, target: WriteBackTarget): Promise<Map<string, string>> {
  const forms = new Map<string, string>();
  // The number that was dialled, an alternate one too, is named as the dialer has it.
  if (target.callKey.startsWith('V') && target.phone) forms.set(target.phone, target.number.replace(/\D/g, ''));
  if (!/^[1-9]\d*$/.test(target.leadKey)) return forms;
  const lead = await readLead(vicidial, target.leadKey);
  if (!lead) return forms;
  for (const number of [lead.alt_phone, lead.phone_number]) {
    const phone = leadPhone(lead.phone_code, number, vicidial.config.country);
    if (phone) forms.set(phone, number.replace(/\D/g, ''));
  }
  return forms;
}

/** Leads of other lists may hold the same number with its country code: each form that some lead has is listed. */
async function formsOf({ reads }: Vicidial, phone: string, ownForm = ''): Promise<string[]> {
  const usual = nationalDigits(phone);
  const possible = [...new Set([ownForm || usual, usual, phone.replace(/\D/g, '')])].filter(Boolean);
  const held = (await reads.numbersHeld(possible)) ?? [];
  return possible.filter((form, index) => index === 0 || held.includes(form));
}

async function settleEntry(
  vicidial: Vicidial,
  list: string,
  number: string,
  listed: boolean,
): Promise<'changed' | 'so already' | DeliveryAnswer> {
  const { reads, deps } = vicidial;
  const isThere = deps.ignoresIdempotency ? !listed : await reads.isOnDncList(list, number);
  if (isThere === listed) return 'so already';
  const name = listed ? 'add_dnc_phone' : 'delete_dnc_phone';
  const answer = await vicidial.api.call(name, { phone_number: number, campaign_id: list });
  if (!findLine(answer, 'success') && !isAlreadySo(answer, listed)) return failureOf(name, answer, listed);
  const after = await reads.isOnDncList(list, number);
  if (after === null || after === listed) return 'changed';
  return { kind: 'retry', why: `a number is ${listed ? 'not' : 'still'} on ${list} after ${name}`, inDoubt: true };
}

function failureOf(name: string, answer: ApiAnswer, listed: boolean): DeliveryAnswer {
  if (answer.kind === 'noFunction') {
    return {
      kind: 'refused',
      why: `this release of VICIdial has no ${name}`,
      hint: `${listed ? 'Add the number to' : 'Delete the number from'} the DNC list in the admin pages.`,
    };
  }
  if (findLine(answer, 'error', 'YOU MUST USE ALL REQUIRED FIELDS')) {
    return { kind: 'refused', why: 'VICIdial takes no number of fewer than 6 digits', hint: 'Check the number.' };
  }
  return { kind: 'retry', why: `VICIdial answered ${name}: ${wordsOf(answer)}` };
}

function isAlreadySo(answer: ApiAnswer, listed: boolean): boolean {
  const words = listed ? ['ALREADY EXISTS'] : ['DOES NOT EXIST', 'NOT FOUND'];
  return words.some((each) => findLine(answer, 'error', each) !== undefined);
}
