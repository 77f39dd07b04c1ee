import type { Call, CallSighting, Route } from '../domain/call.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { HeaderNames, RegisteredVia } from '../domain/fact.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { SipHeader } from '../domain/sip-headers.ts';
import { buildHeaders, namesOf } from './build-headers.ts';
import type { Deps } from './deps.ts';
import { findCall } from './find-call.ts';
import { completeSighting, completeWithLead } from './find-lead.ts';
import { type GatedCall, gateCall, gateFromMemory } from './gate/gate-call.ts';
import { freshIdOf, recordFacts } from './record-facts.ts';
import { registeredFact } from './registered-fact.ts';

/** From the dial to the script's first question, generously. */
const longestRingMs = 10 * 60_000;

export interface Registration {
  /** `degraded` when the store or the dialer was away and the answer comes from memory. */
  status: 'ok' | 'degraded';
  route: Route;
  reason: string;
  correlationId: string;
  /** Every configured header, in order; empty where nothing is known. */
  headers: SipHeader[];
  /** Only those with a value. */
  sentHeaders: SipHeader[];
}

/**
 * Gives a call its correlation ID and headers; the same call gets the same ID, however often it asks. Answers within the
 * budget whatever is away, and never rejects for a business reason. Headers wait for nobody that need not be asked: the
 * customer hears silence meanwhile (docs/decisions/0011-headers-before-the-store.md).
 */
export async function registerCall(
  deps: Deps,
  dialer: Dialer,
  sighting: CallSighting,
  via: RegisteredVia,
  budgetMs: number,
): Promise<Registration> {
  const endsAt = performance.now() + budgetMs;
  const leftMs = () => endsAt - performance.now();

  const lead = dialer.heldLead?.(sighting) ?? null;
  const told = lead ? completeWithLead(sighting, lead) : sighting;
  const known = await completeFromKnownCall(deps, told, budgetMs * 0.15);
  const found = lead
    ? { sighting: known, isComplete: true }
    : await completeSighting(deps, dialer, known, budgetMs * 0.4);
  const isWaitedFor = via !== 'headers';
  const gate = await chooseRoute(deps, dialer, found, via, leftMs() * 0.5);
  // What the lead holds is looked up anew whenever it is needed: the record of the call has what was told of the call.
  const kept = { ...found.sighting, fields: sighting.fields };
  const expectedId = knownCall(deps, kept)?.correlationId ?? freshIdOf(deps, kept.refs);
  const built = buildHeaders(dialer.settings, expectedId, found.sighting);
  const isGiven = via === 'headers' || (via === 'register' && gate.route === 'ai');
  const answer = { ...gate, ...(isGiven && { headers: namesOf(built) }) };
  const recorded = isWaitedFor
    ? await record(deps, dialer, kept, via, answer, expectedId, leftMs() * 0.7)
    : recordSoon(deps, kept, via, answer, expectedId);
  if (recorded.told.route === 'ai') gate.slot?.keep(recorded.correlationId, recorded.isStored);
  else gate.slot?.giveBack();

  const { route, reason } = recorded.told;
  const isExpected = recorded.correlationId === expectedId;
  const { all, sent, dropped } = isExpected
    ? built
    : buildHeaders(dialer.settings, recorded.correlationId, found.sighting);
  if (dropped.length > 0) {
    deps.log.warn(
      { dialer: dialer.id, correlationId: recorded.correlationId, dropped },
      'headers did not fit the budget',
    );
  }
  const status = found.isComplete && gate.isSure && recorded.isStored ? 'ok' : 'degraded';
  deps.count.registered(dialer.id, status, route);
  deps.count.gated(dialer.id, reason);
  deps.tracing.about(recorded.correlationId);
  return {
    status,
    route,
    reason,
    correlationId: recorded.correlationId,
    headers: all,
    sentHeaders: sent,
  };
}

/** A call that is asked for again by its id alone keeps what its first request told. */
async function completeFromKnownCall(deps: Deps, sighting: CallSighting, budgetMs: number): Promise<CallSighting> {
  const { leg } = sighting;
  // A call that goes on under another name has the ID that its first name was given.
  if (leg.phone && leg.campaign && !sighting.isContinuation) return sighting;
  const found = await findCall(deps, sighting.refs, budgetMs);
  if (found.kind !== 'found') return sighting;
  const { call } = found;
  return {
    ...sighting,
    leg: {
      ...leg,
      phone: leg.phone || call.phone,
      campaign: leg.campaign || call.campaign,
      leadKey: leg.leadKey || call.leadKey,
    },
  };
}

