import type { StoredFact } from '../../domain/fact.ts';
import { possibleNumbers } from '../../domain/possible-numbers.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

export interface FoundPerson {
  phones: ReadonlySet<string>;
  /** Lead keys by dialer. */
  leads: Record<string, string[]>;
  /** Numbers that more leads have than can be one person. */
  shared: string[];
}

/**
 * The person of a call: the numbers of its legs, all numbers of the leads that have one of those or were called, and
 * every lead that has any of the numbers. One step and no further, or families and companies would grow together. Of a
 * shared number only the number itself counts. A conversation that is no call yet can have been of several: all of their
 * numbers count, and no lead.
 *
 * @param kept numbers that were found before: they stay, though a lead may have lost them
 */
export async function findPerson(
  trx: Session,
  facts: readonly StoredFact[],
  kept: readonly string[],
  sharedNumberLeads: number,
): Promise<FoundPerson> {
  const { own, called } = legsOf(facts);
  if (!facts.some(({ body }) => body.kind === 'registered')) {
    const possible = possibleNumbers(facts).map((phone) => fitKey(phone, keyLengths.phone));
    return { phones: new Set([...possible, ...kept]), leads: {}, shared: [] };
  }
  const shared = new Set<string>();
  const phones = new Set([...own, ...kept]);

  async function leadsOf(phone: string): Promise<LeadName[]> {
    const leads = await selectLeads.all(trx, { phone, most: sharedNumberLeads + 1 });
    if (leads.length <= sharedNumberLeads) return leads;
    shared.add(phone);
    return [];
  }

  for (const phone of own) {
    if ((await leadsOf(phone)).length === 0) continue;
    for (const other of await selectNumbersOfLeads.all(trx, { phone })) phones.add(other.phone);
  }
  const leads = new Map<string, LeadName>();
  for (const lead of called) {
    const numbers = await selectNumbersOfLead.all(trx, { ...lead });
    for (const { phone } of numbers) phones.add(phone);
    if (numbers.length > 0) leads.set(JSON.stringify([lead.dialer, lead.lead_key]), lead);
  }
  for (const phone of phones) {
    for (const { dialer, lead_key } of await leadsOf(phone)) {
      leads.set(JSON.stringify([dialer, lead_key]), { dialer, lead_key });
    }
  }
  const byDialer = Map.groupBy(leads.values(), ({ dialer }) => dialer);
  return {
    phones,
    leads: Object.fromEntries([...byDialer].map(([dialer, names]) => [dialer, names.map((name) => name.lead_key)])),
    shared: [...shared].sort(),
  };
}

interface LeadName {
  dialer: string;
  lead_key: string;
}

function legsOf(facts: readonly StoredFact[]): { own: Set<string>; called: LeadName[] } {
  const own = new Set<string>();
  const called: LeadName[] = [];
  for (const { body } of facts) {
    if (body.kind !== 'registered') continue;
    const { dialer, leadKey, phone } = body.leg;
    if (phone) own.add(fitKey(phone, keyLengths.phone));
    if (leadKey) called.push({ dialer: fitKey(dialer, keyLengths.name), lead_key: fitKey(leadKey) });
  }
  return { own, called };
}

const selectLeads = prepareQuery((db, param: Param<{ phone: string; most: number }>) =>
  db
    .selectFrom('lead_phones')
    .select(['dialer', 'lead_key'])
    .where('phone', '=', param('phone'))
    .orderBy('dialer')
    .orderBy('lead_key')
    .limit(param('most')),
);

const selectNumbersOfLeads = prepareQuery((db, param: Param<{ phone: string }>) =>
  db
    .selectFrom('lead_phones as known')
    .innerJoin('lead_phones as other', (join) =>
      join.onRef('other.dialer', '=', 'known.dialer').onRef('other.lead_key', '=', 'known.lead_key'),
    )
    .select('other.phone')
    .where('known.phone', '=', param('phone')),
);

const selectNumbersOfLead = prepareQuery((db, param: Param<{ dialer: string; lead_key: string }>) =>
  db
    .selectFrom('lead_phones')
    .select('phone')
    .where('dialer', '=', param('dialer'))
    .where('lead_key', '=', param('lead_key')),
);
