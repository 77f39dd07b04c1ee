import { wrongType } from './campaign-changes.ts';
import { numbersOfCampaign } from './campaign-operations.ts';
import { campaignOf, type Five9Domain, listOf, note, recordName } from './five9-domain.ts';
import { matchContacts } from './import-contacts.ts';
import { readImportSettings, readRows, widthOf } from './import-settings.ts';
import { createTally, usableRows } from './import-tally.ts';
import type { Campaign } from './options.ts';
import { alreadyExists, assertNothingRuns, notFound } from './setup-operations.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlContent } from './xml.ts';

/** What takes back what an admin made. A field goes with everything that contacts hold in it. */
export function deleteContactField(domain: Five9Domain, args: Args): XmlContent {
  assertNothingRuns(domain);
  const name = args.text('fieldName');
  if (!domain.contacts.field(name)) throw notFound('Contact field', name);
  if (!domain.contacts.removeField(name)) throw inUse('Contact field', name);
  return undefined;
}

export function deleteCallVariable(domain: Five9Domain, args: Args): XmlContent {
  const group = groupOf(domain, args.text('groupName'));
  if (!group.variables.delete(args.text('name'))) throw notFound('Call variable', args.text('name'));
  return undefined;
}

/** A group goes only when nothing is in it. */
export function deleteCallVariablesGroup(domain: Five9Domain, args: Args): XmlContent {
  const group = groupOf(domain, args.text('name'));
  if (group.variables.size > 0) throw inUse('Call variable group', group.name);
  domain.variableGroups.delete(group.name);
  return undefined;
}

function groupOf(domain: Five9Domain, name: string) {
  const group = domain.variableGroups.get(name);
  if (group) return group;
  throw notFound('Call variable group', name);
}

/** ASSUMPTION: records keep the name, campaigns lose it. */
export function removeDisposition(domain: Five9Domain, args: Args): XmlContent {
  const dispositionName = args.text('dispositionName');
  if (!domain.dispositions.delete(dispositionName)) {
    throw soapFault('DispositionNotFoundFault', `Disposition "${dispositionName}" not found`, { dispositionName });
  }
  for (const campaign of domain.campaigns.values()) {
    if (campaign.dispositions) keepDispositions(domain, campaign, new Set([dispositionName]));
  }
  return undefined;
}

export function removeDispositionsFromCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  // A campaign without a list of its own has all of them.
  if (!campaign.dispositions) return undefined;
  const removed = args.texts('dispositions');
  const missing = removed.find((name) => !campaign.dispositions?.includes(name));
  if (missing !== undefined) {
    // Spelt as Five9 spells it.
    throw soapFault('DispositionIsNotAssisgnedFault', `Disposition "${missing}" is not assigned`, {
      campaignName: campaign.name,
      dispositionName: missing,
    });
  }
  keepDispositions(domain, campaign, new Set(removed));
  return undefined;
}

function keepDispositions(domain: Five9Domain, campaign: Campaign, removed: ReadonlySet<string>): void {
  const dispositions = (campaign.dispositions ?? []).filter((name) => !removed.has(name));
  domain.campaigns.set(campaign.name, { ...campaign, dispositions });
}

/** ASSUMPTION: a list that a campaign has can't be removed, one with records can. */
export function deleteList(domain: Five9Domain, args: Args): XmlContent {
  const listName = args.text('listName');
  listOf(domain, listName);
  const user = [...domain.campaigns.values()].find(({ lists }) => lists.includes(listName));
  if (user) {
    throw soapFault('ListCantBeRemovedFault', `List "${listName}" is used by the campaign "${user.name}"`, {
      listName,
    });
  }
  domain.lists.delete(listName);
  return undefined;
}

export function removeListsFromCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  const removed = args.texts('lists');
  for (const listName of removed) {
    listOf(domain, listName);
    if (!campaign.lists.includes(listName)) {
      const message = `List "${listName}" is not assigned`;
      throw soapFault('ListIsNotAssignedFault', message, { campaignName: campaign.name, listName });
    }
  }
  const lists = campaign.lists.filter((name) => !removed.includes(name));
  domain.campaigns.set(campaign.name, { ...campaign, lists });
  return undefined;
}

