import type { SeedLead, VicidialSeed } from './seed.ts';

const people = [
  ['Ada', 'Field', 'Denver'],
  ['Ben', "O'Lake", 'Boulder'],
  ['Chloë', 'Stone', 'Winston-Salem, NC'],
  ['Dev', 'Møller', 'Golden'],
  ['Esra', 'Rivers', 'Pueblo'],
] as const;

/** The name of the account that the made-up site gives to Patchbay. */
export const madeUpApiUser = { user: 'patchbay', pass: 'secret7Word' };

/** A small call centre: campaign SPRING, list 101 with custom fields, one remote agent, and leads 1001 and up. */
export function madeUpSite(options: { leads?: number; lines?: number } = {}): VicidialSeed {
  const leads = Array.from({ length: options.leads ?? 10 }, (_, index) => madeUpLead(index));
  return {
    apiUsers: [{ ...madeUpApiUser }],
    users: [{ user: 'anna', fullName: 'Anna Agent' }],
    campaigns: [{ id: 'SPRING', name: 'Spring offer', dialStatuses: ' NEW NA B A AA DROP -' }],
    lists: [{ id: 101, campaign: 'SPRING', customFields: [{ label: 'plan' }, { label: 'ai_summary', type: 'AREA' }] }],
    statuses: [
      { status: 'AIHU', name: 'AI customer hung up', campaign: 'SPRING', flags: ['human_answered'] },
      { status: 'AIQUAL', name: 'AI qualified', campaign: 'SPRING', flags: ['human_answered', 'customer_contact'] },
    ],
    inGroups: ['SALESLINE'],
    remoteAgents: [{ userStart: 7001, lines: options.lines ?? 3, campaign: 'SPRING' }],
    leads,
  };
}

/** Made-up people with the oddities of real tables: zero dates, NULLs, both ways that accents are stored. */
function madeUpLead(index: number): SeedLead {
  const [first, last, city] = people[index % people.length] ?? people[0];
  return {
    leadId: 1001 + index,
    list: 101,
    phone: `303555${String(1000 + index)}`,
    stored: index % 10 === 7 ? 'latin1' : 'utf8',
    columns: {
      first_name: first,
      last_name: last,
      city,
      state: 'CO',
      vendor_lead_code: `V-${index}`,
      date_of_birth: index % 3 === 0 ? '0000-00-00' : index % 3 === 1 ? null : '1980-02-29',
      last_local_call_time: index % 2 === 0 ? '0000-00-00 00:00:00' : null,
      email: index % 4 === 0 ? null : `lead${index}@example.com`,
      alt_phone: index % 5 === 0 ? `720555${String(1000 + index)}` : '',
    },
    ...(index % 2 === 0 && { custom: { plan: index % 4 === 0 ? 'gold' : 'basic' } }),
  };
}