/**
 * Only a script that asks for its route waits for the gate: whoever tells of a call that has been dialled asks what to say,
 * not whether to. A call that is asked for again is judged by the time at which it began; what a dialer says of that time
 * only where it can be: in a wrong zone it would open or shut the calling hours.
 */
async function chooseRoute(
  deps: Deps,
  dialer: Dialer,
  { sighting, isComplete }: { sighting: CallSighting; isComplete: boolean },
  via: RegisteredVia,
  budgetMs: number,
): Promise<GatedCall> {
  if (via !== 'register') return gateFromMemory(deps, dialer, sighting);
  const known = knownCall(deps, sighting);
  const isWithAi = known?.route === 'ai' && !known.outcome;
  const [now, told] = [deps.clock.now(), Date.parse(sighting.leg.calledAt)];
  const began = told > now - longestRingMs && told < now ? told : now;
  const at = known ? Date.parse(known.registeredAt) : began;
  const wasUnwell = known?.reason === 'ai_unwell';
  return gateCall(deps, dialer, sighting, { isLeadKnown: isComplete, isWithAi, wasUnwell, at, budgetMs });
}

/** With the headers that the dialer is given. */
type AnsweredCall = GatedCall & { headers?: HeaderNames };

/** The ID follows from the call's name, so it can be given away before the store has heard of the call. */
function recordSoon(deps: Deps, sighting: CallSighting, via: RegisteredVia, gate: AnsweredCall, correlationId: string) {
  const fact = registeredFact(deps, sighting, via, gate, [...sighting.refs, correlationRef(correlationId)]);
  rememberShell(deps, correlationId, sighting, gate, fact.at);
  deps.registrations.add(fact);
  return { correlationId, isStored: true, told: gate };
}

async function record(
  deps: Deps,
  dialer: Dialer,
  sighting: CallSighting,
  via: RegisteredVia,
  gate: AnsweredCall,
  freshId: string,
  budgetMs: number,
) {
  const fact = registeredFact(deps, sighting, via, gate);
  try {
    const result = await recordFacts(deps, [fact], {
      budgetMs,
      announcedId: freshId,
      spoolMs: Math.max(50, budgetMs * 0.35),
    });
    const [first] = result.kind === 'recorded' ? result.results : [];
    if (first) return { correlationId: first.call.correlationId, isStored: true, told: gate };
    rememberShell(deps, freshId, sighting, gate, fact.at);
    return { correlationId: freshId, isStored: false, told: gate };
  } catch (error) {
    deps.log.error(
      { dialer: dialer.id, correlationId: freshId, reason: messageOf(error) },
      'a registration is neither in the store nor in the spool',
    );
  }
  // The store may have heard of it after all, too late: then it holds both answers.
  const told = via === 'register' ? withoutTheAi(dialer, sighting, gate) : gate;
  return { ...recordSoon(deps, sighting, via, told, freshId), isStored: false };
}

/**
 * Who talks to the AI may opt out: a call of which nothing can be kept goes where the AI does not hear it, as its campaign
 * has it (docs/decisions/0036-what-can-not-be-kept.md).
 */
function withoutTheAi(dialer: Dialer, { leg }: CallSighting, gate: AnsweredCall): AnsweredCall {
  if (gate.route !== 'ai') return gate;
  const { isSure, evidence } = gate;
  return { route: campaignSettings(dialer.settings, leg.campaign).safeRoute, reason: 'store_away', isSure, evidence };
}

function knownCall(deps: Deps, sighting: CallSighting): Call | undefined {
  for (const ref of sighting.refs) {
    const call = deps.memory.callByRef(ref);
    if (call) return call;
  }
  return undefined;
}

/** What memory holds of a call while the store does not know it yet. What it holds already is not made poorer. */
function rememberShell(deps: Deps, correlationId: string, { refs, leg }: CallSighting, gate: GatedCall, now: string) {
  const known = deps.memory.call(correlationId);
  const shell: Call = {
    correlationId,
    dialer: leg.dialer,
    campaign: leg.campaign,
    leadKey: leg.leadKey,
    phone: leg.phone,
    route: gate.route,
    reason: gate.reason,
    registeredAt: now,
    expiresAt: new Date(Date.parse(now) + 86_400_000).toISOString(),
    isRegistered: true,
    outcome: null,
    ...(deps.mapping.version && { mapping: deps.mapping.version }),
  };
  deps.memory.rememberCall(known?.isRegistered ? known : shell, [...refs, correlationRef(correlationId)]);
  deps.memory.rememberLeg(correlationId, leg);
}
