import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import { nationalDigits } from '../phones.ts';
import type { Vicidial } from '../vicidial.ts';

/** Marks a lead of our own in `vendor_lead_code`: nobody else's lead is ever deleted. */
export const ourMark = 'PATCHBAY-TEST';

/** Adds a made-up lead of this number to a list; gives the one that is there where the campaign has one already. */
export async function addTestLead(
  { api }: Pick<Vicidial, 'api'>,
  { phone, list, campaign }: { phone: string; list: string; campaign: string },
): Promise<string> {
  const answer = await api.call('add_lead', {
    phone_number: nationalDigits(phone),
    phone_code: parsePhoneNumberFromString(phone)?.countryCallingCode ?? '1',
    list_id: list,
    campaign_id: campaign,
    duplicate_check: 'DUPCAMP',
    dnc_check: 'Y',
    campaign_dnc_check: 'Y',
    vendor_lead_code: ourMark,
    source_id: 'patchbay',
    first_name: 'Test',
    last_name: 'Call',
    comments: 'made for a test call',
  });
  const [, , added] = findLine(answer, 'success')?.parts ?? [];
  const [, , there] = findLine(answer, 'error', 'DUPLICATE PHONE NUMBER')?.parts ?? [];
  const leadId = added ?? there;
  if (leadId && /^[1-9]\d*$/.test(leadId)) return leadId;
  if (findLine(answer, 'error', 'IN DNC') || findLine(answer, 'error', 'CAMPAIGN DNC')) throw onDncList();
  if (answer.kind === 'noFunction') {
    throw new ConnectorError('dialer_refused', 'this release of VICIdial adds no leads over its API', {
      hint: `Add a lead with that number to list ${list} by hand (Admin → Lists → Add A New Lead), then begin anew.`,
    });
  }
  throw new ConnectorError('dialer_refused', `VICIdial added no lead to list ${list}: ${wordsOf(answer)}`, {
    hint: 'Add one with that number by hand (Admin → Lists → Add A New Lead), then begin anew.',
  });
}

export function onDncList(): ConnectorError {
  return new ConnectorError('dialer_refused', 'the number is on a do-not-call list of VICIdial', {
    hint: 'Take another number. If it is your own: Admin → Lists → Add-Delete DNC Number.',
  });
}
