import { z } from 'zod';
import { oddAnswer, wholeValue } from './answer-cells.ts';
import { findLine } from './api-answer.ts';
import type { CampaignOfList } from './lists.ts';
import type { LookUps } from './look-ups.ts';

/** So many leads of one number are looked at; who has more is nobody's sole lead. */
const most = 20;

/** A lead that has a number; `list` is empty when the search did not tell it. */
interface Found {
  leadId: string;
  number: string;
  list: string;
}

/** Leads with one of these numbers in the lists of a campaign; at most two. */
export async function searchLeads(
  lookUps: LookUps,
  campaignOf: CampaignOfList,
  numbers: readonly string[],
  campaign: string,
): Promise<string[]> {
  const found = await search(lookUps, numbers);
  const leads = [...new Map(found.map((each) => [each.leadId, each])).values()];
  if (leads.length >= most) return leads.slice(0, 2).map(({ leadId }) => leadId);
  const campaigns = await Promise.all(
    leads.map(async ({ leadId, list }) => await campaignOf(list || (await listOf(lookUps, leadId)))),
  );
  const own = leads.filter((_, index) => campaigns[index] === campaign);
  return own.slice(0, 2).map(({ leadId }) => leadId);
}

/** Those of these numbers that some lead has. */
export async function searchNumbers(lookUps: LookUps, numbers: readonly string[]): Promise<string[]> {
  const held = new Set((await search(lookUps, numbers)).map(({ number }) => number));
  return numbers.filter((number) => held.has(number));
}

async function search(lookUps: LookUps, numbers: readonly string[]): Promise<Found[]> {
  // VICIdial takes no number of fewer digits.
  const usable = numbers.filter((number) => /^\d{6,}$/.test(number));
  if (usable.length === 0) return [];
  return (await searchAtOnce(lookUps, usable)) ?? (await searchOneByOne(lookUps, usable));
}

/** number, count, ids with a dash between */
const SearchCells = z.tuple([z.string(), z.string().regex(/^\d+$/), z.string().regex(/^[\d-]*$/)]);

/** Null when the release lacks it. */
async function searchAtOnce(lookUps: LookUps, numbers: readonly string[]): Promise<Found[] | null> {
  const asked = { phone_number: numbers.join(','), records: String(most) };
  const answer = await lookUps.ask('lead_search', asked);
  if (answer.kind === 'lacking') return null;
  if (answer.kind === 'empty' || findLine(answer, 'error', 'NO MATCHES FOUND')) return [];
  return answer.lines.flatMap(({ parts }) => {
    const read = SearchCells.safeParse(parts);
    if (!read.success) throw oddAnswer('lead_search');
    const [number, , ids] = read.data;
    return ids
      .split('-')
      .filter(Boolean)
      .map((leadId) => ({ leadId, number, list: '' }));
  });
}

/** Every release tells a lead so, and its list; nothing is changed. */
async function searchOneByOne(lookUps: LookUps, numbers: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const number of numbers) {
    const asked = { search_method: 'PHONE_NUMBER', phone_number: number, records: String(most), no_update: 'Y' };
    const answer = await lookUps.ask('update_lead', asked);
    if (answer.kind !== 'lines') throw oddAnswer('update_lead');
    for (const { kind, words, parts } of answer.lines) {
      // user|lead_id|vendor_lead_code|phone_number|list_id|entry_list_id, where the vendor's code may hold anything.
      if (kind !== 'notice' || !words.includes('LEADS FOUND')) continue;
      const [leadId = '', list = ''] = [parts[1], parts.at(-2)];
      if (/^[1-9]\d*$/.test(leadId)) found.push({ leadId, number, list });
    }
  }
  return found;
}

async function listOf(lookUps: LookUps, leadId: string): Promise<string> {
  const answer = await lookUps.ask('lead_field_info', { lead_id: leadId, field_name: 'list_id' });
  return answer.kind === 'lines' ? wholeValue(answer.body) : '';
}
