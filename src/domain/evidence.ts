import type { Call, Leg } from './call.ts';
import type { CallEvidence, FactBody, StoredFact } from './fact.ts';
import type { Lead } from './lead.ts';
import { firstLegs } from './legs.ts';
import type { OptOutClock } from './opt-out-clock.ts';
import type { WriteBack } from './write-back.ts';

/** The header row of the evidence of calls, in this order. Every value is text; empty where it is not known. */
export const callColumns = [
  ...['correlation_id', 'seller', 'purpose', 'goods', 'dialer', 'campaign', 'direction', 'calling_number'],
  ...['called_number', 'caller_id', 'called_at', 'answered_at', 'ended_at', 'duration_sec', 'artificial_voice'],
  ...['agent_version', 'outcome', 'disposition', 'disposition_by', 'transferred_to', 'consent', 'consent_source'],
  ...['route', 'reason', 'recording'],
] as const;

export const optOutColumns = [
  ...['correlation_id', 'name', 'numbers', 'seller', 'goods', 'told_at', 'told_by', 'undone', 'legal_by', 'proofs'],
] as const;

export type EvidenceRow = Readonly<Record<string, string>>;

export interface RecordedCall {
  call: Call;
  facts: readonly StoredFact[];
  writeBacks: readonly WriteBack[];
}

/** What is evidence of one call. Pure. */
export function callEvidence({ call, facts, writeBacks }: RecordedCall): EvidenceRow {
  const leg = firstLegs(facts).find(({ dialer }) => dialer === call.dialer);
  const registered = bodiesOf(facts, 'registered');
  const own = evidenceOf(facts);
  const gate = Object.assign({}, ...registered.map((body) => body.gate ?? {})) as Record<string, string>;
  const isInbound = gate.direction === 'inbound';
  const record = bodiesOf(facts, 'leg-record').at(-1);
  const ended = bodiesOf(facts, 'ended').at(-1);
  const spoke = facts.some(({ body }) => ['started', 'committed', 'ended', 'analysed'].includes(body.kind));
  return {
    correlation_id: call.correlationId,
    seller: own.seller,
    purpose: own.purpose,
    goods: own.goods,
    dialer: call.dialer,
    campaign: call.campaign,
    direction: isInbound ? 'inbound' : 'outbound',
    calling_number: isInbound ? call.phone : own.callerId,
    called_number: isInbound ? own.callerId : call.phone,
    caller_id: isInbound ? '' : own.callerId,
    called_at: leg?.calledAt ?? call.registeredAt,
    answered_at: record?.answeredAt ?? '',
    ended_at: record?.endedAt ?? facts.find(({ body }) => body === ended)?.at ?? '',
    duration_sec: durationOf(ended, record),
    // A call that was handed to the AI counts as spoken by it, also where the platform never told.
    artificial_voice: spoke || registered.some(({ route }) => route === 'ai') ? 'yes' : 'no',
    agent_version: own.agentVersion,
    outcome: call.outcome?.code ?? '',
    ...dispositionOf(facts, writeBacks, leg),
    transferred_to: transferOf(facts),
    consent: gate.consent ?? '',
    consent_source: gate.consent_source ?? own.consentSource,
    route: call.route,
    reason: call.reason,
    recording: [call.outcome?.recordingUrl ?? '', ...(record?.recordingUrls ?? [])].filter(Boolean).join(' '),
  };
}

/** What is evidence of one opt-out. Pure. */
export function optOutEvidence(clock: OptOutClock, facts: readonly StoredFact[], lead: Lead | null): EvidenceRow {
  const own = evidenceOf(facts);
  const fields = Object.assign({}, lead?.fields, ...bodiesOf(facts, 'registered').map((body) => body.fields)) as Record<
    string,
    string
  >;
  const undone = facts.findLast(({ body }) => body.kind === 'opt-out-undone');
  return {
    correlation_id: clock.correlationId,
    name: [fields.first_name, fields.last_name].filter(Boolean).join(' '),
    numbers: clock.phones.join(' '),
    seller: own.seller,
    goods: own.goods,
    told_at: clock.toldAt,
    told_by: clock.source,
    undone: clock.isUndone ? (undone?.at ?? 'yes') : '',
    legal_by: clock.legalBy,
    proofs: clock.dialers
      .map(({ dialer, state, confirmedAt, proof, waitsFor }) =>
        confirmedAt ? `${dialer}: ${confirmedAt} ${proof}` : `${dialer}: ${state}, ${waitsFor ?? ''}`,
      )
      .join(' | '),
  };
}

/** As configured when the call was registered; what a first telling lacks, a later one may bring. */
function evidenceOf(facts: readonly StoredFact[]): CallEvidence {
  const found: CallEvidence = { seller: '', purpose: '', goods: '', callerId: '', agentVersion: '', consentSource: '' };
  for (const { evidence } of bodiesOf(facts, 'registered')) {
    for (const [name, value] of Object.entries(evidence ?? {})) {
      const key = name as keyof CallEvidence;
      found[key] ||= value;
    }
  }
  return found;
}

function durationOf(
  ended: Extract<FactBody, { kind: 'ended' }> | undefined,
  record: Extract<FactBody, { kind: 'leg-record' }> | undefined,
): string {
  if (ended?.durationSec !== undefined) return String(ended.durationSec);
  if (!record?.answeredAt || !record.endedAt) return '';
  return String(Math.max(0, Math.round((Date.parse(record.endedAt) - Date.parse(record.answeredAt)) / 1000)));
}

/** A person's disposition, else the one that we wrote. */
function dispositionOf(facts: readonly StoredFact[], writeBacks: readonly WriteBack[], leg: Leg | undefined) {
  const human = bodiesOf(facts, 'dispositioned').findLast(({ dialer }) => dialer === leg?.dialer);
  if (human) return { disposition: human.disposition, disposition_by: human.by };
  const ours = writeBacks.findLast(
    ({ dialer, desired, state }) =>
      dialer === leg?.dialer && desired.aspect === 'disposition' && ['confirmed', 'submitted'].includes(state),
  );
  const disposition = ours?.desired.aspect === 'disposition' ? ours.desired.disposition : '';
  return { disposition, disposition_by: disposition ? 'patchbay' : '' };
}

function transferOf(facts: readonly StoredFact[]): string {
  const steered = bodiesOf(facts, 'steered').findLast(({ act, result }) => act === 'transfer' && result === 'done');
  if (steered) return steered.to || 'default';
  const handed = bodiesOf(facts, 'handed-over').at(-1);
  return handed ? handed.to || 'people' : '';
}

function bodiesOf<K extends FactBody['kind']>(facts: readonly StoredFact[], kind: K) {
  return facts.flatMap(({ body }) => (body.kind === kind ? [body as Extract<FactBody, { kind: K }>] : []));
}
