import type { Five9Domain } from './five9-domain.ts';

/** Everything that the domain holds about a number. */
export interface RecordState {
  /** The contact whose first number it is; null when there is none. Fields by name, as a reader sees them. */
  contact: { id: number; fields: Record<string, string> } | null;
  /** By campaign. */
  dispositions: Record<string, string>;
  /** `callTime`: an instant, null for the dialer's own order. */
  listEntries: { list: string; callTime: string | null }[];
  dnc: boolean;
}

/** Reads what the domain holds about a contact's first number. */
export function readRecordState(domain: Five9Domain, number1: string): RecordState {
  domain.imports.settle();
  const [contact] = domain.contacts.find([['number1', number1]]);
  const state: RecordState = { contact: null, dispositions: {}, listEntries: [], dnc: domain.dnc.has(number1) };
  if (!contact) return state;
  const fields = domain.contacts.fields().map(({ name }) => [name, domain.contacts.read(contact, name)]);
  state.contact = { id: contact.id, fields: Object.fromEntries(fields) };
  for (const [campaign, records] of domain.records) {
    const held = records.get(contact.id);
    if (held) state.dispositions[campaign] = held.disposition;
  }
  for (const [list, entries] of domain.lists) {
    const entry = entries.get(contact.id);
    if (!entry) continue;
    const callTime = entry.callTime === null ? null : new Date(entry.callTime).toISOString();
    state.listEntries.push({ list, callTime });
  }
  return state;
}
