import type { CallSighting } from '../domain/call.ts';
import type { Variables } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from './deps.ts';

/**
 * The call that a dialer's variables mean: as they say it themselves, else as the dialer finds it within the budget.
 * Never rejects: what the dialer can't be asked stays as the variables have it.
 */
export async function recogniseCall(
  deps: Pick<Deps, 'log'>,
  dialer: Dialer,
  variables: Variables,
  budgetMs: number,
): Promise<CallSighting | null> {
  const named = dialer.recogniseCall?.(variables) ?? null;
  if (!dialer.findCall || (named && !named.isContinuation)) return named;
  try {
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(budgetMs)));
    // The signal ends the wait even when the connector does not heed it.
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the look-up took too long')), { once: true });
    });
    return (await Promise.race([dialer.findCall(variables, signal), late])) ?? named;
  } catch (error) {
    deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, 'a call could not be looked up in the dialer');
    return named;
  }
}
