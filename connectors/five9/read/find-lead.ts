import type { CallSighting } from '../../../src/domain/call.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { numberOf } from '../numbers.ts';
import { contactToLead } from './contact-to-lead.ts';
import { contactsByNumber } from './find-contact.ts';

/** The contact of a call that is going on, by its key or number. Null when there is none, or more than one. */
export async function findLead(five9: Five9, { leg }: CallSighting, signal: AbortSignal): Promise<Lead | null> {
  const options = { signal, isLive: true };
  const contacts = leg.leadKey
    ? await five9.api.contacts({ [five9.config.keyField]: leg.leadKey }, options)
    : await contactsByNumber(five9, numberOf(leg, five9.config.numberFormat), options);
  const [contact, ...others] = contacts;
  if (!contact || others.length > 0) return null;
  const lead = contactToLead(five9, contact);
  return typeof lead === 'string' ? null : lead;
}
