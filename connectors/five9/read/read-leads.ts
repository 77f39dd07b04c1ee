import type { Lead, LeadPage } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { contactToLead } from './contact-to-lead.ts';

/** `getContactRecords` gives at most so many, and has no pages. */
const lookupCap = 1000;

/**
 * Reads one part of the contacts. The cursor `p:<n>` counts the parts: each value of each configured partition is one;
 * without partitions everything is one part, up to the cap of 1,000.
 */
export async function readLeads(five9: Five9, cursor: string, signal: AbortSignal): Promise<LeadPage> {
  const parts = five9.config.sync.partitions.flatMap(({ field, values }) =>
    values.map((value) => ({ [field]: value })),
  );
  if (parts.length === 0) parts.push({});
  const index = partOf(cursor, parts.length);

  const contacts = await five9.api.contacts(parts[index] ?? {}, { signal });
  const rejects: Record<string, number> = {};
  const leads: Lead[] = [];
  for (const contact of contacts) {
    const lead = contactToLead(five9, contact);
    if (typeof lead === 'string') rejects[lead] = (rejects[lead] ?? 0) + 1;
    else leads.push(lead);
  }
  if (contacts.length >= lookupCap) {
    rejects['partition at the cap'] = 1;
    five9.deps.log.warn(
      { dialer: five9.id, part: index },
      'Five9 gave 1,000 contacts, which is its cap: split this part in `sync.partitions`',
    );
  }
  const next = index + 1;
  return { leads, rejects, cursor: next < parts.length ? `p:${next}` : '' };
}

/** A cursor from before the configuration was changed may point past the end: then the read begins anew. */
function partOf(cursor: string, count: number): number {
  const index = Number(/^p:(\d{1,6})$/.exec(cursor)?.[1] ?? 0);
  return index < count ? index : 0;
}
