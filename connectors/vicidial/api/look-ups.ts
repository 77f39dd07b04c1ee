import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { ApiParameters, UsableAnswer, VicidialApi } from './api.ts';
import type { ApiFunctionName } from './functions.ts';
import { takeTurns } from './in-turn.ts';

/** What a look-up said. `lacking`: this release does not know the function. */
export type LookUpAnswer = Extract<UsableAnswer, { kind: 'lines' | 'empty' }> | { kind: 'lacking' };

/** Functions that only tell, asked a few at a time: each costs the web server a PHP process. */
export interface LookUps {
  ask(name: ApiFunctionName, parameters: ApiParameters, signal?: AbortSignal): Promise<LookUpAnswer>;
}

/** Fewer than the log-in guard lets through, so that a row of look-ups never holds up a write. */
const parallel = 6;
/** After an upgrade a function is there. */
const lackingForMs = 600_000;

export function createLookUps(api: Pick<VicidialApi, 'call'>, clock: Pick<Clock, 'now'>): LookUps {
  const lackingUntil = new Map<string, number>();
  const inTurn = takeTurns(parallel);

  return {
    async ask(name, parameters, signal) {
      if ((lackingUntil.get(name) ?? 0) > clock.now()) return { kind: 'lacking' };
      const answer = await inTurn(() => api.call(name, parameters, signal)).catch((thrown: unknown) => {
        throw withoutDoubt(thrown);
      });
      if (answer.kind !== 'noFunction') return answer;
      lackingUntil.set(name, clock.now() + lackingForMs);
      return { kind: 'lacking' };
    },
  };
}

/** Whatever became of a question, it changed nothing. */
function withoutDoubt(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectorError) || !thrown.inDoubt) return thrown;
  const { code, message, retryable, hint, afterMs, cause } = thrown;
  return new ConnectorError(code, message, { retryable, hint, cause, ...(afterMs !== undefined && { afterMs }) });
}
