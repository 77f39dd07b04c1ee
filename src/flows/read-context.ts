import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Deps } from './deps.ts';
import { findCall } from './find-call.ts';
import { answerFor, doneAnswer, type OutcomeAnswer } from './read-outcome.ts';

/**
 * What an inbound script shows the agent to whom the AI transferred a customer: by correlation ID, or by the customer's
 * number when exactly one call of it within the window waits for its hand-over. Never guesses between two.
 *
 * @param phone E.164, empty when the number can't be read
 */
export async function readContext(
  deps: Deps,
  dialer: Dialer,
  request: { correlationId: string; phone: string },
): Promise<OutcomeAnswer> {
  const budget = dialer.settings.budgets.outcomeMs;
  if (isCorrelationId(request.correlationId)) {
    const found = await findCall(deps, [correlationRef(request.correlationId)], budget);
    if (found.kind === 'found' && found.call.expiresAt <= instantOf(deps.clock)) {
      return answerFor(deps, dialer, 'unknown', 'the correlation ID has ended', found.call.campaign);
    }
    if (found.kind === 'found') return doneAnswer(deps, dialer, found.call);
    return answerFor(deps, dialer, found.kind === 'away' ? 'error' : 'unknown', found.why);
  }
  if (!request.phone) return answerFor(deps, dialer, 'unknown', 'neither a correlation ID nor a number was given');

  const since = new Date(deps.clock.now() - deps.settings.contextWindowMinutes * 60_000).toISOString();
  const answer = await deps.gate.read(budget, () => deps.store.callsByPhone(request.phone, since));
  if (answer.kind === 'away') return answerFor(deps, dialer, 'error', 'the store is away');
  const waiting = answer.value.filter(
    (call) =>
      call.outcome !== null &&
      deps.settings.handOverOutcomes.includes(call.outcome.code) &&
      call.expiresAt > instantOf(deps.clock),
  );
  const [first, ...others] = waiting;
  if (!first) return answerFor(deps, dialer, 'unknown', 'no call of this number waits for its hand-over');
  if (others.length > 0) return answerFor(deps, dialer, 'unknown', `${waiting.length} calls of this number wait`);
  return doneAnswer(deps, dialer, first);
}
