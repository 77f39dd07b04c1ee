import type { Attention } from '../domain/attention.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Call } from '../domain/call.ts';
import { type CallTimeline, callTimeline, type Detail } from '../domain/call-timeline.ts';
import type { CallDescription } from '../domain/connector.ts';
import type { Lead } from '../domain/lead.ts';
import { firstLegs } from '../domain/legs.ts';
import type { OptOutClock } from '../domain/opt-out-clock.ts';
import { type ShadowPlaces, shadowOf } from '../domain/shadow.ts';
import { variableOfHeader } from '../domain/sip-headers.ts';
import { buildHeaders } from './build-headers.ts';
import { customerOf } from './callback-times.ts';
import type { Deps } from './deps.ts';
import { describeCall } from './describe-calls.ts';
import { completeWithLead } from './find-lead.ts';
import { readOptOuts } from './watch-opt-outs.ts';

/** Everything that a person who looks at a call may want to know, as we hold it: no dialer is asked. */
export interface CallPage extends CallDescription {
  timeline: CallTimeline;
  /** Where nothing is written for it. */
  shadow: ShadowPlaces;
  /** What the AI's prompt was given at the last asking; null where no headers were asked for. */
  headers: readonly SeenHeader[] | null;
  /** The one lead that the call is about, as its dialer had it at the last sync. */
  lead: Lead | null;
  /** The customer's clock, as far as it can be told. */
  customerZone: string;
  /** Other calls of the number or of the lead, newest first. */
  others: readonly Call[];
  attention: readonly Attention[];
  audit: readonly AuditEntry[];
  /** What the call told of an opt-out, undone or not. */
  optOut: OptOutClock | null;
  /** Whether a platform may have, or we keep, what was spoken. */
  mayHaveTranscript: boolean;
}

export interface SeenHeader {
  name: string;
  /** As the prompt calls it. */
  variable: string;
  state: 'sent' | 'empty' | 'dropped';
  value: string;
  /** Whose the value is: names of the call are no numbers, whatever they look like. */
  privacy: Detail['privacy'];
  /** True: the value is the lead's of today; what was sent is not kept with the call. */
  isOfToday: boolean;
}

const mostAudited = 50;
const mostOfLead = 10;
/** Numbers of a lead by which its other calls are looked for. */
const mostNumbers = 5;

/** Gathers the page of a call. */
export async function gatherCallPage(deps: Deps, call: Call): Promise<CallPage> {
  const { correlationId } = call;
  const described = await describeCall(deps, call);
  const lead = await leadHeld(deps, call);
  const [leg = null] = firstLegs(described.facts).filter(({ dialer }) => dialer === call.dialer);
  const [optOut = null] = await readOptOuts(deps, { calls: [correlationId], limit: 1 });
  const conversations = described.refs.filter(
    ({ instance, kind }) => kind === 'call-id' && !deps.dialers.has(instance),
  );
  return {
    ...described,
    timeline: callTimeline(described),
    shadow: shadowOf(described.facts),
    headers: headersSeen(deps, described, lead),
    lead,
    customerZone: customerOf(deps, { leg, lead }).zone,
    others: await otherCalls(deps, call, lead),
    attention: await deps.store.attentionOf(correlationId),
    audit: await deps.store.auditOf(correlationId, mostAudited),
    optOut,
    mayHaveTranscript: conversations.length > 0,
  };
}

/** By its key, else by the number when exactly one lead of the dialer has it. */
async function leadHeld({ store }: Deps, { dialer, leadKey, phone }: Call): Promise<Lead | null> {
  if (leadKey) return store.leadByKey(dialer, leadKey);
  const [lead = null, ...others] = phone ? await store.leadsByPhone(phone, dialer) : [];
  return others.length === 0 ? lead : null;
}

async function otherCalls({ store }: Deps, call: Call, lead: Lead | null): Promise<Call[]> {
  const { correlationId, dialer, leadKey, phone } = call;
  const found = new Map<string, Call>();
  const ofLead = leadKey ? await store.searchCalls({ dialer, lead: leadKey, limit: mostOfLead }) : { calls: [] };
  for (const { marks: _, ...other } of ofLead.calls) found.set(other.correlationId, other);
  for (const number of new Set([phone, ...(lead?.phones ?? []).slice(0, mostNumbers)].filter(Boolean))) {
    for (const other of await store.callsByPhone(number, '')) found.set(other.correlationId, other);
  }
  found.delete(correlationId);
  return [...found.values()].sort((a, b) => (a.registeredAt < b.registeredAt ? 1 : -1));
}

/**
 * The names that went out are kept with the call; their values are what was told of the call, else the lead's: those of
 * today, since what the lead holds is not copied to each of its calls.
 */
function headersSeen(
  { dialers }: Deps,
  { call, refs, facts }: CallDescription,
  lead: Lead | null,
): SeenHeader[] | null {
  const asked = facts.flatMap(({ body }) => (body.kind === 'registered' && body.headers ? [body] : []));
  const last = asked.at(-1);
  if (!last?.headers) return null;
  const { sent, empty, dropped } = last.headers;
  const settings = dialers.get(last.leg.dialer)?.settings;
  const told = { refs, leg: last.leg, fields: last.fields };
  const unbound = settings && { ...settings, headerBudget: { ...settings.headerBudget, bytes: 100_000, count: 1000 } };
  const valuesOf = (sighting: typeof told) =>
    new Map(unbound ? buildHeaders(unbound, call.correlationId, sighting).all : []);
  const own = valuesOf(told);
  const ofToday = lead ? valuesOf({ ...told, ...completeWithLead(told, lead) }) : own;
  const seen = (state: SeenHeader['state']) => (name: string) => {
    const value = state === 'empty' ? '' : own.get(name) || ofToday.get(name) || '';
    const privacy = privacyOf(settings?.headers.find((header) => header.name === name)?.from ?? '');
    const isOfToday = value !== '' && !own.get(name);
    return { name, variable: variableOfHeader(name), state, value, privacy, isOfToday };
  };
  return [...sent.map(seen('sent')), ...empty.map(seen('empty')), ...dropped.map(seen('dropped'))];
}

function privacyOf(from: string): Detail['privacy'] {
  if (from === 'phone') return 'number';
  if (from === 'lead_id') return 'key';
  return plainSources.has(from) ? 'plain' : 'personal';
}

const plainSources = new Set(['correlation_id', 'caller_code', 'call_id', 'campaign', 'list', 'dialer']);
