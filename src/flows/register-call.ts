import type { Call, CallSighting, Route } from '../domain/call.ts';
import { correlationRef } from '../domain/connector.ts';
import { mintCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { RegisteredVia } from '../domain/fact.ts';
import type { SipHeader } from '../domain/sip-headers.ts';
import { buildHeaders } from './build-headers.ts';
import type { Deps } from './deps.ts';
import { findCall } from './find-call.ts';
import { completeSighting } from './find-lead.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFact } from './registered-fact.ts';

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
 * budget whatever is away, and never rejects for a business reason.
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

  const known = await completeFromKnownCall(deps, sighting, budgetMs * 0.15);
  const found = await completeSighting(deps, dialer, known, budgetMs * 0.4);
  const gate = await chooseRoute(deps, found.sighting, leftMs() * 0.3);
  const recorded = await record(deps, found.sighting, via, gate, leftMs() * 0.7);

  const { all, sent, dropped } = buildHeaders(dialer.settings, recorded.correlationId, found.sighting);
  if (dropped.length > 0) {
    deps.log.warn(
      { dialer: dialer.id, correlationId: recorded.correlationId, dropped },
      'headers did not fit the budget',
    );
  }
  const status = found.isComplete && gate.isSure && recorded.isStored ? 'ok' : 'degraded';
  deps.count.registered(dialer.id, status, gate.route);
  return {
    status,
    route: gate.route,
    reason: gate.reason,
    correlationId: recorded.correlationId,
    headers: all,
    sentHeaders: sent,
  };
}

/** A call that is asked for again by its id alone keeps what its first request told. */
async function completeFromKnownCall(deps: Deps, sighting: CallSighting, budgetMs: number): Promise<CallSighting> {
  const { leg } = sighting;
  if (leg.phone && leg.campaign) return sighting;
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

interface RouteChoice {
  route: Route;
  reason: string;
  isSure: boolean;
}

/** The gate: the AI gets the call unless the number is on our opt-out list. */
async function chooseRoute(deps: Deps, { leg }: CallSighting, budgetMs: number): Promise<RouteChoice> {
  if (!leg.phone) return { route: 'ai', reason: '', isSure: true };
  const answer = await deps.gate.read(budgetMs, () => deps.store.isOptedOut(leg.phone));
  // A number that opted out while the store was away is in the spool and in memory only.
  const isStoreBehind = answer.kind === 'away' || deps.spool.size() > 0;
  if (answer.kind === 'answer' && !answer.value && !isStoreBehind) deps.memory.forgetOptOut(leg.phone);
  const isOptedOut = (answer.kind === 'answer' && answer.value) || deps.memory.isOptedOut(leg.phone);
  if (isOptedOut) return { route: 'hangup', reason: 'opt_out', isSure: true };
  return { route: 'ai', reason: '', isSure: answer.kind === 'answer' };
}

async function record(deps: Deps, sighting: CallSighting, via: RegisteredVia, gate: RouteChoice, budgetMs: number) {
  const known = knownCall(deps, sighting);
  const freshId = known?.correlationId ?? mintCorrelationId(deps.randomBytes);
  const fact = registeredFact(deps, sighting, via, gate);
  try {
    const result = await recordFacts(deps, [fact], {
      budgetMs,
      announcedId: freshId,
      spoolMs: Math.max(50, budgetMs * 0.2),
    });
    const [first] = result.kind === 'recorded' ? result.results : [];
    if (first) return { correlationId: first.call.correlationId, isStored: true };
  } catch (error) {
    deps.log.error(
      { dialer: sighting.leg.dialer, correlationId: freshId, reason: messageOf(error) },
      'a registration is neither in the store nor in the spool',
    );
  }
  deps.memory.rememberCall(shellOf(freshId, sighting, gate, fact.at), [...sighting.refs, correlationRef(freshId)]);
  return { correlationId: freshId, isStored: false };
}

function knownCall(deps: Deps, sighting: CallSighting): Call | undefined {
  for (const ref of sighting.refs) {
    const call = deps.memory.callByRef(ref);
    if (call) return call;
  }
  return undefined;
}

/** What memory holds of a call while only the spool knows it. */
function shellOf(correlationId: string, { leg }: CallSighting, gate: RouteChoice, now: string): Call {
  return {
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
  };
}
