import type { Call, Instant } from '../domain/call.ts';
import type { MarkedCall } from '../domain/call-marks.ts';
import type { FactBody, StoredFact } from '../domain/fact.ts';
import type { Lead } from '../domain/lead.ts';
import type { Outcome } from '../domain/outcome.ts';
import { postalKey } from '../domain/person-marks.ts';
import type { Aspect, Desired, WriteBack, WriteBackState, WriteBackTarget } from '../domain/write-back.ts';
import { fitKey, keyLengths } from './fit-key.ts';
import type { CallRow, FactRow, LeadRow, WriteBackRow } from './tables.ts';

/** The columns of a call that are no marks: those are for who searches and counts. */
export const columnsOfCall = [
  'calls.correlation_id',
  'calls.dialer',
  'calls.campaign',
  'calls.lead_key',
  'calls.phone',
  'calls.route',
  'calls.reason',
  'calls.registered_at',
  'calls.expires_at',
  'calls.is_registered',
  'calls.outcome',
  'calls.mapping',
] as const;

type NameIn<Column> = Column extends `calls.${infer Name}` ? Name : never;
type PlainCallRow = Pick<CallRow, NameIn<(typeof columnsOfCall)[number]>>;

export function callOf(row: PlainCallRow): Call {
  return {
    correlationId: row.correlation_id,
    dialer: row.dialer,
    campaign: row.campaign,
    leadKey: row.lead_key,
    phone: row.phone,
    route: row.route,
    reason: row.reason,
    registeredAt: row.registered_at,
    expiresAt: row.expires_at,
    isRegistered: row.is_registered === 1,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome),
    ...(row.mapping && { mapping: row.mapping }),
  };
}

export function markedCallOf(row: CallRow): MarkedCall {
  return {
    ...callOf(row),
    marks: {
      agent: row.agent,
      agentVersion: row.agent_version,
      person: row.person,
      talkSec: row.talk_sec,
      firstWordMs: row.first_word_ms,
      isTransferred: row.is_transferred === 1,
    },
  };
}

export function factOf(row: FactRow): StoredFact {
  return {
    correlationId: row.correlation_id,
    source: row.source,
    key: row.fact_key,
    at: row.at,
    receivedAt: row.received_at,
    body: JSON.parse(row.body) as FactBody,
  };
}

export function writeBackOf(row: WriteBackRow): WriteBack {
  return {
    id: row.id,
    correlationId: row.correlation_id,
    dialer: row.dialer,
    aspect: row.aspect as Aspect,
    revision: row.revision,
    target: JSON.parse(row.target) as WriteBackTarget,
    desired: JSON.parse(row.desired) as Desired,
    state: row.state as WriteBackState,
    dueAt: row.due_at,
    attempts: row.attempts,
    spared: row.spared,
    inDoubt: row.in_doubt === 1,
    receipt: row.receipt,
    why: row.why,
    hint: row.hint,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    ...(row.cancelled_by && { cancelledBy: row.cancelled_by }),
  };
}

export function leadOf(row: LeadRow): Lead {
  return {
    dialer: row.dialer,
    key: row.lead_key,
    list: row.list,
    campaign: row.campaign,
    phones: JSON.parse(row.phones) as string[],
    fields: JSON.parse(row.fields) as Record<string, string>,
    changedAt: row.changed_at,
  };
}

/** Leads as rows, each key once: of two with one key the last counts. */
export function leadRowsOf(leads: readonly Lead[], now: Instant): LeadRow[] {
  const rows = new Map<string, LeadRow>();
  for (const lead of leads) {
    const row = leadRowOf(lead, now);
    rows.set(`${row.dialer}\n${row.lead_key}`, row);
  }
  return [...rows.values()];
}

function leadRowOf(lead: Lead, now: Instant): LeadRow {
  const phones = [...new Set(lead.phones.map((phone) => fitKey(phone, keyLengths.phone)).filter(Boolean))];
  return {
    dialer: fitKey(lead.dialer, keyLengths.name),
    lead_key: fitKey(lead.key),
    list: fitKey(lead.list),
    campaign: fitKey(lead.campaign),
    phones: JSON.stringify(phones),
    fields: JSON.stringify(lead.fields),
    postal_code: postalKey(lead.fields.postal_code ?? ''),
    changed_at: lead.changedAt,
    saved_at: now,
  };
}
