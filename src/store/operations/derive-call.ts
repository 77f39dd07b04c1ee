import type { Instant } from '../../domain/call.ts';
import { decideOutcome } from '../../domain/outcome.ts';
import { factsOfCalls } from '../reads/calls.ts';
import type { OperationContext, Session } from '../session.ts';
import type { CallRow } from '../tables.ts';
import { keepOptOuts } from './keep-opt-outs.ts';
import { leaveHour } from './left-hours.ts';
import { type CallToPlan, planCalls } from './plan-call.ts';
import { shapeCall } from './shape-call.ts';
import { type ChangedCall, updateCalls } from './update-calls.ts';

export interface CallToDerive {
  call: CallRow;
  expiresAt: Instant;
  /** In a drill: everything that is wanted is written again, whatever was written before. */
  isForced: boolean;
}

export interface DerivedCall {
  call: CallRow;
  hasChanged: boolean;
  /** A write-back of it waits that can go at once. */
  isDue: boolean;
  /** Numbers that a standing opt-out of this call means. */
  optedOut?: readonly string[];
}

/** More leads than a person and their family have under one number. */
export const defaultSharedNumberLeads = 20;

/**
 * Judges calls anew from all their facts: their rows, their opt-outs, their write-backs. With the same few statements, however
 * many they are.
 *
 * @param given different calls, all locked
 * @param now the time by `deps.clock`
 */
export async function deriveCalls(
  trx: Session,
  given: readonly CallToDerive[],
  now: Instant,
  context: OperationContext,
): Promise<DerivedCall[]> {
  const factsById = await factsOfCalls(
    trx,
    given.map(({ call }) => call.correlation_id),
  );
  const derived: DerivedCall[] = [];
  const changed: ChangedCall[] = [];
  const plans = new Map<DerivedCall, CallToPlan>();
  for (const { call, expiresAt, isForced } of given) {
    const facts = factsById.get(call.correlation_id) ?? [];
    const outcome = decideOutcome(facts);
    const shaped = { ...shapeCall(call, facts, outcome), expires_at: expiresAt };
    if (!isSame(shaped, call)) {
      shaped.changed_at = now;
      changed.push({ was: call, is: shaped });
    }
    const result: DerivedCall = { call: shaped, hasChanged: false, isDue: false };
    derived.push(result);
    if (outcome === null && call.outcome === null) continue;
    const { correlation_id: correlationId, mapping } = shaped;
    plans.set(result, { correlationId, mapping, facts, outcome, now, isForced });
  }
  await updateCalls(trx, changed);
  for (const { was, is } of changed) if (is.registered_at !== was.registered_at) await leaveHour(trx, was);

  const { sharedNumberLeads = defaultSharedNumberLeads } = context.rules;
  for (const [result, plan] of plans) {
    const kept = await keepOptOuts(trx, plan.correlationId, plan.facts, plan.outcome, { now, sharedNumberLeads });
    Object.assign(plan, kept);
    if (kept.person) result.optedOut = kept.person.phones;
  }
  const { differing, due } = await planCalls(trx, [...plans.values()], context);
  for (const [result, { correlationId }] of plans) {
    result.hasChanged = differing.has(correlationId);
    result.isDue = due.has(correlationId);
  }
  return derived;
}

function isSame(one: CallRow, other: CallRow): boolean {
  for (const key of Object.keys(one) as (keyof CallRow)[]) if (one[key] !== other[key]) return false;
  return true;
}
