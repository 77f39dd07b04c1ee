import { assertScript, membersOf, wrongType } from './campaign-changes.ts';
import { campaignOf, type Five9Domain, namePattern } from './five9-domain.ts';
import type { Campaign } from './options.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

export function getCampaigns(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('campaignNamePattern'));
  const type = args.text('campaignType');
  return [...domain.campaigns.values()]
    .filter((campaign) => fits(campaign.name) && (type === '' || campaign.type === type))
    .map(generalMembers);
}

/** `waitUntilChange` (seconds): how long the answer may be held back while the state stays as it is. */
export async function getCampaignState(domain: Five9Domain, args: Args): Promise<XmlContent> {
  const { name, state } = campaignOf(domain, args.text('campaignName'));
  const waitMs = (args.number('waitUntilChange') ?? 0) * 1000;
  if (waitMs > 0) {
    const changed = new AbortController();
    const look = () => {
      if (domain.campaigns.get(name)?.state !== state) changed.abort();
    };
    domain.watchers.add(look);
    await domain.clock.sleep(waitMs, changed.signal);
    domain.watchers.delete(look);
  }
  return campaignOf(domain, name).state;
}

export function getOutboundCampaign(domain: Five9Domain, args: Args): XmlContent {
  return membersOf(domain, campaignOfType(domain, args, 'OUTBOUND'));
}

export function getInboundCampaign(domain: Five9Domain, args: Args): XmlContent {
  return membersOf(domain, campaignOfType(domain, args, 'INBOUND'));
}

export function getAutodialCampaign(domain: Five9Domain, args: Args): XmlContent {
  return membersOf(domain, campaignOfType(domain, args, 'AUTODIAL'));
}

export function setDefaultIVRSchedule(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  if (campaign.type === 'OUTBOUND') throw wrongType(campaign, ['INBOUND', 'AUTODIAL']);
  const script = args.text('scriptName');
  assertScript(domain, script);
  const params = args.nodes('params').map((one) => ({ name: one.text('name'), value: one.text('value') }));
  const ivrSchedule = { name: 'Default', scriptName: script, ...(params.length > 0 && { scriptParameters: params }) };
  const held = campaign.members.defaultIvrSchedule as { visualModeSettings?: object } | undefined;
  const visualModeSettings = visualSettings(domain, args, held?.visualModeSettings);
  const inbound = { ...held, ivrSchedule, ...(visualModeSettings && { visualModeSettings }) };
  const defaultIvrSchedule = campaign.type === 'AUTODIAL' ? ivrSchedule : inbound;
  domain.campaigns.set(campaign.name, { ...campaign, script, members: { ...campaign.members, defaultIvrSchedule } });
  return undefined;
}

/** What is left out is switched off, or stays: which of them is not documented. */
function visualSettings({ switches }: Five9Domain, args: Args, held: object | undefined): object | undefined {
  const sent = {
    ...(args.has('isVisualModeEnabled') && { visualModeEnabled: args.flag('isVisualModeEnabled') }),
    ...(args.has('isChatEnabled') && { chatEnabled: args.flag('isChatEnabled') }),
  };
  if (!held && Object.keys(sent).length === 0) return undefined;
  const off = switches.omittedMembersAreCleared ? { visualModeEnabled: false, chatEnabled: false } : {};
  return { ...held, ...off, ...sent };
}

/** The numbers of an inbound campaign are what its calls dial. */
export function getCampaignDNISList(domain: Five9Domain, args: Args): XmlContent {
  return numbersOfCampaign(campaignOf(domain, args.text('campaignName')));
}

export function getDNISList(domain: Five9Domain, args: Args): XmlContent {
  const assigned = [...domain.campaigns.values()].flatMap(numbersOfCampaign);
  const open = domain.dnis.filter((dnis) => !assigned.includes(dnis));
  return args.flag('selectUnassigned') ? open : [...assigned, ...open];
}

export function numbersOfCampaign({ type, dnis, ani }: Campaign): string[] {
  return type === 'INBOUND' ? (dnis ?? [ani]) : [];
}

export function addDispositionsToCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  const added = args.texts('dispositions');
  for (const name of added) {
    if (!domain.dispositions.has(name)) {
      throw soapFault('DispositionNotFoundFault', `Disposition "${name}" not found`, { dispositionName: name });
    }
    // A campaign without a list of its own has all of them.
    if (campaign.dispositions?.includes(name) ?? true) {
      throw soapFault('DispositionIsAlreadyAssignedFault', `Disposition "${name}" is already assigned`, {
        campaignName: campaign.name,
        dispositionName: name,
      });
    }
  }
  domain.campaigns.set(campaign.name, { ...campaign, dispositions: [...(campaign.dispositions ?? []), ...added] });
  return undefined;
}

export function addListsToCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  if (campaign.type === 'INBOUND') throw wrongType(campaign, ['OUTBOUND', 'AUTODIAL']);
  const names = args.nodes('lists').map((list) => list.text('listName'));
  for (const listName of names) {
    if (!domain.lists.has(listName)) throw soapFault('ListNotFoundFault', `List "${listName}" not found`, { listName });
    if (campaign.lists.includes(listName)) {
      throw soapFault('ListAlreadyAssignedFault', `List "${listName}" is already assigned`, { listName });
    }
  }
  domain.campaigns.set(campaign.name, { ...campaign, lists: [...campaign.lists, ...names] });
  return undefined;
}

function campaignOfType(domain: Five9Domain, args: Args, type: Campaign['type']): Campaign {
  const campaign = campaignOf(domain, args.text('campaignName'));
  if (campaign.type === type) return campaign;
  throw wrongType(campaign, [type]);
}

function generalMembers({ name, state, type }: Campaign): XmlChildren {
  return { mode: 'BASIC', name, state, trainingMode: false, type };
}
