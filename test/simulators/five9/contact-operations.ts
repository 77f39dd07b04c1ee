import { randomUUID } from 'node:crypto';
import { type Five9Domain, namePattern } from './five9-domain.ts';
import { type ContactModes, importContact, readContactModes } from './import-contacts.ts';
import { fieldOf, type ImportSettings, readImportSettings, readRecord, readRows, widthOf } from './import-settings.ts';
import { createTally, usableRows } from './import-tally.ts';
import type { ContactField } from './options.ts';
import type { Args } from './shapes.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

const lookupCap = 1000;

/** Contacts by exact values, at most 1,000, as columns and rows; nothing found is an empty element. */
export function getContactRecords(domain: Five9Domain, args: Args): XmlContent {
  const lookup = args.node('lookupCriteria');
  const criteria = lookup
    .nodes('criteria')
    .map((one) => [fieldOf(domain, one.text('field')).name, one.text('value')] as const);
  const found = domain.contacts.find(criteria).slice(0, lookupCap);
  if (found.length === 0) return {};
  const idColumn = lookup.text('contactIdField');
  const names = domain.contacts.fields().map(({ name }) => name);
  return {
    fields: [...(idColumn ? [idColumn] : []), ...names],
    records: found.map((contact) => ({
      values: {
        data: [...(idColumn ? [String(contact.id)] : []), ...names.map((name) => domain.contacts.read(contact, name))],
      },
    })),
  };
}

/** Custom fields read back with `system` false, and times with the formats that Five9 gives them. */
export function getContactFields(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('namePattern'));
  return domain.contacts
    .fields()
    .filter(({ name }) => fits(name))
    .map((field) => ({
      displayAs: field.displayAs,
      mapTo: field.mapTo,
      name: field.name,
      restrictions: restrictionsOf(field),
      system: false,
      type: field.type,
    }));
}

function restrictionsOf({ type, restrictions }: ContactField): XmlChildren[] {
  if (type !== 'DATE_TIME') return restrictions;
  return [...restrictions, { type: 'DateFormat', value: 'yyyy-MM-dd' }, { type: 'TimeFormat', value: 'HH:mm:ss.SSS' }];
}

export function updateCrmRecord(domain: Five9Domain, args: Args): XmlContent {
  const settings = readImportSettings(domain, args.node('crmUpdateSettings'));
  const modes = readContactModes(args.node('crmUpdateSettings'));
  const rows = [readRecord(args, widthOf(settings))];
  return importContacts(domain, settings, modes, rows, randomUUID(), domain.clock.now());
}

export function asyncUpdateCrmRecords(domain: Five9Domain, args: Args): XmlContent {
  return submit(domain, args, 'async');
}

export function updateContacts(domain: Five9Domain, args: Args): XmlContent {
  return submit(domain, args, 'batch');
}

function submit(domain: Five9Domain, args: Args, kind: 'async' | 'batch'): XmlContent {
  const settings = readImportSettings(domain, args.node('crmUpdateSettings'));
  const modes = readContactModes(args.node('crmUpdateSettings'));
  const rows = readRows(args, widthOf(settings), kind);
  const work = (identifier: string, at: number) => importContacts(domain, settings, modes, rows, identifier, at);
  return { identifier: domain.imports.submit('crm', work, settings.callback) };
}

function importContacts(
  domain: Five9Domain,
  settings: ImportSettings,
  modes: ContactModes,
  rows: readonly (readonly string[])[],
  identifier: string,
  at: number,
): XmlChildren {
  const tally = createTally(settings);
  let inserted = 0;
  let updated = 0;
  for (const row of usableRows(settings, rows, tally)) {
    const { contact, isInserted, isUpdated } = importContact(domain, settings, modes, row, tally, at);
    if (isInserted) inserted += 1;
    if (isUpdated) updated += 1;
    if (contact && (isInserted || isUpdated)) tally.done(row, contact, [isInserted ? 'AddedToCRM' : 'UpdatedCRM']);
  }
  return {
    ...tally.result(identifier),
    crmRecordsDeleted: 0,
    crmRecordsInserted: inserted,
    crmRecordsUpdated: updated,
  };
}
