import { dispose } from './dispose.ts';
import { campaignOf, type Five9Domain, isInCampaign, namePattern } from './five9-domain.ts';
import { isRefused, matchContacts } from './import-contacts.ts';
import { type ImportSettings, readImportSettings, readRows, widthOf } from './import-settings.ts';
import { createTally, type ImportRow, type ImportTally, usableRows } from './import-tally.ts';
import type { Campaign, Disposition } from './options.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

export function getDispositions(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('dispositionNamePattern'));
  return [...domain.dispositions.values()]
    .filter(({ name }) => fits(name))
    .map(({ name, type }) => ({
      agentMustCompleteWorksheet: false,
      agentMustConfirm: false,
      name,
      resetAttemptsCounter: false,
      sendEmailNotification: false,
      sendIMNotification: false,
      trackAsFirstCallResolution: false,
      type,
    }));
}

interface DispositionPlan {
  campaign: Campaign;
  settings: ImportSettings;
  /** 1-based. */
  column: number;
  /** For all rows, when it is set. */
  common: string;
  isSoleOnly: boolean;
  warnsOnNoMatch: boolean;
}

/** The one import that never calls back. */
export function asyncUpdateCampaignDispositions(domain: Five9Domain, args: Args): XmlContent {
  const plan = readPlan(domain, args, args.node('dispositionsUpdateSettings'));
  return submit(domain, { ...plan, settings: { ...plan.settings, callback: null } }, args, 'async');
}

export function updateDispositions(domain: Five9Domain, args: Args): XmlContent {
  return submit(domain, readPlan(domain, args, args.node('DispositionsUpdateSettings')), args, 'batch');
}

function submit(domain: Five9Domain, plan: DispositionPlan, args: Args, kind: 'async' | 'batch'): XmlContent {
  const rows = readRows(args, widthOf(plan.settings, plan.column), kind);
  if (domain.switches.unknownDisposition === 'fault') {
    for (const row of rows) assertKnown(domain, dispositionIn(plan, row));
  }
  const work = (identifier: string, at: number) => importDispositions(domain, plan, rows, identifier, at);
  return { identifier: domain.imports.submit('disposition', work, plan.settings.callback) };
}

function readPlan(domain: Five9Domain, args: Args, given: Args): DispositionPlan {
  const campaign = campaignOf(domain, args.text('campaignName'));
  if (campaign.type === 'INBOUND') {
    throw soapFault(
      'WrongCampaignTypeFault',
      `Campaign "${campaign.name}" is INBOUND but should be OUTBOUND or AUTODIAL`,
      { actualType: campaign.type, campaignName: campaign.name, desiredTypes: ['OUTBOUND', 'AUTODIAL'] },
    );
  }
  const column = given.number('dispositionColumnNumber') ?? 0;
  if (column < 1 || column > 256) throw soapFault('IncorrectArgumentFault', 'Disposition column is out of range');
  return {
    campaign,
    settings: readImportSettings(domain, given, [column]),
    column,
    common: given.flag('updateToCommonDisposition') ? given.text('commonDispositionValue') : '',
    isSoleOnly: given.text('dispositionsUpdateMode') === 'UPDATE_IF_SOLE_CRM_MATCH',
    warnsOnNoMatch: given.flag('warnIfNoCrmMatchFound'),
  };
}

function dispositionIn({ common, column }: DispositionPlan, values: readonly string[]): string {
  return common || (values[column - 1] ?? '');
}

function assertKnown(domain: Five9Domain, name: string): void {
  if (domain.dispositions.has(name)) return;
  throw soapFault('DispositionNotFoundFault', `Disposition "${name}" not found`, { dispositionName: name });
}

function importDispositions(
  domain: Five9Domain,
  plan: DispositionPlan,
  rows: readonly (readonly string[])[],
  identifier: string,
  at: number,
): XmlChildren {
  const tally = createTally(plan.settings);
  let updated = 0;
  for (const row of usableRows(plan.settings, rows, tally)) {
    const disposition = usableDisposition(domain, plan, row, tally);
    if (disposition) updated += updateRecords(domain, plan, row, disposition, tally, at);
  }
  return { ...tally.result(identifier), dispRecordsUpdated: updated };
}

function usableDisposition(
  domain: Five9Domain,
  plan: DispositionPlan,
  row: ImportRow,
  tally: ImportTally,
): Disposition | null {
  const name = dispositionIn(plan, row.values);
  const disposition = domain.dispositions.get(name);
  if (!disposition) {
    if (domain.switches.unknownDisposition !== 'ignored') {
      tally.trouble(row, 'ParseError', `Disposition "${name}" not found`);
    }
    return null;
  }
  const assigned = plan.campaign.dispositions;
  if (domain.switches.unassignedDisposition === 'accepted' || !assigned || assigned.includes(name)) return disposition;
  tally.trouble(row, 'ParseError', `Disposition "${name}" is not assigned to the campaign`);
  return null;
}

/** Gives how many records hold the disposition now. */
function updateRecords(
  domain: Five9Domain,
  plan: DispositionPlan,
  row: ImportRow,
  disposition: Disposition,
  tally: ImportTally,
  at: number,
): number {
  const found = matchContacts(domain, plan.settings, row);
  if (found.length === 0) {
    if (plan.warnsOnNoMatch) tally.trouble(row, 'NoMatchesInContacts', 'There were 0 matches found in Contacts');
    return 0;
  }
  if (found.length > 1 && plan.isSoleOnly) {
    tally.trouble(row, 'MultipleMatchesInContacts', `There were ${found.length} matches found in Contacts`);
    return 0;
  }
  if (isRefused(domain, plan.settings, row, found[0], tally)) return 0;
  let updated = 0;
  for (const contact of found) {
    const how = isInCampaign(domain, plan.campaign, contact) ? 'accepted' : domain.switches.recordOutsideCampaign;
    if (how === 'trouble') tally.trouble(row, 'NoMatchesInContacts', 'The record is in no list of the campaign');
    if (how !== 'accepted') continue;
    dispose(domain, { by: 'api', at }, plan.campaign, contact, disposition);
    updated += 1;
  }
  return updated;
}
