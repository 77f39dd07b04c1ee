import type { Call, CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, type Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import { routeOf } from '../domain/routes.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { Deps } from './deps.ts';
import { type FoundCall, findCall } from './find-call.ts';
import { isDecided } from './outcome-waiters.ts';
import { recordFacts } from './record-facts.ts';

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
/** And this for a last look and the answer itself. */
const answerMs = 40;

/** The AI's outcome for a script that has the customer on the line. Waits a little, never fails, never hangs. */
export async function readOutcome(deps: Deps, dialer: Dialer, request: OutcomeRequest): Promise<OutcomeAnswer> {
  const startedAt = performance.now();
  const budget = dialer.settings.budgets.outcomeMs;
  const refs = refsOf(dialer, request);
  const named = request.variables.campaign ?? '';
  const stepMs = Math.min(lookMs, budget / 3);
  if (refs.length > 0) await recordReturnedHeaders(deps, dialer, request, refs, stepMs);

  const found = refs.length > 0 ? await findCall(deps, refs, stepMs) : await findByNumber(deps, request.phone, stepMs);
  if (found.kind === 'away') return answerFor(deps, dialer, 'error', 'the store is away', named);
  if (found.kind === 'unknown') return answerFor(deps, dialer, 'unknown', found.why, named);
  const { call } = found;
  if (call.expiresAt <= instantOf(deps.clock)) {
    return answerFor(deps, dialer, 'unknown', 'the correlation ID has ended', call.campaign);
  }
  if (isDecided(call)) return doneAnswer(deps, dialer, call);

  const left = budget - answerMs - (performance.now() - startedAt);
  const waitMs = Math.max(0, Math.min(left, request.waitMs ?? left));
  const woken = waitMs > 0 ? await deps.waiters.wait(call.correlationId, waitMs) : null;
  // A technical end does not wake the script; when nothing better came, it is the answer.
  const latest = woken ?? (await latestOf(deps, call));
  if (latest.outcome) return doneAnswer(deps, dialer, latest);
  return { ...answerFor(deps, dialer, 'pending', '', call.campaign), correlationId: call.correlationId };
}

async function latestOf(deps: Deps, call: Call): Promise<Call> {
  const found = await findCall(deps, [correlationRef(call.correlationId)], answerMs / 2);
  return found.kind === 'found' ? found.call : call;
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

export function answerFor(
  deps: Deps,
  dialer: Dialer,
  status: OutcomeAnswer['status'],
  error: string,
  campaign = '',
): OutcomeAnswer {
  deps.count.outcomeAnswered(dialer.id, status);
  return {
    status,
    route: campaignSettings(dialer.settings, campaign).safeRoute,
    outcome: '',
    disposition: '',
    callbackAt: '',
    summary: '',
    correlationId: '',
    error,
    screenPop: [],
  };
}

export function doneAnswer(deps: Deps, dialer: Dialer, call: Call): OutcomeAnswer {
  const { outcome } = call;
  if (!outcome) return answerFor(deps, dialer, 'pending', '', call.campaign);
  const campaign = campaignSettings(dialer.settings, call.campaign);
  deps.count.outcomeAnswered(dialer.id, 'done');
  return {
    status: 'done',
    route: routeOf(dialer.settings, call.campaign, outcome.code),
    outcome: outcome.code,
    disposition: campaign.dispositions[outcome.code] ?? '',
    callbackAt: outcome.callbackAt ?? '',
    summary: outcome.summary,
    correlationId: call.correlationId,
    error: '',
    screenPop: campaign.screenPop.map((name) => [name, outcome.fields[name] ?? '']),
  };
}

function refsOf(dialer: Dialer, request: OutcomeRequest): CallRef[] {
  const refs = isCorrelationId(request.correlationId) ? [correlationRef(request.correlationId)] : [];
  const sighting = dialer.recogniseCall?.(request.variables);
  return sighting ? [...refs, ...sighting.refs] : refs;
}

/** An outcome that the AI side put into the headers of its BYE, which the script hands on. */
async function recordReturnedHeaders(
  deps: Deps,
  dialer: Dialer,
  { variables }: OutcomeRequest,
  refs: readonly CallRef[],
  budgetMs: number,
): Promise<void> {
  const returned = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    const plain = name.toLowerCase().replaceAll('-', '_');
    if (plain.startsWith('x_') && value) returned.set(plain.slice(2), value);
  }
  const outcome = normaliseOutcomeCode(returned.get('outcome') ?? '');
  if (!outcome || !deps.settings.outcomeCodes.includes(outcome)) return;
  const callbackAt = returned.get('callback_at');
  try {
    await recordFacts(
      deps,
      [
        {
          refs,
          source: dialer.id,
          key: `bye:${outcome}:${callbackAt ?? ''}`,
          at: instantOf(deps.clock),
          body: {
            kind: 'committed',
            outcome,
            summary: returned.get('summary') ?? '',
            ...(callbackAt &&
              !Number.isNaN(Date.parse(callbackAt)) && { callbackAt: new Date(callbackAt).toISOString() }),
            fields: {},
          },
        },
      ],
      { budgetMs, spoolMs: budgetMs },
    );
  } catch (error) {
    deps.log.error(
      { dialer: dialer.id, reason: messageOf(error) },
      'an outcome from returned headers could not be kept',
    );
  }
}
