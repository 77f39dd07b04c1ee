import type { Contact } from './contact-store.ts';
import { addToDnc } from './dnc.ts';
import { type Actor, type Five9Domain, note, recordName } from './five9-domain.ts';
import type { Campaign, Disposition } from './options.ts';

const finalTypes: readonly Disposition['type'][] = [
  'FinalDisp',
  'FinalApplyToCampaigns',
  'AddAndFinalize',
  'DoNotDial',
];

/** Sets the disposition of a contact's record in a campaign, with everything that its type does. */
export function dispose(
  domain: Five9Domain,
  actor: Actor,
  campaign: Campaign,
  contact: Contact,
  disposition: Disposition,
): void {
  const records = domain.records.get(campaign.name) ?? new Map();
  domain.records.set(campaign.name, records);
  const isChange = records.get(contact.id)?.disposition !== disposition.name;
  records.set(contact.id, { disposition: disposition.name, at: actor.at, by: actor.by });
  note(domain, actor, {
    kind: 'disposition',
    record: recordName(domain, contact),
    campaign: campaign.name,
    value: disposition.name,
    isChange,
  });

  const time = domain.contacts.timeText(actor.at);
  if (actor.by !== 'api' || domain.switches.lastDispositionFollowsImport) {
    contact.mapped.set('LastDisposition', disposition.name).set('LastDispositionDateTime', time);
  }
  if (actor.by === 'ivr' || actor.by === 'dialer') {
    contact.mapped.set('LastSystemDisposition', disposition.name).set('LastSystemDispositionDateTime', time);
  }
  if (actor.by === 'human') {
    contact.mapped.set('LastAgentDisposition', disposition.name).set('LastAgentDispositionDateTime', time);
    contact.mapped.set('LastAgent', 'agent@example.com');
  }
  // The dialer itself acts on the type, whoever set the disposition.
  addToDnc(domain, { ...actor, by: 'dialer' }, numbersForDnc(domain, contact, disposition.type));
}

function numbersForDnc(domain: Five9Domain, contact: Contact, type: Disposition['type']): string[] {
  const numberOf = (field: string) => domain.contacts.read(contact, field);
  if (type === 'AddActiveNumber' || type === 'AddAndFinalize') return [numberOf('number1')].filter(Boolean);
  if (type === 'AddAllNumbers') return ['number1', 'number2', 'number3'].map(numberOf).filter(Boolean);
  return [];
}

/** Makes a record diallable again; true when it had a disposition. */
export function resetDisposition(domain: Five9Domain, actor: Actor, campaign: string, contact: Contact): boolean {
  const wasSet = domain.records.get(campaign)?.delete(contact.id) ?? false;
  const record = recordName(domain, contact);
  if (wasSet) note(domain, actor, { kind: 'disposition-reset', record, campaign, value: '', isChange: true });
  return wasSet;
}

/** Why the dialer leaves a record alone; empty when it may be dialled. */
export function whyNotDiallable(domain: Five9Domain, campaign: Campaign, contact: Contact): string {
  if (domain.dnc.has(domain.contacts.read(contact, 'number1'))) return 'dnc';
  for (const [name, records] of domain.records) {
    const type = domain.dispositions.get(records.get(contact.id)?.disposition ?? '')?.type;
    if (!type || !finalTypes.includes(type)) continue;
    if (name === campaign.name || type === 'FinalApplyToCampaigns') return 'final';
  }
  return '';
}
