import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { numberOf } from '../numbers.ts';
import type { CallOptions } from '../soap/api.ts';
import type { Contact } from '../soap/schema.ts';

export const phoneFields = ['number1', 'number2', 'number3'] as const;

/** A write-back with the key of its contact. `contact` is null where it was not needed. */
export interface FoundRow {
  kind: 'found';
  row: WriteBack;
  key: string;
  contact: Contact | null;
}

/** The contact of a write-back: by its key, else by its number; never a guess among several. */
export async function findContact(
  five9: Five9,
  row: WriteBack,
  needsFields: boolean,
): Promise<FoundRow | { kind: 'answer'; row: WriteBack; answer: DeliveryAnswer }> {
  const { keyField } = five9.config;
  const { leadKey } = row.target;
  if (leadKey && !needsFields) return { kind: 'found', row, key: leadKey, contact: null };
  const contacts = leadKey
    ? await five9.api.contacts({ [keyField]: leadKey })
    : await contactsByNumber(five9, numberOf(row.target, five9.config.numberFormat));

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
  const key = contact[keyField] ?? '';
  if (!key) return refuse(row, `the contact has nothing in the key field ${keyField}`, 'Fill the field in Five9.');
  return { kind: 'found', row, key, contact };
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
