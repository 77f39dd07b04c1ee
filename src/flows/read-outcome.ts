import type { Call, CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, type Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import { routeOf } from '../domain/routes.ts';
import { campaignSettings, type DialerSettings } from '../domain/settings.ts';
import { isShadowAt } from '../domain/shadow.ts';
import type { Deps } from './deps.ts';
import { type FoundCall, findCall } from './find-call.ts';
import { settingsOfCall } from './mapping-shelf.ts';
import { noteOutcomeRead } from './note-outcome-read.ts';
import { isDecided } from './outcome-waiters.ts';
import { keepReturnedOutcome } from './returned-outcome.ts';
import { screenPopOf } from './screen-pop.ts';
import { shadowPlacesOf } from './stages.ts';

export interface OutcomeRequest {
  correlationId: string;
  /** Everything that the request brought; `x-…` names are headers that came back with the hang-up. */
  variables: Variables;
  /** How long the script wants to wait; at most the endpoint's budget. Null: the whole budget. */
  waitMs: number | null;
  /** A number that the request gave, as E.164; empty when none can be read. */
  phone: string;
}

export interface OutcomeAnswer {
  status: 'done' | 'pending' | 'unknown' | 'error';
  route: string;
  outcome: string;
  disposition: string;
  callbackAt: string;
  summary: string;
  correlationId: string;
  error: string;
  screenPop: [name: string, value: string][];
}

/** Kept for the search itself; the rest of the budget is for waiting. */
const lookMs = 400;

/** What of a budget is for the wait: the rest is for the answer itself, for many scripts may have begun at one moment. */
export function waitBudget(budgetMs: number): number {
  return budgetMs - Math.min(100, budgetMs / 10);
}

/** The AI's outcome for a script that has the customer on the line. Waits a little, never fails, never hangs. */
export async function readOutcome(deps: Deps, dialer: Dialer, request: OutcomeRequest): Promise<OutcomeAnswer> {
  const budget = waitBudget(dialer.settings.budgets.outcomeMs);
  const endsAt = performance.now() + budget;
  const { variables } = request;
  const refs = refsOf(dialer, request);
  const named = variables.campaign ?? '';
  const stepMs = Math.min(lookMs, budget / 3);

  const found = refs.length > 0 ? await findCall(deps, refs, stepMs) : await findByNumber(deps, request.phone, stepMs);
  const known = found.kind === 'found' ? found.call : null;
  const campaign = known?.campaign || named;
  if (known && isOver(deps, known)) return answerFor(deps, dialer, 'unknown', overWhy, { campaign });

  const names = refs.length > 0 || !known ? refs : [correlationRef(known.correlationId)];
  const kept = await keepReturnedOutcome(deps, dialer, { variables, refs: names, campaign }, stepMs);
  if (kept.kind === 'lost') {
    return answerFor(deps, dialer, 'error', 'the returned outcome could not be kept', { campaign });
  }
  const call = kept.kind === 'kept' ? (kept.call ?? remembered(deps, names) ?? known) : known;
  if (!call) {
    const isAway = found.kind === 'away';
    const why = isAway ? 'the store is away' : found.kind === 'unknown' ? found.why : '';
    return answerFor(deps, dialer, isAway ? 'error' : 'unknown', why, { campaign });
  }
  deps.memory.rememberTakenBack(call.correlationId, deps.clock.now());
  const answer = await outcomeWithin(deps, dialer, call, { campaign: named, waitMs: request.waitMs, endsAt });
  const { status } = answer;
  if (status === 'done' || status === 'pending') noteOutcomeRead(deps, dialer.id, { ...answer, status });
  return answer;
}

export const overWhy = 'the correlation ID has ended';

/** The ID binds what scripts ask, not what signed events say. */
export function isOver(deps: Pick<Deps, 'clock'>, call: Call): boolean {
  return call.expiresAt <= instantOf(deps.clock);
}

/**
 * What a call ended as, once it is decided or the time is up. A technical end is the answer when nothing better comes.
 *
 * @param asked `endsAt` by `performance.now()`
 */
export async function outcomeWithin(
  deps: Deps,
  dialer: Dialer,
  call: Call,
  asked: Asked & { waitMs: number | null; endsAt: number },
): Promise<OutcomeAnswer> {
  if (isDecided(call)) return doneAnswer(deps, dialer, call, asked);
  const left = asked.endsAt - performance.now();
  const wait = Math.max(0, Math.min(left, asked.waitMs ?? left));
  const latest = (wait > 0 ? await deps.waiters.wait(call.correlationId, wait) : null) ?? call;
  return doneAnswer(deps, dialer, latest, asked);
}

/** What the spool took lately is in memory already. */
function remembered(deps: Deps, refs: readonly CallRef[]): Call | undefined {
  for (const ref of refs) {
    const call = deps.memory.callByRef(ref);
    if (call) return call;
  }
  return undefined;
}

/** Without a name: the one call of the number within the window. Never a guess between two. */
async function findByNumber(deps: Deps, phone: string, budgetMs: number): Promise<FoundCall> {
  if (!phone) return { kind: 'unknown', why: 'the request names no call that we can know' };
  const since = new Date(deps.clock.now() - deps.settings.contextWindowMinutes * 60_000).toISOString();
  const answer = await deps.gate.read(budgetMs, () => deps.store.callsByPhone(phone, since));
  if (answer.kind === 'away') return { kind: 'away', why: answer.why };
  const [call, ...others] = answer.value;
  if (call && others.length === 0) return { kind: 'found', call };
  return { kind: 'unknown', why: call ? `${answer.value.length} calls have this number` : 'no call has this number' };
}

export interface Asked {
  /** The campaign that the request named, for where the call has none; empty when it did not. */
  campaign: string;
  /** Whether scripts of several campaigns read this answer. (Default: false) */
  isShared?: boolean;
}

/**
 * An answer without an outcome: the script does what is safe for the campaign.
 *
 * @param settings as the call has them. (Default: those of today)
 */
export function answerFor(
  deps: Deps,
  dialer: Dialer,
  status: Exclude<OutcomeAnswer['status'], 'done'>,
  error: string,
  { campaign, isShared }: Asked,
  settings: DialerSettings = dialer.settings,
): OutcomeAnswer {
  deps.count.outcomeAnswered(dialer.id, status);
  return {
    status,
    route: campaignSettings(settings, campaign).safeRoute,
    outcome: '',
    disposition: '',
    callbackAt: '',
    summary: '',
    correlationId: '',
    error,
    screenPop: screenPopOf(settings, campaign, null, isShared),
  };
}

/** By the mapping that the call began with: what its dialer gets to hold follows from the same one. */
async function doneAnswer(deps: Deps, dialer: Dialer, call: Call, asked: Asked): Promise<OutcomeAnswer> {
  const { outcome, correlationId } = call;
  const settings = await settingsOfCall(deps, dialer, call);
  const campaign = call.campaign || asked.campaign;
  const screenPop = screenPopOf(settings, campaign, call, asked.isShared);
  if (!outcome) return { ...answerFor(deps, dialer, 'pending', '', { campaign }, settings), correlationId, screenPop };
  deps.count.outcomeAnswered(dialer.id, 'done');
  const { safeRoute, dispositions } = campaignSettings(settings, campaign);
  // A script writes what it is told: of a call in shadow it hears where the customer is safe, and nothing to write.
  const stage = stageOfAnswer(deps, dialer, call);
  const route = routeOf(settings, campaign, outcome.code);
  // Who has said no need not talk to a person, as long as nobody knows more.
  const isOver = stage === 'unknown' && endingRoutes.includes(route);
  return {
    status: 'done',
    route: stage === 'live' ? route : isOver ? 'hangup' : safeRoute,
    outcome: outcome.code,
    disposition: stage === 'live' ? (dispositions[outcome.code] ?? '') : '',
    callbackAt: outcome.callbackAt ?? '',
    summary: outcome.summary,
    correlationId,
    error: '',
    screenPop,
  };
}

/** Routes that end the call. */
const endingRoutes: readonly string[] = ['hangup', 'dnc'];

/**
 * While the store is away, what memory holds of a call does not say so: then as it would be registered now. While nobody knows
 * the stages either, the script writes nothing: the write-back does, once they are known.
 */
function stageOfAnswer(deps: Deps, dialer: Dialer, { outcome, ...call }: Call): 'live' | 'shadow' | 'unknown' {
  if (isShadowAt(outcome?.shadow ?? [], dialer.id)) return 'shadow';
  if (!deps.gate.isAway() && deps.spool.size() === 0) return 'live';
  if (!deps.controls.isKnown()) return 'unknown';
  return isShadowAt(shadowPlacesOf(deps, call), dialer.id) ? 'shadow' : 'live';
}

function refsOf(dialer: Dialer, request: OutcomeRequest): CallRef[] {
  const refs = isCorrelationId(request.correlationId) ? [correlationRef(request.correlationId)] : [];
  const sighting = dialer.recogniseCall?.(request.variables);
  return sighting ? [...refs, ...sighting.refs] : refs;
}
