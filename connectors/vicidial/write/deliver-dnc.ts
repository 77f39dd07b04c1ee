import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { type ApiAnswer, findLine, wordsOf } from '../api/api-answer.ts';
import { leadPhone, nationalDigits } from '../phones.ts';
import { systemDncList } from '../reads.ts';
import type { Vicidial } from '../vicidial.ts';

export type DncWish = Extract<Desired, { aspect: 'dnc' }>;

/** Puts numbers on the configured DNC lists, or takes them off. Looks first: a number is listed once. */
export async function deliverDnc(
  vicidial: Vicidial,
  { target }: WriteBack,
  { phones, listed }: DncWish,
): Promise<DeliveryAnswer> {
  const { dnc } = vicidial.config;
  const lists = [...(dnc.system ? [systemDncList] : []), ...dnc.campaigns];
  const ownForms = await formsOfLead(vicidial, target.leadKey);
  let changed = 0;
  for (const phone of phones) {
    const number = ownForms.get(phone) ?? nationalDigits(phone);
    for (const list of lists) {
      const isThere = vicidial.deps.ignoresIdempotency ? !listed : await vicidial.reads.isOnDncList(list, number);
      if (isThere === listed) continue;
      const failure = await change(vicidial, list, number, listed);
      if (failure) return failure;
      changed += 1;
    }
  }
  return { kind: 'done', note: changed > 0 ? `${changed} entries changed` : 'was so already' };
}

/** VICIdial compares digits with `vicidial_list.phone_number`: a number must be listed as the lead has it. */
async function formsOfLead(vicidial: Vicidial, leadKey: string): Promise<Map<string, string>> {
  const forms = new Map<string, string>();
  if (!/^[1-9]\d*$/.test(leadKey)) return forms;
  const lead = await vicidial.reads.leadRow(leadKey);
  if (!lead) return forms;
  for (const number of [lead.alt_phone, lead.phone_number]) {
    const phone = leadPhone(lead.phone_code, number, vicidial.config.country);
    if (phone) forms.set(phone, number.replace(/\D/g, ''));
  }
  return forms;
}

async function change(
  { api }: Vicidial,
  list: string,
  number: string,
  listed: boolean,
): Promise<DeliveryAnswer | null> {
  const name = listed ? 'add_dnc_phone' : 'delete_dnc_phone';
  const answer = await api.call(name, { phone_number: number, campaign_id: list });
  if (findLine(answer, 'success') || isAlreadySo(answer, listed)) return null;
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
