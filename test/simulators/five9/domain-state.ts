import { membersOf } from './campaign-changes.ts';
import { numbersOfCampaign } from './campaign-operations.ts';
import type { Five9Domain } from './five9-domain.ts';
import type { XmlChildren } from './xml.ts';

/** Everything that an admin makes in a domain, in an order of its own: two that are equal are the same domain. */
export interface DomainState {
  contactFields: unknown[];
  dispositions: unknown[];
  callVariableGroups: unknown[];
  /** First numbers of their contacts by list. */
  lists: Record<string, string[]>;
  skills: string[];
  scripts: { name: string; description: string; xmlDefinition: string }[];
  campaigns: { members: XmlChildren; lists: string[]; dispositions: string[] | 'all'; numbers: string[] }[];
}

export function readDomainState(domain: Five9Domain): DomainState {
  domain.imports.settle();
  const lists = [...domain.lists].map(([name, entries]): [string, string[]] => [
    name,
    [...entries.values()].map(({ contact }) => domain.contacts.read(contact, 'number1')).sort(),
  ]);
  return {
    contactFields: byName(domain.contacts.fields()),
    dispositions: byName(domain.dispositions.values()),
    callVariableGroups: byName(domain.variableGroups.values()).map(({ variables, ...group }) => ({
      ...group,
      variables: byName(variables.values()),
    })),
    lists: Object.fromEntries(lists.sort(([one], [other]) => (one < other ? -1 : 1))),
    skills: domain.skills.map(({ name }) => name).sort(),
    scripts: byName(domain.scripts.values()),
    campaigns: byName(domain.campaigns.values()).map((campaign) => ({
      members: membersOf(domain, campaign),
      lists: [...campaign.lists].sort(),
      dispositions: campaign.dispositions ? [...campaign.dispositions].sort() : 'all',
      numbers: [...numbersOfCampaign(campaign)].sort(),
    })),
  };
}

function byName<T extends { name: string }>(things: Iterable<T>): T[] {
  return [...things].sort((one, other) => (one.name < other.name ? -1 : 1));
}
