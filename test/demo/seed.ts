import type { SeedInput } from '../simulators/five9/options.ts';
import type { VicidialSeed } from '../simulators/vicidial/seed.ts';
import * as site from './site.ts';

type People = ReturnType<typeof site.peopleOf>;

/** The campaign whose calls run the script that Patchbay generates. */
export const five9Campaign = {
  name: site.five9Campaign,
  type: 'AUTODIAL' as const,
  state: 'RUNNING' as const,
  lists: [site.five9List, site.five9CallbackList],
};

/** Five9's domain of the demo: one autodial campaign, its lists, dispositions, contact fields and contacts. */
export function seedFive9(people: People): SeedInput {
  return {
    campaigns: [five9Campaign],
    lists: [site.five9List, site.five9CallbackList],
    dispositions: Object.values(site.five9Dispositions).map((name) => ({
      name,
      type: name === site.five9Dispositions.opt_out ? 'DoNotDial' : 'FinalDisp',
    })),
    contactFields: [
      { name: 'ai_summary', type: 'STRING' },
      { name: 'ai_outcome', type: 'STRING' },
      { name: 'patchbay_callback', type: 'STRING' },
      { name: 'last_disposition', type: 'STRING', mapTo: 'LastDisposition' },
      { name: 'last_disposition_at', type: 'DATE_TIME', mapTo: 'LastDispositionDateTime' },
      { name: 'last_agent_disposition', type: 'STRING', mapTo: 'LastAgentDisposition' },
      { name: 'last_agent_disposition_at', type: 'DATE_TIME', mapTo: 'LastAgentDispositionDateTime' },
    ],
    contacts: people.map(({ number, first, last, city }) => ({
      fields: { number1: number, first_name: first, last_name: last, city, state: 'CO' },
      lists: [site.five9List],
    })),
  };
}

/** VICIdial's tables of the demo: one campaign, one list, the statuses that the mapping needs, a remote agent's lines. */
export function seedVicidial(apiPassword: string, people: People): VicidialSeed {
  return {
    apiUsers: [{ user: 'patchbay', pass: apiPassword }],
    users: [{ user: 'anna', fullName: 'Anna Agent' }],
    campaigns: [{ id: site.vicidialCampaign, name: 'Spring offers' }],
    lists: [{ id: site.vicidialList, campaign: site.vicidialCampaign }],
    statuses: [...new Set(Object.values(site.vicidialDispositions))].map((status) => ({
      status,
      campaign: site.vicidialCampaign,
    })),
    remoteAgents: [{ userStart: 5565, lines: 90, campaign: site.vicidialCampaign }],
    leads: people.map(({ index, number, first, last, city }) => ({
      leadId: 1001 + index,
      list: site.vicidialList,
      phone: number,
      ...(index % 7 === 6 && { stored: 'latin1' as const }),
      columns: { first_name: first, last_name: last, city, state: 'CO' },
    })),
  };
}
