import type { Instant } from '../../domain/call.ts';
import { callById } from '../reads/calls.ts';
import type { OperationContext, Session } from '../session.ts';
import { deriveCalls } from './derive-call.ts';
import { unmarkPlan } from './renew-plans.ts';
import { lockCalls } from './resolve-call.ts';

/** Plans the calls anew by the present rules. Gives how many of them changed. */
export async function replan(
  trx: Session,
  input: { correlationIds: readonly string[]; now: Instant },
  context: OperationContext,
): Promise<number> {
  let changed = 0;
  for (const correlationId of input.correlationIds) {
    if (await replanCall(trx, correlationId, input.now, context)) changed += 1;
    await unmarkPlan(trx, correlationId, input.now);
  }
  return changed;
}

/** Compares one call's write-backs with its facts. True when something had to change. */
export async function replanCall(
  trx: Session,
  correlationId: string,
  now: Instant,
  context: OperationContext,
): Promise<boolean> {
  const known = await callById(trx, correlationId);
  if (!known) return false;
  const [call] = await lockCalls(trx, [known.correlationId]);
  if (!call) return false;
  const [derived] = await deriveCalls(trx, [{ call, expiresAt: call.expires_at, isForced: false }], now, context);
  return derived?.hasChanged ?? false;
}
