import type { Leg } from '../../src/domain/call.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import { mintCorrelationId } from '../../src/domain/correlation-id.ts';
import type { FactBody, StoredFact } from '../../src/domain/fact.ts';
import { decideOutcome } from '../../src/domain/outcome.ts';
import type { Desired } from '../../src/domain/write-back.ts';
import { shapeCall } from '../../src/store/operations/shape-call.ts';
import type { CallRefRow, CallRow, FactRow, OptOutRow, WriteBackRow } from '../../src/store/tables.ts';

/** One call with all its rows. */
export interface CallRows {
  call: CallRow;
  refs: CallRefRow[];
  facts: FactRow[];
  writeBacks: WriteBackRow[];
  optOut: OptOutRow | null;
}

/** A seeded source of chance, and a person who is called. */
export interface Chance {
  next(): number;
  pick<T>(list: readonly T[]): T;
}

export interface Campaign {
  dialer: string;
  name: string;
  agent: string;
}

export interface Person {
  key: string;
  phone: string;
  firstName: string;
  lastName: string;
}

/** How calls end, with how many of a thousand do; `committed` by the AI, the others by how the call ended. */
const ends: readonly { code: string; of1000: number; isCommitted: boolean; talkSec: number }[] = [
  { code: 'no_answer', of1000: 310, isCommitted: false, talkSec: 0 },
  { code: 'voicemail', of1000: 190, isCommitted: false, talkSec: 12 },
  { code: 'not_interested', of1000: 160, isCommitted: true, talkSec: 45 },
  { code: 'hung_up', of1000: 110, isCommitted: false, talkSec: 15 },
  { code: 'callback', of1000: 70, isCommitted: true, talkSec: 80 },
  { code: 'not_qualified', of1000: 45, isCommitted: true, talkSec: 95 },
  { code: 'qualified', of1000: 35, isCommitted: true, talkSec: 160 },
  { code: 'busy', of1000: 30, isCommitted: false, talkSec: 0 },
  { code: 'transferred', of1000: 22, isCommitted: true, talkSec: 140 },
  { code: 'wrong_number', of1000: 15, isCommitted: true, talkSec: 20 },
  { code: 'opt_out', of1000: 9, isCommitted: true, talkSec: 25 },
  { code: 'sale', of1000: 4, isCommitted: true, talkSec: 240 },
];
const people = ['grace', 'linus', 'barbara', 'alan', 'edsger', 'katherine', 'dennis', 'frances', 'john', 'radia'];

/** Makes one call that was registered at an instant: its facts first, and what follows from them as the store derives it. */
export function makeCall(
  chance: Chance,
  input: { index: number; atMs: number; nowMs: number; version: string; campaign: Campaign; person: Person },
): CallRows {
  const { index, atMs, nowMs, version, campaign, person } = input;
  const id = mintCorrelationId((count) => Uint8Array.from({ length: count }, () => chance.next() * 256));
  const at = (seconds: number) => new Date(atMs + seconds * 1000).toISOString();
  const leg: Leg = {
    ...{ dialer: campaign.dialer, callKey: `M${index}`, campaign: campaign.name, list: '101', agent: '' },
    ...{ leadKey: person.key, number: person.phone.slice(2), phone: person.phone, calledAt: at(-8) },
  };
  const conversation = `call_${index.toString(36)}`;
  const facts: StoredFact[] = [];
  const tell = (source: string, key: string, seconds: number, body: FactBody) => {
    if (atMs + seconds * 1000 > nowMs) return;
    facts.push({ correlationId: id, source, key, at: at(seconds), receivedAt: at(seconds + 0.05), body });
  };

  tellOfCall(chance, { tell, leg, conversation, version, campaign, person });
  const outcome = decideOutcome(facts);
  const shell: CallRow = {
    ...{ correlation_id: id, dialer: '', campaign: '', lead_key: '', phone: '', route: '', reason: '' },
    ...{ registered_at: at(0), expires_at: at(48 * 3600), is_registered: 0, outcome: null, created_at: at(0) },
    ...{ outcome_code: '', agent: '', agent_version: '', person: '', talk_sec: 0, first_word_ms: null },
    ...{ is_transferred: 0, changed_at: facts.at(-1)?.receivedAt ?? at(0), mapping: '' },
  };
  const call = shapeCall(shell, facts, outcome);
  const writeBacks = outcome ? writeBacksFor(chance, call, leg, outcome.at) : [];
  return {
    call,
    refs: [
      { ...correlationRef(id) },
      { instance: campaign.dialer, kind: 'call-id', key: leg.callKey },
      { instance: 'sigmamind', kind: 'call-id', key: conversation },
    ].map(({ instance, kind, key }) => ({ instance, kind, ref_key: key, correlation_id: id })),
    facts: facts.map((fact) => ({
      ...{ correlation_id: id, source: fact.source, fact_key: fact.key, copy: '', at: fact.at },
      ...{ received_at: fact.receivedAt, body: JSON.stringify(fact.body) },
    })),
    writeBacks,
    optOut: outcome?.optedOutAt
      ? { phone: call.phone, correlation_id: id, source: 'sigmamind', at: outcome.optedOutAt, undone: 0 }
      : null,
  };
}

