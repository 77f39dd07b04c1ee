import type { Instant } from '../../../src/domain/call.ts';
import type { Lead, LeadPage } from '../../../src/domain/lead.ts';
import { toE164 } from '../../shared/phone.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import { readDomainTime } from '../times.ts';
import { phoneFields } from './find-contact.ts';

/** Standard contact fields whose name differs from ours. */
const builtIn: Readonly<Record<string, string>> = { zip: 'postal_code' };

/** Our name of a contact field. Theirs comes from outside: `constructor` is one like any other. */
export function leadFieldOf(field: string, leadFields: Readonly<Record<string, string>>): string {
  const ownIn = (names: Readonly<Record<string, string>>) => (Object.hasOwn(names, field) ? names[field] : undefined);
  return ownIn(leadFields) ?? ownIn(builtIn) ?? field;
}

/** Five9 does not say when an unmarked contact was changed: always the same time, so that it is not saved anew each time. */
const longAgo = '1970-01-01T00:00:00.000Z';

/**
 * A contact as a lead, or the reason why it can't be one. Five9 does not tell a contact's lists and campaigns. The key is
 * empty when the key field is.
 *
 * @param readTime reads the time of the last modification; record times are in the domain's zone (Default: those)
 */
export function contactToLead(
  five9: Five9,
  contact: Contact,
  readTime = (text: string) => readDomainTime(text, five9.config.domainTimeZone, five9.deps.clock.now()),
): Lead | string {
  const { config } = five9;
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
    key: contact[config.keyField] ?? '',
    list: '',
    campaign: '',
    phones: [...phones],
    fields,
    changedAt: (modified && readTime(modified)) || longAgo,
  };
}

/**
 * Contacts as leads that can be kept; the others counted by reason. One without a key is found by its number at call time
 * only.
 */
export function contactsToLeads(
  five9: Five9,
  contacts: readonly Contact[],
  readTime?: (text: string) => Instant | null,
): Pick<LeadPage, 'leads'> & { rejects: Record<string, number> } {
  const rejects: Record<string, number> = {};
  const leads: Lead[] = [];
  for (const contact of contacts) {
    const lead = contactToLead(five9, contact, readTime);
    const reason =
      typeof lead === 'string' ? lead : lead.key ? '' : `nothing in the key field ${five9.config.keyField}`;
    if (reason) rejects[reason] = (rejects[reason] ?? 0) + 1;
    else if (typeof lead !== 'string') leads.push(lead);
  }
  return { leads, rejects };
}

/** Numbers have a place of their own, and fields that Five9 or Patchbay fills say nothing about the person. */
function isOurOwn({ config }: Five9, field: string): boolean {
  return phoneFields.some((name) => name === field) || Object.values(config.fields).includes(field);
}
