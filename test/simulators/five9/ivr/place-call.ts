import { randomUUID } from 'node:crypto';
import { instantOf } from '../../../../src/domain/clock.ts';
import { numbersOfCampaign } from '../campaign-operations.ts';
import type { Contact } from '../contact-store.ts';
import { whyNotDiallable } from '../dispose.ts';
import { type Five9Domain, note } from '../five9-domain.ts';
import type { CallRequest, Campaign, InboundCall } from '../options.ts';
import { type BuiltInPlaces, builtInInboundScript, builtInScript } from './built-in-script.ts';
import { type CallLog, newCallLog } from './call-log.ts';
import { callVariables } from './call-variables.ts';
import { type RunDeps, runScript } from './run-script.ts';
import { readScript } from './script.ts';
import { createVariables } from './variables.ts';

export interface PlaceDeps extends RunDeps, BuiltInPlaces {
  /** Who takes a call that the AI hands over to an inbound campaign, by the customer's number. */
  agents: Map<string, NonNullable<CallRequest['human']>>;
}

/** The calls of a domain, oldest first. */
export type Calls = Map<string, CallLog>;

export type PlacedCall =
  | { kind: 'placed'; call: CallLog; over: Promise<void> }
  /** The dialer leaves the record alone: `dnc`, `final`, or the campaign or contact does not exist. */
  | { kind: 'refused'; why: string };

/** Dials a record of a campaign, or takes an inbound call; the script plays on by itself. */
export function placeCall(deps: PlaceDeps, calls: Calls, request: CallRequest): PlacedCall {
  const { domain } = deps;
  domain.imports.settle();
  const campaign = domain.campaigns.get(request.campaign);
  if (!campaign) return { kind: 'refused', why: 'no such campaign' };
  const [contact] = domain.contacts.find([['number1', request.number1]]);
  const isDialled = request.callType === 1 || request.callType === 5;
  if (isDialled && !contact) return { kind: 'refused', why: 'no such contact' };
  const why = isDialled && contact && !request.force ? whyNotDiallable(domain, campaign, contact) : '';
  if (why) return { kind: 'refused', why };
  const isHandedOn = request.handoff === 'B' && request.human !== undefined;
  if (isHandedOn && request.human) deps.agents.set(request.number1, request.human);
  return start(deps, calls, campaign, contact, { ...request, human: isHandedOn ? undefined : request.human });
}

/** A call from outside reaches the inbound campaign of the dialled number. */
export function receiveCall(deps: PlaceDeps, calls: Calls, inbound: InboundCall): PlacedCall {
  const { domain } = deps;
  domain.imports.settle();
  const dnis = nationalNumber(inbound.to);
  const campaign = [...domain.campaigns.values()].find((one) =>
    numbersOfCampaign(one).some((number) => nationalNumber(number) === dnis),
  );
  if (!campaign) return { kind: 'refused', why: 'no inbound campaign has this number' };
  const number1 = nationalNumber(inbound.from);
  const [contact] = domain.contacts.find([['number1', number1]]);
  const request = { campaign: campaign.name, number1, callType: 2 as const, keys: [] };
  const human = deps.agents.get(nationalNumber(inbound.customer));
  // A carrier's PSTN hop strips what it does not know.
  const headers = deps.connection === 'pop' ? inbound.headers : {};
  return start(deps, calls, campaign, contact, { ...request, human, headers });
}

function start(
  deps: PlaceDeps,
  calls: Calls,
  campaign: Campaign,
  contact: Contact | undefined,
  request: Pick<CallRequest, 'campaign' | 'number1' | 'callType' | 'human' | 'keys'> & {
    headers?: Record<string, string>;
  },
): PlacedCall {
  const { domain } = deps;
  const call = newCallLog({
    ...request,
    call_id: newCallId(domain, calls),
    session_id: randomUUID().replaceAll('-', '').toUpperCase(),
    list: contact ? listHolding(domain, campaign, contact) : '',
    startedAt: instantOf(domain.clock),
  });
  calls.set(call.call_id, call);
  if (contact) attempt(domain, call, campaign, contact);
  const over = play(deps, call, campaign, contact, request)
    .catch((error: unknown) => {
      call.error = error instanceof Error ? error.message : String(error);
    })
    .finally(() => {
      call.endedAt = instantOf(domain.clock);
    });
  return { kind: 'placed', call, over };
}

async function play(
  deps: PlaceDeps,
  call: CallLog,
  campaign: Campaign,
  contact: Contact | undefined,
  { human, keys, headers = {} }: { human?: CallRequest['human']; keys: string[]; headers?: Record<string, string> },
): Promise<void> {
  const { domain } = deps;
  const script = readScript(scriptOf(deps, campaign));
  const variables = createVariables(script.declared, callVariables(domain, call, campaign, contact, headers));
  await runScript({ deps, call, campaign, contact, human, keys: [...keys], script, variables });
  note(
    domain,
    {
      by: ['skill', 'caller hung up'].includes(call.branch) ? 'dialer' : 'ivr',
      callKey: call.call_id,
      at: domain.clock.now(),
    },
    { kind: 'hangup', record: call.number1, campaign: campaign.name, value: call.branch, isChange: true },
  );
}

function scriptOf(deps: PlaceDeps, campaign: Campaign): string {
  if (campaign.script === undefined) {
    return campaign.type === 'INBOUND' ? builtInInboundScript(deps) : builtInScript(deps);
  }
  const script = deps.domain.scripts.get(campaign.script);
  if (!script)
    throw new Error(`the campaign "${campaign.name}" has the script "${campaign.script}", which is not there`);
  return script.xmlDefinition;
}

/** Five9's call ids are long numbers; unique here also across restarts, for the clock is in them. */
function newCallId(domain: Five9Domain, calls: Calls): string {
  return String(domain.clock.now() * 100 + (calls.size % 100));
}

function listHolding(domain: Five9Domain, campaign: Campaign, contact: Contact): string {
  return campaign.lists.find((list) => domain.lists.get(list)?.has(contact.id)) ?? '';
}

/** What the dialer keeps about an attempt; a callback that is due counts as kept. */
function attempt(domain: Five9Domain, call: CallLog, campaign: Campaign, contact: Contact): void {
  const { mapped } = contact;
  const before = mapped.get('LastCampaign') === campaign.name ? Number(mapped.get('AttemptsForLastCampaign') ?? 0) : 0;
  mapped.set('AttemptsForLastCampaign', String(before + 1)).set('LastCampaign', campaign.name);
  mapped.set('LastList', call.list).set('LastAttemptedNumber', call.number1).set('LastAttemptedNumberN1N2N3', 'N1');
  if (call.call_type !== 1 && call.call_type !== 5) return;
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

/** Ten digits of North America, as contacts have them; others stay. */
function nationalNumber(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}
