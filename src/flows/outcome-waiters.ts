import type { Call } from '../domain/call.ts';
import type { Log } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';

/** IVR requests that wait for an outcome which is not there yet. */
export interface OutcomeWaiters {
  /**
   * The call once its outcome is more than a technical end. When the time (of the machine) is up, what was heard of it
   * meanwhile, else null: who waited in vain need not ask the store again, for many may do so at the same moment.
   */
  wait(correlationId: string, waitMs: number): Promise<Call | null>;
  /** An outcome arrived in this process. */
  wake(call: Call): void;
  stop(): void;
}

/** A technical end may still be followed by a better word while a script is willing to wait. */
export function isDecided(call: Call): boolean {
  return call.outcome !== null && call.outcome.basis !== 'technical';
}

export interface OutcomeWaitersOptions {
  /** Reads those of the calls that have an outcome by now: this is how another process wakes us. */
  read(correlationIds: readonly string[]): Promise<Call[]>;
  /** How often the store is asked while somebody waits. (Default: 40 ms) */
  everyMs?: number;
  log: Log;
}

/** Those who wait for one call. */
interface Waiting {
  resolvers: Set<(call: Call | null) => void>;
  /** What was last heard of it. */
  heard: Call | null;
}

export function createOutcomeWaiters({ read, everyMs = 40, log }: OutcomeWaitersOptions): OutcomeWaiters {
  const waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;
  let isStopped = false;

  function wake(call: Call): void {
    const others = waiting.get(call.correlationId);
    if (!others) return;
    others.heard = call;
    if (!isDecided(call)) return;
    waiting.delete(call.correlationId);
    for (const resolve of others.resolvers) resolve(call);
  }

  async function look(): Promise<void> {
    if (isReading || waiting.size === 0) return;
    isReading = true;
    try {
      for (const call of await read([...waiting.keys()])) wake(call);
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'waiting outcomes could not be read');
    } finally {
      isReading = false;
    }
    if (waiting.size === 0) stopTimer();
  }

  function stopTimer(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    wait(correlationId, waitMs) {
      if (isStopped) return Promise.resolve(null);
      return new Promise((resolve) => {
        const same = waiting.get(correlationId) ?? { resolvers: new Set(), heard: null };
        waiting.set(correlationId, same);
        const giveUp = setTimeout(() => finish(same.heard), waitMs);
        function finish(call: Call | null): void {
          clearTimeout(giveUp);
          same.resolvers.delete(finish);
          if (same.resolvers.size === 0 && waiting.get(correlationId) === same) waiting.delete(correlationId);
          resolve(call);
        }
        same.resolvers.add(finish);
        timer ??= setInterval(() => void look(), everyMs).unref();
      });
    },
    wake,
    stop() {
      isStopped = true;
      stopTimer();
      for (const { resolvers } of waiting.values()) for (const resolve of [...resolvers]) resolve(null);
    },
  };
}