export function addDNISToCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = inboundOf(domain, args);
  const added = args.texts('DNISList');
  for (const dnis of added) {
    const owner = [...domain.campaigns.values()].find((one) => numbersOfCampaign(one).includes(dnis));
    if (owner) {
      const message = `DNIS ${dnis} is assigned to the campaign "${owner.name}"`;
      throw soapFault('DNISAlreadyAssignedFault', message, { campaignName: owner.name, dnis });
    }
    if (!domain.dnis.includes(dnis)) throw soapFault('DNISNotFoundFault', `DNIS ${dnis} not found`, { dnis });
  }
  domain.campaigns.set(campaign.name, { ...campaign, dnis: [...numbersOfCampaign(campaign), ...added] });
  return undefined;
}

export function removeDNISFromCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = inboundOf(domain, args);
  const removed = args.texts('DNISList');
  const numbers = numbersOfCampaign(campaign);
  const missing = removed.find((dnis) => !numbers.includes(dnis));
  if (missing !== undefined) {
    const message = `DNIS ${missing} is not assigned to the campaign`;
    throw soapFault('DNISIsNotAssignedFault', message, { campaignName: campaign.name, dnis: missing });
  }
  domain.campaigns.set(campaign.name, { ...campaign, dnis: numbers.filter((dnis) => !removed.includes(dnis)) });
  return undefined;
}

function inboundOf(domain: Five9Domain, args: Args): Campaign {
  const campaign = campaignOf(domain, args.text('campaignName'));
  if (campaign.type !== 'INBOUND') throw wrongType(campaign, ['INBOUND']);
  return campaign;
}

export function createSkill(domain: Five9Domain, args: Args): XmlContent {
  const name = args.node('skillInfo').node('skill').text('name');
  if (domain.skills.some((skill) => skill.name === name)) {
    throw soapFault('SkillAlreadyExistsFault', `Skill "${name}" already exists`, { skillName: name });
  }
  const id = Math.max(300_100, ...domain.skills.map((skill) => skill.id)) + 1;
  domain.skills.push({ id, name, users: [] });
  return { skill: { id, name, routeVoiceMails: false } };
}

export function deleteSkill(domain: Five9Domain, args: Args): XmlContent {
  const name = args.text('skillName');
  const place = domain.skills.findIndex((skill) => skill.name === name);
  if (place < 0) throw soapFault('SkillNotFoundFault', `Skill "${name}" not found`, { skillName: name });
  domain.skills.splice(place, 1);
  return undefined;
}

/** Deletes contacts for good, and takes them out of all lists. */
export function deleteFromContacts(domain: Five9Domain, args: Args): XmlContent {
  const given = args.node('crmDeleteSettings');
  const settings = readImportSettings(domain, given);
  const mode = given.text('crmDeleteMode') || 'DELETE_ALL';
  const rows = readRows(args, widthOf(settings), 'batch');
  const work = (identifier: string, at: number) => {
    const tally = createTally(settings);
    let deleted = 0;
    for (const row of usableRows(settings, rows, tally)) {
      const found = matchContacts(domain, settings, row);
      if (found.length === 0) tally.trouble(row, 'NoMatchesInContacts', 'There were 0 matches found in Contacts');
      if (mode === 'DELETE_SOLE_MATCHES' && found.length > 1) {
        tally.trouble(row, 'MultipleMatchesInContacts', `There were ${found.length} matches found in Contacts`);
        continue;
      }
      for (const contact of mode === 'DELETE_EXCEPT_FIRST' ? found.slice(1) : found) {
        const record = recordName(domain, contact);
        domain.contacts.remove(contact);
        for (const entries of [...domain.lists.values(), ...domain.records.values()]) entries.delete(contact.id);
        deleted += 1;
        tally.done(row, contact, ['DeletedFromCRM']);
        note(domain, { by: 'api', at }, { kind: 'contact-removed', record, value: '', isChange: true });
      }
    }
    return {
      ...tally.result(identifier),
      ...{ crmRecordsDeleted: deleted, crmRecordsInserted: 0, crmRecordsUpdated: 0 },
    };
  };
  return { identifier: domain.imports.submit('crm', work, settings.callback) };
}

function inUse(objectType: string, objectName: string) {
  const error = alreadyExists(objectType, objectName);
  return soapFault('ObjectInUseFault', `${objectType} "${objectName}" is in use`, error.fault.members);
}
