import type { Clock } from '../../../../src/domain/clock.ts';
import type { CallLog } from './call-log.ts';

export interface AiLegDeps {
  /** The simulated clock; its sleep ends at once when the simulator stops. */
  clock: Clock;
  /** Aborted when the simulator stops. */
  signal: AbortSignal;
  aiUrl: string;
  /** Where the AI says that its leg is over. */
  endedUrl(callId: string): string;
}

/** What the INVITE says. `maxMs` is simulated time, `ringingMs` the machine's. */
export interface Invite {
  to: string;
  from: string;
  headers: Record<string, string>;
  maxMs: number;
  ringingMs: number;
}

/** How the far end ended a leg. */
export interface Bye {
  headers: Record<string, string>;
  reason: string;
}

export type Leg = { kind: 'over'; bye: Bye } | { kind: 'notReached'; status: number };

/** The legs that are with the AI now. */
export interface AiLegs {
  /** Calls the 3rd party and waits for its BYE, or cuts the leg after its longest time. */
  transfer(deps: AiLegDeps, call: CallLog, invite: Invite): Promise<Leg>;
  /** The far end's BYE; a second one changes nothing. */
  end(callId: string, bye: Bye): void;
}

export function createAiLegs(): AiLegs {
  const waiting = new Map<string, (bye: Bye) => void>();

  return {
    async transfer(deps, call, invite) {
      const ended = new Promise<Bye>((resolve) => waiting.set(call.call_id, resolve));
      const isOver = new AbortController();
      try {
        const answer = await send(deps, call, invite);
        call.aiStatus = answer.status;
        if (answer.status < 200 || answer.status > 299) return { kind: 'notReached', status: answer.status };
        call.handedToAi = true;
        const tooLong = deps.clock.sleep(invite.maxMs, isOver.signal).then(() => null);
        const bye = await Promise.race([ended, tooLong]);
        deps.signal.throwIfAborted();
        if (!bye && answer.hangUpUrl) await fetch(answer.hangUpUrl, { method: 'POST' }).catch(() => undefined);
        return { kind: 'over', bye: bye ?? { headers: {}, reason: 'too long' } };
      } finally {
        isOver.abort();
        waiting.delete(call.call_id);
      }
    },
    end: (callId, bye) => waiting.get(callId)?.(bye),
  };
}

/** The INVITE; status 0 when the simulated AI is away or lets it ring. */
async function send({ aiUrl, endedUrl, signal }: AiLegDeps, call: CallLog, { to, from, headers, ringingMs }: Invite) {
  const away = { status: 0, hangUpUrl: '' };
  if (!aiUrl) return away;
  try {
    const response = await fetch(`${aiUrl}/_sim/sip-calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ to, from, headers, endUrl: endedUrl(call.call_id) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ringingMs)]),
    });
    const { hangUpUrl = '' } = (await response.json()) as { hangUpUrl?: string };
    return { status: response.status, hangUpUrl };
  } catch {
    return away;
  }
}
