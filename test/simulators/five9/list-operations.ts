import { randomUUID } from 'node:crypto';
import type { Contact } from './contact-store.ts';
import { resetDisposition } from './dispose.ts';
import { campaignOf, type Five9Domain, listOf, namePattern, note, recordName } from './five9-domain.ts';
import { importContact, matchContacts, readContactModes } from './import-contacts.ts';
import { type ImportSettings, readImportSettings, readRecord, readRows, widthOf } from './import-settings.ts';
import { createTally, type ImportRow, usableRows } from './import-tally.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

export function getListsInfo(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('listNamePattern'));
  return [...domain.lists].filter(([name]) => fits(name)).map(([name, entries]) => ({ name, size: entries.size }));
}

export function getListsForCampaign(domain: Five9Domain, args: Args): XmlContent {
  const campaign = campaignOf(domain, args.text('campaignName'));
  return campaign.lists.map((listName, index) => ({
    campaignName: campaign.name,
    dialingPriority: 1,
    dialingRatio: 50,
    listName,
    priority: index + 1,
  }));
}

export function addRecordToList(domain: Five9Domain, args: Args): XmlContent {
  const plan = readListPlan(domain, args);
  return importList(domain, plan, [readRecord(args, plan.width)], randomUUID(), domain.clock.now());
}

export function asyncAddRecordsToList(domain: Five9Domain, args: Args): XmlContent {
  const plan = readListPlan(domain, args);
  const rows = readRows(args, plan.width);
  const work = (identifier: string, at: number) => importList(domain, plan, rows, identifier, at);
  return { identifier: domain.imports.submit('list', work, plan.settings.callback) };
}

/** Takes contacts out of a list; the contacts stay. */
export function deleteRecordFromList(domain: Five9Domain, args: Args): XmlContent {
  const entries = listOf(domain, args.text('listName'));
  const settings = readImportSettings(domain, args.node('listDeleteSettings'));
  const mode = args.node('listDeleteSettings').text('listDeleteMode') || 'DELETE_IF_SOLE_CRM_MATCH';
  if (mode === 'DELETE_ALL') throw soapFault('IncorrectArgumentFault', 'DELETE_ALL does not apply to this operation');
  const tally = createTally(settings);
  const actor = { by: 'api', at: domain.clock.now() } as const;
  let deleted = 0;
  for (const row of usableRows(settings, [readRecord(args, widthOf(settings))], tally)) {
    const found = matchContacts(domain, settings, row);
    if (found.length === 0) tally.trouble(row, 'NoMatchesInContacts', 'There were 0 matches found in Contacts');
    if (mode === 'DELETE_IF_SOLE_CRM_MATCH' && found.length > 1) {
      tally.trouble(row, 'MultipleMatchesInContacts', `There were ${found.length} matches found in Contacts`);
      continue;
    }
    for (const contact of mode === 'DELETE_EXCEPT_FIRST' ? found.slice(1) : found) {
      const wasCallback = typeof entries.get(contact.id)?.callTime === 'number';
      if (!entries.delete(contact.id)) continue;
      deleted += 1;
      tally.done(row, contact, ['DeletedFromList']);
      note(domain, actor, {
        kind: wasCallback ? 'callback-removed' : 'list-removed',
        record: recordName(domain, contact),
        campaign: args.text('listName'),
        value: '',
        isChange: true,
      });
    }
  }
  return { ...tally.result(randomUUID()), ...listCounters(args.text('listName'), { deleted }) };
}

interface ListPlan {
  list: string;
  settings: ImportSettings;
  modes: ReturnType<typeof readContactModes>;
  addMode: string;
  callNowMode: string;
  callNowColumn: number | undefined;
  callTime: number | undefined;
  callTimeColumn: number | undefined;
  cleansList: boolean;
  resetIn: readonly string[];
  width: number;
}

