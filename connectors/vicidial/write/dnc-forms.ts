import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { leadPhone, nationalDigits } from '../phones.ts';
import type { Vicidial } from '../vicidial.ts';
import { readLead } from './situation.ts';

/**
 * The digits in which these leads, and the call, have each number: VICIdial compares a list's digits with what it dials,
 * and it dials the alternate numbers of a lead too.
 */
export async function formsHeld(
  vicidial: Vicidial,
  target: WriteBackTarget,
  leads: readonly string[],
): Promise<Map<string, string[]>> {
  const held = new Map<string, string[]>();
  const add = (phone: string, number: string) => {
    const digits = number.replace(/\D/g, '');
    const known = held.get(phone) ?? [];
    if (phone && digits && !known.includes(digits)) held.set(phone, [...known, digits]);
  };
  // The number that was dialled, an alternate one too, is named as the dialer has it.
  if (target.callKey.startsWith('V')) add(target.phone, target.number);
  for (const leadId of new Set([target.leadKey, ...leads])) {
    if (!/^[1-9]\d*$/.test(leadId)) continue;
    const lead = await readLead(vicidial, leadId);
    if (!lead) continue;
    const { country } = vicidial.config;
    for (const number of [lead.phone_number, lead.alt_phone]) add(leadPhone(lead.phone_code, number, country), number);
    for (const other of (await vicidial.reads.alternateNumbers(leadId)) ?? []) {
      add(leadPhone(other.phone_code || lead.phone_code, other.phone_number, country), other.phone_number);
    }
  }
  return held;
}

/** Leads that we don't know may hold the same number otherwise: each form that some lead has is listed. */
export async function formsOf(
  { reads }: Vicidial,
  phone: string,
  held: readonly string[] = [],
): Promise<readonly string[]> {
  const usual = nationalDigits(phone);
  const sure = held.length > 0 ? held : [usual];
  const possible = [usual, phone.replace(/\D/g, '')].filter((form) => form && !sure.includes(form));
  const found = possible.length > 0 ? ((await reads.numbersHeld(possible)) ?? []) : [];
  return [...sure, ...possible.filter((form) => found.includes(form))].filter(Boolean);
}
