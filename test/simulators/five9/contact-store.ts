import { Temporal } from 'temporal-polyfill';
import type { ContactField } from './options.ts';

/** A contact of the domain. `mapped` holds what Five9 itself keeps about it, by mapping name. */
export interface Contact {
  id: number;
  values: Map<string, string>;
  mapped: Map<ContactField['mapTo'], string>;
}

/** The contacts of a domain with its fields, found by exact values. */
export interface ContactStore {
  fields(): readonly ContactField[];
  field(name: string): ContactField | undefined;
  addField(field: ContactField): void;
  /** Takes a field away with what contacts hold in it; false for one that every domain has. */
  removeField(name: string): boolean;
  add(values: Readonly<Record<string, string>>, at: number): Contact;
  remove(contact: Contact): void;
  /** Changes one field; false when it held the value already. */
  set(contact: Contact, name: string, value: string, at: number): boolean;
  /** What a reader sees in a field. */
  read(contact: Contact, name: string): string;
  /** Contacts whose fields equal all of these exactly, oldest first. */
  find(criteria: readonly (readonly [field: string, value: string])[]): Contact[];
  /** An instant as Five9 writes it into a DATE_TIME field: `2017-10-31 19:32:30.000`, by the domain's time zone. */
  timeText(at: number): string;
}

const standardFields = 'number1 number2 number3 first_name last_name company street city state zip'.split(' ');
const firstContactId = 300_000_000_012_345;

export function createContactStore(timeZone: string): ContactStore {
  const fields = new Map<string, ContactField>();
  const contacts = new Map<number, Contact>();
  // By field, by value: made at the first search for the field, kept up to date since.
  const indexes = new Map<string, Map<string, Set<number>>>();

  for (const name of standardFields) {
    fields.set(name, {
      name,
      type: name.startsWith('number') ? 'PHONE' : 'STRING',
      mapTo: 'None',
      displayAs: 'Short',
      restrictions: [],
    });
  }

  let made = 0;
  let lastText = { at: Number.NaN, text: '' };

  // An import writes the same instant into thousands of contacts.
  function timeText(at: number): string {
    if (lastText.at !== at) lastText = { at, text: textOfTime(at) };
    return lastText.text;
  }

  function textOfTime(at: number): string {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
    return local.toString({ fractionalSecondDigits: 3 }).replace('T', ' ');
  }

  function read(contact: Contact, name: string): string {
    const mapTo = fields.get(name)?.mapTo ?? 'None';
    return (mapTo === 'None' ? contact.values.get(name) : contact.mapped.get(mapTo)) ?? '';
  }

  function indexOf(name: string): Map<string, Set<number>> {
    let index = indexes.get(name);
    if (!index) {
      index = new Map();
      indexes.set(name, index);
      for (const contact of contacts.values()) addTo(index, read(contact, name), contact.id);
    }
    return index;
  }

  function matching(name: string, value: string): Contact[] {
    // What Five9 writes itself changes too often for an index.
    if (fields.get(name)?.mapTo !== 'None') return [...contacts.values()].filter((one) => read(one, name) === value);
    const ids = [...(indexOf(name).get(value) ?? [])].sort((a, b) => a - b);
    return ids.flatMap((id) => contacts.get(id) ?? []);
  }

  return {
    fields: () => [...fields.values()],
    field: (name) => fields.get(name),
    addField(field) {
      fields.set(field.name, field);
      indexes.delete(field.name);
    },
    removeField(name) {
      if (standardFields.includes(name)) return false;
      fields.delete(name);
      indexes.delete(name);
      for (const contact of contacts.values()) contact.values.delete(name);
      return true;
    },
    remove(contact) {
      contacts.delete(contact.id);
      for (const [name, index] of indexes) index.get(read(contact, name))?.delete(contact.id);
    },
    add(values, at) {
      const contact: Contact = { id: firstContactId + made, values: new Map(), mapped: new Map() };
      made += 1;
      contacts.set(contact.id, contact);
      for (const [name, index] of indexes) addTo(index, values[name] ?? '', contact.id);
      for (const [name, value] of Object.entries(values)) contact.values.set(name, value);
      contact.mapped.set('CreatedDateTime', timeText(at)).set('LastModifiedDateTime', timeText(at));
      return contact;
    },
    set(contact, name, value, at) {
      const before = contact.values.get(name) ?? '';
      if (before === value) return false;
      contact.values.set(name, value);
      const index = indexes.get(name);
      index?.get(before)?.delete(contact.id);
      if (index) addTo(index, value, contact.id);
      contact.mapped.set('LastModifiedDateTime', timeText(at));
      return true;
    },
    read,
    find(criteria) {
      const [first, ...others] = criteria;
      const found = first ? matching(...first) : [...contacts.values()];
      return found.filter((contact) => others.every(([name, value]) => read(contact, name) === value));
    },
    timeText,
  };
}

function addTo(index: Map<string, Set<number>>, value: string, id: number): void {
  const ids = index.get(value);
  if (ids) ids.add(id);
  else index.set(value, new Set([id]));
}