function readListPlan(domain: Five9Domain, args: Args): ListPlan {
  const given = args.node('listUpdateSettings');
  const list = args.text('listName');
  listOf(domain, list);
  const callNowColumn = given.number('callNowColumnNumber');
  const callTimeColumn = given.number('callTimeColumnNumber');
  const settings = readImportSettings(domain, given, [callNowColumn, callTimeColumn]);
  const addMode = given.text('listAddMode') || 'ADD_FIRST';
  if (addMode === 'ADD_ALL') throw soapFault('IncorrectArgumentFault', 'ADD_ALL does not apply to this operation');
  const resetIn = args.texts('resetDispositionsInCampaignsImportData');
  for (const campaign of resetIn) campaignOf(domain, campaign);
  return {
    list,
    settings,
    modes: readContactModes(given),
    addMode,
    callNowMode: given.text('callNowMode') || 'NONE',
    callNowColumn,
    callTime: given.number('callTime'),
    callTimeColumn,
    cleansList: given.flag('cleanListBeforeUpdate'),
    resetIn,
    width: widthOf(settings, callNowColumn, callTimeColumn),
  };
}

function importList(
  domain: Five9Domain,
  plan: ListPlan,
  rows: readonly (readonly string[])[],
  identifier: string,
  at: number,
): XmlChildren {
  const { settings, list } = plan;
  const tally = createTally(settings);
  const entries = listOf(domain, list);
  const actor = { by: 'api', at } as const;
  const counts = { inserted: 0, crmInserted: 0, crmUpdated: 0, reset: 0, queued: 0, deleted: 0 };
  if (plan.cleansList) {
    counts.deleted = entries.size;
    entries.clear();
  }
  for (const row of usableRows(settings, rows, tally)) {
    const outcome = importContact(domain, settings, plan.modes, row, tally, at);
    const { contact, matches, isInserted, isUpdated } = outcome;
    if (!contact) continue;
    if (isInserted) counts.crmInserted += 1;
    if (isUpdated) counts.crmUpdated += 1;
    const results = isInserted ? ['AddedToCRM'] : isUpdated ? ['UpdatedCRM'] : [];
    if (plan.addMode === 'ADD_FIRST' || matches <= 1) {
      const isNew = !entries.has(contact.id);
      if (isNew) results.push('AddedToList');
      if (isNew) counts.inserted += 1;
      putIntoList(domain, plan, contact, row, at);
      if (isCalledNow(plan, row, isInserted, isNew)) {
        counts.queued += 1;
        domain.dialNow.push({ list, contact });
      }
      for (const campaign of plan.resetIn) {
        if (resetDisposition(domain, actor, campaign, contact)) counts.reset += 1;
      }
    }
    tally.done(row, contact, results);
  }
  return { ...tally.result(identifier), ...listCounters(list, counts) };
}

/** A call time counts only when the list belongs to a campaign. */
function putIntoList(domain: Five9Domain, plan: ListPlan, contact: Contact, row: ImportRow, at: number): void {
  const entries = listOf(domain, plan.list);
  const before = entries.get(contact.id);
  const inRow = plan.callTimeColumn ? row.values[plan.callTimeColumn - 1] : '';
  const wanted = inRow ? Number(inRow) : plan.callTime;
  const belongs = [...domain.campaigns.values()].some((campaign) => campaign.lists.includes(plan.list));
  if (wanted === undefined || !Number.isSafeInteger(wanted) || !belongs) {
    entries.set(contact.id, before ?? { contact, callTime: null });
    return;
  }
  entries.set(contact.id, { contact, callTime: wanted });
  note(
    domain,
    { by: 'api', at },
    {
      kind: 'callback',
      record: recordName(domain, contact),
      campaign: plan.list,
      value: new Date(wanted).toISOString(),
      isChange: before?.callTime !== wanted,
    },
  );
}

function isCalledNow(plan: ListPlan, row: ImportRow, isNewContact: boolean, isNewEntry: boolean): boolean {
  if (plan.callNowColumn && !/^(1|t|y|yes)$/i.test(row.values[plan.callNowColumn - 1] ?? '')) return false;
  if (plan.callNowMode === 'ANY') return true;
  if (plan.callNowMode === 'NEW_CRM_ONLY') return isNewContact;
  return plan.callNowMode === 'NEW_LIST_ONLY' && isNewEntry;
}

function listCounters(list: string, counts: Partial<Record<string, number>>): XmlChildren {
  return {
    callNowQueued: counts.queued ?? 0,
    crmRecordsInserted: counts.crmInserted ?? 0,
    crmRecordsUpdated: counts.crmUpdated ?? 0,
    listName: list,
    listRecordsDeleted: counts.deleted ?? 0,
    listRecordsInserted: counts.inserted ?? 0,
    recordDispositionsReset: counts.reset ?? 0,
  };
}
