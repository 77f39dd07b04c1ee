import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import { dialRoute } from '../domain/dialling.ts';
import { messageOf } from '../domain/errors.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { Deps } from './deps.ts';
import { type FoundCall, findCall } from './find-call.ts';
import { answerFor, isOver, type OutcomeAnswer, outcomeWithin, overWhy, waitBudget } from './read-outcome.ts';
import { recordFacts } from './record-facts.ts';

export interface ContextRequest {
  correlationId: string;
  /** The customer's number as E.164, empty when it can't be read. */
  phone: string;
  /** The campaign that the script named; empty when it did not. */
  campaign: string;
  /** The asking script's own call, as its dialer names it; empty when it did not say. */
  asker: string;
  /** How long the script wants to wait for an outcome that is not there yet. Null: the whole budget. */
  waitMs: number | null;
}

/** A script that does not name its own call may ask again within this time. */
const repeatMs = 5 * 60_000;

/**
 * What an inbound script shows the agent to whom the AI transferred a customer: by correlation ID, or by the customer's
 * number when exactly one call of it waits for its hand-over. Never guesses between two, never fails, never hangs.
 */
export async function readContext(deps: Deps, dialer: Dialer, request: ContextRequest): Promise<OutcomeAnswer> {
  const budget = waitBudget(dialer.settings.budgets.contextMs);
  const endsAt = performance.now() + budget;
  const { campaign, waitMs, asker } = request;
  // One inbound script serves all campaigns whose AI transfers to its number, and reads the fields of them all.
  const shared = { campaign, isShared: true };
  const found = isCorrelationId(request.correlationId)
    ? await findCall(deps, [correlationRef(request.correlationId)], budget / 2)
    : await findWaiting(deps, request, budget / 2);

  if (found.kind === 'away') return answerFor(deps, dialer, 'error', 'the store is away', shared);
  if (found.kind === 'unknown') return answerFor(deps, dialer, 'unknown', found.why, shared);
  const { call } = found;
  if (isOver(deps, call)) return answerFor(deps, dialer, 'unknown', overWhy, shared);
  await recordHandOver(deps, dialer, call, asker, (endsAt - performance.now()) / 2);
  return outcomeWithin(deps, dialer, call, { ...shared, waitMs, endsAt });
}

/**
 * A call waits once it ended with a hand-over. One that the AI is still talking in waits as well: a warm transfer comes
 * first and its outcome later. It waits until a script fetched it; who fetched it may ask again, for an answer may be lost.
 */
async function findWaiting(deps: Deps, { phone, asker }: ContextRequest, budgetMs: number): Promise<FoundCall> {
  if (!phone) return { kind: 'unknown', why: 'neither a correlation ID nor a number was given' };
  const now = deps.clock.now();
  const since = new Date(now - deps.settings.contextWindowMinutes * 60_000).toISOString();
  const answer = await deps.gate.read(budgetMs, async () => {
    const calls = (await deps.store.callsByPhone(phone, since)).filter((call) => mayWait(deps, call));
    return Promise.all(
      calls.map(async (call) => {
        const facts = await deps.store.factsOf(call.correlationId);
        return { call, state: stateFor(call, facts, asker, now) };
      }),
    );
  });
  if (answer.kind === 'away') return { kind: 'away', why: answer.why };

  const own = answer.value.filter(({ state }) => state === 'shown to this asker');
  const waiting = own.length > 0 ? own : answer.value.filter(({ state }) => state === 'waiting');
  const [first, ...others] = waiting;
  if (!first) return { kind: 'unknown', why: 'no call of this number waits for its hand-over' };
  if (others.length > 0) return { kind: 'unknown', why: `${waiting.length} calls of this number wait` };
  return { kind: 'found', call: first.call };
}

function mayWait(deps: Deps, call: Call): boolean {
  if (isOver(deps, call) || !['ai', dialRoute].includes(call.route)) return false;
  return call.outcome === null || deps.settings.handOverOutcomes.includes(call.outcome.code);
}

type HandOverState = 'not with the AI' | 'waiting' | 'shown to this asker' | 'handed over';

function stateFor(call: Call, facts: readonly StoredFact[], asker: string, nowMs: number): HandOverState {
  if (!call.outcome && !facts.some(({ body }) => body.kind === 'started')) return 'not with the AI';
  const shown = facts.flatMap(({ body, at }) => (body.kind === 'handed-over' ? [{ to: body.to, at }] : []));
  if (shown.length === 0) return 'waiting';
  if (asker && shown.some(({ to }) => to === asker)) return 'shown to this asker';
  if (asker && shown.every(({ to }) => to !== '')) return 'handed over';
  return shown.some(({ at }) => nowMs - Date.parse(at) < repeatMs) ? 'waiting' : 'handed over';
}

/** So that the call no longer waits. When it can't be kept, the agent sees the call all the same. */
async function recordHandOver(deps: Deps, dialer: Dialer, call: Call, asker: string, budgetMs: number): Promise<void> {
  const fact = {
    refs: [correlationRef(call.correlationId)],
    source: dialer.id,
    key: `handed-over:${asker}`,
    at: instantOf(deps.clock),
    body: { kind: 'handed-over', to: asker },
  } as const;
  try {
    await recordFacts(deps, [fact], { budgetMs: budgetMs / 2, spoolMs: budgetMs / 2 });
  } catch (error) {
    const fields = { dialer: dialer.id, correlationId: call.correlationId, reason: messageOf(error) };
    deps.log.warn(fields, 'that a call was handed over could not be kept');
  }
}
