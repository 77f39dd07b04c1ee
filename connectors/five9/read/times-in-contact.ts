import type { Instant } from '../../../src/domain/call.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import { readDomainTimes } from '../times.ts';

/**
 * The instants that a contact's time may be, earliest first: two in the hour that comes twice, of which the question decides;
 * none where the contact has no time in the field.
 *
 * @param field of the contact; undefined when the site has none for it
 */
export function timesInContact(
  { config, deps }: Pick<Five9, 'config' | 'deps'>,
  contact: Contact | null,
  field: string | undefined,
): Instant[] {
  return readDomainTimes(contact?.[field ?? ''] ?? '', config.domainTimeZone, deps.clock.now());
}
