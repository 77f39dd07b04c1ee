import type { LeadPage } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { contactsToLeads } from './contact-to-lead.ts';

/** `getContactRecords` gives at most so many, and has no pages. */
const lookupCap = 1000;

/**
 * Reads one part of the contacts. The cursor `p:<n>` counts the parts: each value of each configured partition is one;
 * without partitions everything is one part, up to the cap of 1,000. Criteria match exactly, so what changed can't be
 * asked for: every read is of everything, and the store leaves alone what is as it was.
 */
export async function readPartition(five9: Five9, cursor: string, signal: AbortSignal): Promise<LeadPage> {
  const parts = five9.config.sync.partitions.flatMap(({ field, values }) => values.map((value) => ({ field, value })));
  const index = partOf(cursor, parts.length);
  const part = parts[index];
  const criteria: Record<string, string> = part ? { [part.field]: part.value } : {};

  const contacts = await five9.api.contacts(criteria, { signal, purpose: 'background' });
  const { leads, rejects } = contactsToLeads(five9, contacts);
  if (contacts.length >= lookupCap) {
    rejects['partition at the cap'] = 1;
    // A value may be about people; its place in the configuration says enough.
    five9.deps.log.warn(
      {
        dialer: five9.id,
        part: index,
        field: part?.field,
        hint: 'Split it in `sync.partitions`, or use `sync.report`.',
      },
      'a lookup gave 1,000 contacts, which is its cap: there may be more that are not read',
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
