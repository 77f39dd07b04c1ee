import type { Clock } from '../../../../src/domain/clock.ts';
import type { CallLog } from './call-log.ts';

export interface AiLegDeps {
  /** The simulated clock; its sleep ends at once when the simulator stops. */
  clock: Clock;
  /** Aborted when the simulator stops. */
  signal: AbortSignal;
  aiUrl: string;
  aiNumber: string;
  /** Where the AI says that its leg is over. */
  endedUrl(callId: string): string;
}

/** How the far end ended a leg. */
export interface Bye {
  headers: Record<string, string>;
  reason: string;
}

/** The legs that are with the AI now. */
export interface AiLegs {
  /** The 3rd Party Transfer: sends the KVList as headers and waits for the far end's BYE. False when it failed. */
  transfer(deps: AiLegDeps, call: CallLog): Promise<boolean>;
  /** The far end's BYE; a second one changes nothing. */
  end(callId: string, bye: Bye): void;
}

/** `maxTimeOf3rdParty` of the script, simulated. */
const maxLegMs = 3_600_000;
const answerTimeoutMs = 10_000;

export function createAiLegs(): AiLegs {
  const waiting = new Map<string, (bye: Bye) => void>();

  return {
    async transfer(deps, call) {
      const ended = new Promise<Bye>((resolve) => waiting.set(call.call_id, resolve));
      const isOver = new AbortController();
      try {
        call.aiStatus = await invite(deps, call);
        if (call.aiStatus < 200 || call.aiStatus > 299) return false;
        call.handedToAi = true;
        const tooLong = deps.clock
          .sleep(maxLegMs, isOver.signal)
          .then((): Bye => ({ headers: {}, reason: 'too long' }));
        const bye = await Promise.race([ended, tooLong]);
        call.byeHeaders = bye.headers;
        call.byeReason = bye.reason;
        deps.signal.throwIfAborted();
        return true;
      } finally {
        isOver.abort();
        waiting.delete(call.call_id);
      }
    },
    end: (callId, bye) => waiting.get(callId)?.(bye),
  };
}

/** The INVITE; gives the HTTP status of the simulated AI, 0 when it is away. */
async function invite({ aiUrl, aiNumber, endedUrl, signal }: AiLegDeps, call: CallLog): Promise<number> {
  if (!aiUrl) return 0;
  try {
    const response = await fetch(`${aiUrl}/_sim/sip-calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        to: aiNumber,
        from: call.number1,
        headers: call.sipHeaders,
        endUrl: endedUrl(call.call_id),
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
