import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import { nationalDigits } from '../phones.ts';
import type { Vicidial } from '../vicidial.ts';

const LeadId = z.object({ lead_id: z.string() });

/** Marks a lead of our own in `vendor_lead_code`: nobody else's lead is ever deleted. */
export const ourMark = 'PATCHBAY-TEST';

/** Adds a made-up lead of this number to a list, also beside another's: VICIdial looks at its DNC lists first. */
export async function addTestLead(
  { api }: Pick<Vicidial, 'api'>,
  { phone, list, campaign }: { phone: string; list: string; campaign: string },
): Promise<string> {
  const answer = await api.call('add_lead', {
    phone_number: nationalDigits(phone),
    phone_code: parsePhoneNumberFromString(phone)?.countryCallingCode ?? '1',
    list_id: list,
    campaign_id: campaign,
    dnc_check: 'Y',
    campaign_dnc_check: 'Y',
    vendor_lead_code: ourMark,
    source_id: 'patchbay',
    first_name: 'Test',
    last_name: 'Call',
    comments: 'made for a test call',
  });
  const [, , added] = findLine(answer, 'success')?.parts ?? [];
  if (added && /^[1-9]\d*$/.test(added)) return added;
  if (findLine(answer, 'error', 'IN DNC') || findLine(answer, 'error', 'CAMPAIGN DNC')) throw onDncList();
  if (answer.kind === 'noFunction') {
    throw new ConnectorError('dialer_refused', 'this release of VICIdial adds no leads over its API', {
      hint: 'Update VICIdial: add_lead came in 2008.',
    });
  }
  throw new ConnectorError('dialer_refused', `VICIdial added no lead to list ${list}: ${wordsOf(answer)}`, {
    hint: `See that the number is one that VICIdial takes, and list ${list} one that its user may add leads to (Admin → Lists).`,
  });
}

/** Made-up leads of this number that a test has left. Without the tables, as far as they are found. */
export async function testLeadsWith(
  { database, reads }: Pick<Vicidial, 'database' | 'reads'>,
  phone: string,
  campaign: string,
): Promise<string[]> {
  const national = nationalDigits(phone);
  if (!database) return reads.leadsWithNumber([national], campaign);
  const rows = await database.select(
    LeadId,
    'SELECT lead_id FROM vicidial_list WHERE phone_number = ? AND vendor_lead_code = ?',
    [national, ourMark],
  );
  return rows.map((row) => row.lead_id);
}

export function onDncList(): ConnectorError {
  return new ConnectorError('dialer_refused', 'the number is on a do-not-call list of VICIdial', {
    hint: 'Take another number. If it is your own: Admin → Lists → Add-Delete DNC Number.',
  });
}
