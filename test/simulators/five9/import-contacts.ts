import type { Contact } from './contact-store.ts';
import { readFieldValue } from './field-values.ts';
import { type Five9Domain, note, recordName } from './five9-domain.ts';
import type { ImportSettings } from './import-settings.ts';
import type { ImportRow, ImportTally } from './import-tally.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';

export interface ContactModes {
  add: 'ADD_NEW' | 'DONT_ADD';
  update: 'UPDATE_FIRST' | 'UPDATE_SOLE_MATCHES' | 'DONT_UPDATE';
}

/** What became of a row among the contacts. `matches`: how many the key fitted before. */
export interface ContactOutcome {
  contact: Contact | null;
  matches: number;
  isInserted: boolean;
  isUpdated: boolean;
}

/** Modes that are absent: a new contact is added, the first match is updated (an assumption). */
export function readContactModes(settings: Args): ContactModes {
  const update = settings.text('crmUpdateMode') || 'UPDATE_FIRST';
  if (update === 'UPDATE_ALL') {
    throw soapFault('IncorrectArgumentFault', 'UPDATE_ALL is not allowed for this operation');
  }
  return { add: (settings.text('crmAddMode') || 'ADD_NEW') as ContactModes['add'], update } as ContactModes;
}

/** Contacts that the row's key fits exactly. */
export function matchContacts(domain: Five9Domain, settings: ImportSettings, row: ImportRow): Contact[] {
  return domain.contacts.find(settings.keys.map(({ field, index }) => [field.name, row.values[index] ?? '']));
}

/** True when the row must be refused by an injected fault; the trouble is noted. */
export function isRefused(
  domain: Five9Domain,
  settings: ImportSettings,
  row: ImportRow,
  contact: Contact | undefined,
  tally: ImportTally,
): boolean {
  const column = settings.columns.find(({ field }) => field.name === 'number1');
  const number1 = contact ? domain.contacts.read(contact, 'number1') : (row.values[column?.index ?? -1] ?? '');
  if (!domain.refusesRow(number1)) return false;
  tally.trouble(row, 'InternalImportError', 'The row was refused');
  return true;
}

/** Adds or updates the contact of one row, by the modes. */
export function importContact(
  domain: Five9Domain,
  settings: ImportSettings,
  modes: ContactModes,
  row: ImportRow,
  tally: ImportTally,
  at: number,
): ContactOutcome {
  const found = matchContacts(domain, settings, row);
  const outcome = { contact: found[0] ?? null, matches: found.length, isInserted: false, isUpdated: false };
  const nothing = { ...outcome, contact: null };
  if (isRefused(domain, settings, row, found[0], tally)) return nothing;
  const values = readValues(domain, settings, row, tally);
  if (!values) return nothing;

  const [first] = found;
  if (!first) {
    if (modes.add === 'DONT_ADD') {
      tally.trouble(row, 'NoMatchesInContacts', 'There were 0 matches found in Contacts');
      return nothing;
    }
    const contact = domain.contacts.add(Object.fromEntries(values), at);
    noteFields(domain, contact, values, true, at);
    return { ...outcome, contact, isInserted: true };
  }
  if (found.length > 1 && modes.update !== 'UPDATE_FIRST') {
    tally.trouble(row, 'MultipleMatchesInContacts', `There were ${found.length} matches found in Contacts`);
    return outcome;
  }
  if (modes.update === 'DONT_UPDATE') {
    // A remark: the row itself goes on into the list.
    tally.trouble(row, 'OneMatchInContacts', 'There was 1 match found in Contacts');
    return outcome;
  }
  const keys = new Set(settings.keys.map(({ field }) => field.name));
  const others = values.filter(([name]) => !keys.has(name));
  let isChange = false;
  for (const [name, value] of others) isChange = domain.contacts.set(first, name, value, at) || isChange;
  if (others.length > 0) noteFields(domain, first, others, isChange, at);
  return { ...outcome, isUpdated: true };
}

/** The row's values by field; null when the row must not go in. An unreadable field is left out, with a trouble. */
function readValues(
  domain: Five9Domain,
  settings: ImportSettings,
  row: ImportRow,
  tally: ImportTally,
): [string, string][] | null {
  const values: [string, string][] = [];
  for (const { index, field } of settings.columns) {
    // Five9 fills a mapped field itself: a value for it can't be taken.
    const isOwn = field.mapTo !== 'None';
    const value = isOwn ? null : readFieldValue(field, row.values[index] ?? '', domain.timeZone);
    if (value !== null) values.push([field.name, value]);
    else tally.trouble(row, 'ParseError', `Value of the field "${field.name}" can not be parsed`);
    if (value === null && settings.failsOnParseError) return null;
  }
  return values;
}

function noteFields(
  domain: Five9Domain,
  contact: Contact,
  values: readonly (readonly [string, string])[],
  isChange: boolean,
  at: number,
): void {
  const value = values.map(([name, text]) => `${name}=${text}`).join('; ');
  note(domain, { by: 'api', at }, { kind: 'fields', record: recordName(domain, contact), value, isChange });
}
