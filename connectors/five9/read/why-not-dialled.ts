import type { Lead } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { toFive9Number } from '../numbers.ts';

/**
 * Contacts with a number on Five9's DNC list, and those of no campaign: Five9 tells none, and keeps dispositions by campaign,
 * so nothing could be written back. One request for all.
 */
export async function whyNotDialled({ api, config }: Five9, leads: readonly Lead[]): Promise<Map<string, string>> {
  const numbersOf = (lead: Lead) =>
    lead.phones.map((phone) => toFive9Number(phone, config.numberFormat)).filter(Boolean);
  const numbers = [...new Set(leads.flatMap(numbersOf))];
  const listed = new Set(numbers.length > 0 ? await api.checkDnc(numbers) : []);
  const reasons = new Map<string, string>();
  for (const lead of leads) {
    if (numbersOf(lead).some((number) => listed.has(number))) reasons.set(lead.key, 'on a DNC list');
    else if (!lead.campaign) reasons.set(lead.key, 'no campaign to write back to: name it with --as');
  }
  return reasons;
}
