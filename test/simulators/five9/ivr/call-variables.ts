import type { Contact } from '../contact-store.ts';
import type { Five9Domain } from '../five9-domain.ts';
import type { Campaign } from '../options.ts';
import type { CallLog } from './call-log.ts';

const typeNames = { 1: 'Outbound', 2: 'Inbound', 4: 'Manual', 5: 'Autodial' } as const;

/** The variables that Five9 itself gives a call: `Call.…`, and the contact's fields as `Contact.…` and `Customer.…`. */
export function callVariables(
  domain: Five9Domain,
  call: CallLog,
  campaign: Campaign,
  contact: Contact | undefined,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  // Inbound: the customer calls us. Else: we called the customer.
  const isInbound = call.call_type === 2;
  const own: Record<string, string> = {
    'Call.call_id': call.call_id,
    'Call.session_id': call.session_id,
    'Call.type': String(call.call_type),
    'Call.type_name': typeNames[call.call_type],
    'Call.campaign_name': campaign.name,
    'Call.ANI': isInbound ? call.number1 : campaign.ani,
    'Call.DNIS': isInbound ? campaign.ani : call.number1,
    'Call.number': call.number1,
    'Call.start_timestamp': domain.contacts.timeText(domain.clock.now()),
  };
  for (const { name } of contact ? domain.contacts.fields() : []) {
    const value = contact ? domain.contacts.read(contact, name) : '';
    own[`Contact.${name}`] = value;
    own[`Customer.${name}`] = value;
  }
  // ASSUMPTION: `X-` headers of an inbound leg show up as variables of the call.
  for (const [name, value] of Object.entries(headers)) {
    own[`Call.${name.replace(/^x-/i, '').toLowerCase().replaceAll('-', '_')}`] = value;
  }
  return own;
}
