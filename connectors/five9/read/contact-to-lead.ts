import { instantOf } from '../../../src/domain/clock.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import { toE164 } from '../../shared/phone.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import { readDomainTime } from '../times.ts';
import { phoneFields } from './find-contact.ts';

/** Standard contact fields whose name differs from ours. */
const builtIn: Readonly<Record<string, string>> = { zip: 'postal_code' };

/** Our name of a contact field. */
export function leadFieldOf(field: string, leadFields: Readonly<Record<string, string>>): string {
  return leadFields[field] ?? builtIn[field] ?? field;
}

/** A contact as a lead, or the reason why it can't be one. Five9 does not tell a contact's lists and campaigns. */
export function contactToLead(five9: Five9, contact: Contact): Lead | string {
  const { config, deps } = five9;
  const key = contact[config.keyField] ?? '';
  if (!key) return `nothing in the key field ${config.keyField}`;
  const phones = new Set<string>();
  for (const field of phoneFields) {
    const phone = toE164(contact[field] ?? '', config.country);
    if (phone) phones.add(phone);
  }
  if (phones.size === 0) return 'no number that can be called';

  const fields: Record<string, string> = {};
  for (const [field, value] of Object.entries(contact)) {
    if (value && !isOurOwn(five9, field)) fields[leadFieldOf(field, config.sync.leadFields)] = value;
  }
  const modified = config.fields.lastModifiedAt ? contact[config.fields.lastModifiedAt] : '';
  return {
    dialer: five9.id,
    key,
    list: '',
    campaign: '',
    phones: [...phones],
    fields,
    changedAt: (modified && readDomainTime(modified, config.domainTimeZone)) || instantOf(deps.clock),
  };
}

/** Numbers have a place of their own, and fields that Five9 or Patchbay fills say nothing about the person. */
function isOurOwn({ config }: Five9, field: string): boolean {
  return phoneFields.some((name) => name === field) || Object.values(config.fields).includes(field);
}
