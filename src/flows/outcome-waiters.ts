import type { Call } from '../domain/call.ts';
import type { Log } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';

/** IVR requests that wait for an outcome which is not there yet. */
export interface OutcomeWaiters {
  /** The call once its outcome is more than a technical end, or null when the time (of the machine) is up. */
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

export function createOutcomeWaiters({ read, everyMs = 40, log }: OutcomeWaitersOptions): OutcomeWaiters {
  const waiting = new Map<string, Set<(call: Call | null) => void>>();
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;
  let isStopped = false;

  function wake(call: Call): void {
    if (!isDecided(call)) return;
    const resolvers = waiting.get(call.correlationId);
    if (!resolvers) return;
    waiting.delete(call.correlationId);
    for (const resolve of resolvers) resolve(call);
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
        const resolvers = waiting.get(correlationId) ?? new Set();
        waiting.set(correlationId, resolvers);
        const giveUp = setTimeout(() => finish(null), waitMs);
        function finish(call: Call | null): void {
          clearTimeout(giveUp);
          resolvers.delete(finish);
          if (resolvers.size === 0) waiting.delete(correlationId);
          resolve(call);
        }
        resolvers.add(finish);
        timer ??= setInterval(() => void look(), everyMs).unref();
      });
    },
    wake,
    stop() {
      isStopped = true;
      stopTimer();
      for (const resolvers of waiting.values()) for (const resolve of [...resolvers]) resolve(null);
    },
  };
}
