import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { numberOf } from '../numbers.ts';
import type { CallOptions } from '../soap/api.ts';
import type { Contact } from '../soap/schema.ts';

export const phoneFields = ['number1', 'number2', 'number3'] as const;

/** A write-back with the key of its contact, and the field that holds it. `contact` is null where it was not needed. */
export interface FoundRow {
  kind: 'found';
  row: WriteBack;
  keyField: string;
  key: string;
  contact: Contact | null;
}

/**
 * The contact of a write-back: by its key, else by its number; never a guess among several. A contact that has nothing in
 * the key field is written by its first number, which is counted: imports refuse that when another contact shares it.
 */
export async function findContact(
  five9: Five9,
  row: WriteBack,
  needsFields: boolean,
): Promise<FoundRow | { kind: 'answer'; row: WriteBack; answer: DeliveryAnswer }> {
  const { keyField } = five9.config;
  const { leadKey } = row.target;
  if (leadKey && !needsFields) return { kind: 'found', row, keyField, key: leadKey, contact: null };
  const contacts = await contactsOf(five9, row);
  const [contact, ...others] = contacts;
  const by = leadKey ? `key field ${keyField}` : 'number';
  if (!contact) {
    return refuse(row, `Five9 has no contact with this ${by}`, 'Add the contact in Five9, then replay the row.');
  }
  if (others.length > 0) {
    return refuse(
      row,
      `Five9 has ${contacts.length} contacts with this ${by}`,
      'Make a contact field of your own the unique `keyField`, or remove the duplicates; then replay the row.',
    );
  }
  const key = contact[keyField];
  if (key) return { kind: 'found', row, keyField, key, contact };
  const number = contact.number1;
  if (!number) return refuse(row, `the contact has nothing in the key field ${keyField}`, 'Fill the field in Five9.');
  countNumberKey(five9);
  return { kind: 'found', row, keyField: 'number1', key: number, contact };
}

/** The contact of a write-back; null when there is none, or more than one. */
export async function contactOf(five9: Five9, row: WriteBack): Promise<Contact | null> {
  const [contact, ...others] = await contactsOf(five9, row);
  return contact && others.length === 0 ? contact : null;
}

function contactsOf(five9: Five9, { target }: WriteBack): Promise<Contact[]> {
  return target.leadKey
    ? five9.api.contacts({ [five9.config.keyField]: target.leadKey })
    : contactsByNumber(five9, numberOf(target, five9.config.numberFormat));
}

function countNumberKey({ config, deps, memory }: Five9): void {
  memory.numberKeys += 1;
  if (memory.numberKeys > 1) return;
  deps.log.warn(
    { keyField: config.keyField, hint: 'Fill the key field of all contacts in Five9.' },
    'contacts without a key are written by their number',
  );
}

/** Contacts that have the number in one of their three places; the first place that matches anything decides. */
export async function contactsByNumber(five9: Five9, number: string, options?: CallOptions): Promise<Contact[]> {
  if (!number) return [];
  for (const field of phoneFields) {
    const contacts = await five9.api.contacts({ [field]: number }, options);
    if (contacts.length > 0) return contacts;
  }
  return [];
}

function refuse(row: WriteBack, why: string, hint: string) {
  return { kind: 'answer', row, answer: { kind: 'refused', why, hint } } as const;
}
