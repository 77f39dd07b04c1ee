import { randomUUID } from 'node:crypto';
import { instantOf } from '../../../../src/domain/clock.ts';
import type { Contact } from '../contact-store.ts';
import { whyNotDiallable } from '../dispose.ts';
import { type Five9Domain, note } from '../five9-domain.ts';
import type { CallRequest, Campaign } from '../options.ts';
import { type CallLog, newCallLog } from './call-log.ts';
import { type PlayDeps, playScript } from './play-script.ts';

/** The calls of a domain, oldest first. */
export type Calls = Map<string, CallLog>;

export type PlacedCall =
  | { kind: 'placed'; call: CallLog; over: Promise<void> }
  /** The dialer leaves the record alone: `dnc`, `final`, or the campaign or contact does not exist. */
  | { kind: 'refused'; why: string };

/** Dials a record of a campaign, or takes an inbound call; the script plays on by itself. */
export function placeCall(deps: PlayDeps, calls: Calls, request: CallRequest): PlacedCall {
  const { domain } = deps;
  domain.imports.settle();
  const campaign = domain.campaigns.get(request.campaign);
  if (!campaign) return { kind: 'refused', why: 'no such campaign' };
  const [contact] = domain.contacts.find([['number1', request.number1]]);
  const isDialled = request.callType === 1 || request.callType === 5;
  if (isDialled && !contact) return { kind: 'refused', why: 'no such contact' };
  const why = isDialled && contact && !request.force ? whyNotDiallable(domain, campaign, contact) : '';
  if (why) return { kind: 'refused', why };

  const call = newCallLog({
    ...request,
    call_id: newCallId(domain, calls),
    session_id: randomUUID().replaceAll('-', '').toUpperCase(),
    list: contact ? listHolding(domain, campaign, contact) : '',
    startedAt: instantOf(domain.clock),
  });
  calls.set(call.call_id, call);
  if (contact) attempt(domain, call, campaign, contact, isDialled);
  const over = playScript(deps, { call, campaign, contact, human: request.human })
    .catch((error: unknown) => {
      call.error = String(error);
    })
    .finally(() => {
      call.endedAt = instantOf(domain.clock);
    });
  return { kind: 'placed', call, over };
}

/** Five9's call ids are long numbers; unique here also across restarts, for the clock is in them. */
function newCallId(domain: Five9Domain, calls: Calls): string {
  return String(domain.clock.now() * 100 + (calls.size % 100));
}

function listHolding(domain: Five9Domain, campaign: Campaign, contact: Contact): string {
  return campaign.lists.find((list) => domain.lists.get(list)?.has(contact.id)) ?? '';
}

/** What the dialer keeps about an attempt; a callback that is due counts as kept. */
function attempt(domain: Five9Domain, call: CallLog, campaign: Campaign, contact: Contact, isDialled: boolean): void {
  const { mapped } = contact;
  const before = mapped.get('LastCampaign') === campaign.name ? Number(mapped.get('AttemptsForLastCampaign') ?? 0) : 0;
  mapped.set('AttemptsForLastCampaign', String(before + 1)).set('LastCampaign', campaign.name);
  mapped.set('LastList', call.list).set('LastAttemptedNumber', call.number1).set('LastAttemptedNumberN1N2N3', 'N1');
  if (!isDialled) return;
  for (const list of campaign.lists) {
    const entry = domain.lists.get(list)?.get(contact.id);
    if (entry?.callTime && entry.callTime <= domain.clock.now()) entry.callTime = null;
  }
  note(
    domain,
    { by: 'dialer', callKey: call.call_id, at: domain.clock.now() },
    { kind: 'dialled', record: call.number1, campaign: campaign.name, value: call.list, isChange: true },
  );
}