function tellOfCall(
  chance: Chance,
  told: {
    tell(source: string, key: string, seconds: number, body: FactBody): void;
    leg: Leg;
    conversation: string;
    version: string;
    campaign: Campaign;
    person: Person;
  },
): void {
  const { tell, leg, conversation, version, campaign, person } = told;
  const { agent } = campaign;
  const end = endOf(chance);
  const evidence = {
    ...{ seller: 'Example Solar', purpose: 'telemarketing', goods: 'solar panels', callerId: '+12125550100' },
    ...{ agentVersion: version, consentSource: 'web form' },
  };
  const fields = { first_name: person.firstName, last_name: person.lastName, state: 'NY', postal_code: '10001' };
  const registered = { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields, evidence } as const;
  tell(campaign.dialer, `registered:register:${leg.callKey}`, 0, registered);
  const isAnswered = end.talkSec > 0;
  const wordSec = 0.4 + chance.next() ** 3 * 4;
  const talkSec = Math.round(end.talkSec * (0.5 + chance.next()));
  if (isAnswered) {
    tell('sigmamind', `matched:${conversation}`, wordSec, { kind: 'matched', by: 'correlation-id' });
    tell('sigmamind', `conversation_started:${conversation}`, wordSec, { kind: 'started', agent });
  }
  if (end.isCommitted) {
    const callbackAt = new Date(Date.parse(leg.calledAt) + 86_400_000).toISOString();
    tell('sigmamind', `commit:${conversation}`, wordSec + talkSec - 5, {
      ...{ kind: 'committed', outcome: end.code, summary: `${person.firstName} said ${end.code}.`, fields: {} },
      ...(end.code === 'callback' && { callbackAt }),
    });
  }
  tell('sigmamind', `conversation_ended:${conversation}`, wordSec + talkSec + 1, {
    ...{ kind: 'ended', outcome: end.isCommitted ? 'hung_up' : end.code, reason: 'user_ended_call', agent },
    ...{ durationSec: talkSec, recordingUrl: `https://recordings.example.com/${conversation}.wav` },
  });
  if (isAnswered) {
    const summary = `A talk of ${talkSec} seconds with ${person.firstName} ${person.lastName}.`;
    tell('sigmamind', `conversation_analysed:${conversation}`, wordSec + talkSec + 20, {
      ...{ kind: 'analysed', summary, fields: { sentiment: chance.pick(['good', 'fair', 'poor']) }, agent },
    });
  }
  if (end.code === 'transferred') {
    const body = {
      kind: 'dispositioned',
      dialer: campaign.dialer,
      disposition: 'XFER',
      by: chance.pick(people),
    } as const;
    tell(campaign.dialer, `dispositioned:${leg.callKey}`, wordSec + talkSec + 240, { ...body, outcome: 'transferred' });
  }
}

function endOf(chance: Chance): (typeof ends)[number] {
  let left = chance.next() * 1000;
  for (const end of ends) {
    left -= end.of1000;
    if (left < 0) return end;
  }
  return ends[0] as (typeof ends)[number];
}

/** Nearly all are with their dialer; a few wait, or failed. */
function writeBacksFor(chance: Chance, call: CallRow, leg: Leg, decidedAt: string): WriteBackRow[] {
  const code = call.outcome_code;
  const wishes: Desired[] = [
    { aspect: 'disposition', disposition: code.slice(0, 6).toUpperCase(), outcome: code },
    { aspect: 'fields', fields: { comments: `AI: ${code}` } },
  ];
  if (code === 'callback') wishes.push({ aspect: 'callback', at: call.expires_at, note: 'asked for it' });
  if (code === 'opt_out') wishes.push({ aspect: 'dnc', phones: [call.phone], leads: [call.lead_key], listed: true });
  const { callKey, campaign, list, leadKey, number, phone, agent, calledAt } = leg;
  const target = JSON.stringify({ campaign, list, leadKey, callKey, number, phone, agent, calledAt });
  return wishes.map((desired, index) => {
    const draw = chance.next();
    const state = draw < 0.0001 ? 'dead' : draw < 0.00015 ? 'refused' : draw < 0.0003 ? 'pending' : 'confirmed';
    const isFailed = state === 'dead' || state === 'refused';
    return {
      ...{ id: `w-${call.correlation_id}-${index}`, correlation_id: call.correlation_id, dialer: call.dialer },
      ...{ aspect: desired.aspect, revision: 1, target, desired: JSON.stringify(desired), state },
      ...{ due_at: decidedAt, attempts: isFailed ? 8 : 0, in_doubt: 0, receipt: '' },
      why: isFailed ? 'the dialer does not know the status' : '',
      hint: isFailed ? 'Add the status to the campaign, and replay.' : '',
      ...{
        created_at: decidedAt,
        settled_at: state === 'pending' ? null : decidedAt,
        claim: '',
        claimed_until: null,
        cancelled_by: '',
        spared: 0,
      },
    };
  });
}
