import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../domain/connector.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';

/**
 * Keeps registrations that nobody waits for: a live call is answered at once, its fact follows within milliseconds. While
 * neither store nor spool takes anything (a full disk) they wait in memory.
 */
export interface RegistrationGatherer {
  add(fact: Fact): void;
  /** Resolves when all that was added is in the store or in the spool. */
  flush(): Promise<void>;
  /** How many wait because neither takes them. */
  size(): number;
  /** Tries no more. */
  stop(): void;
}

export interface GathererOptions {
  /** Brings facts to the store or to the spool. */
  keep(facts: readonly Fact[]): Promise<unknown>;
  log: Log;
  /** The store is asked when no other call came for so long, of the machine's clock. (Default: 15 ms) */
  quietMs?: number;
  /** It is asked after so long in any case. (Default: 100 ms) */
  maxWaitMs?: number;
  /** What one transaction takes. (Default: 200) */
  maxBatch?: number;
  /** What could not be kept is tried again after so long. (Default: 500 ms) */
  retryMs?: number;
  /** What waits at most; more is lost, and said so. (Default: 10,000) */
  maxWaiting?: number;
}

/**
 * Hands registrations over in batches, in the pauses between live calls: one transaction for many costs a tenth of one
 * for each, and in a rush the machine's cores belong to the calls that wait for their headers.
 */
export function createRegistrationGatherer(options: GathererOptions): RegistrationGatherer {
  const { keep, log, quietMs = 15, maxWaitMs = 100, maxBatch = 200, retryMs = 500, maxWaiting = 10_000 } = options;
  let waiting: Fact[] = [];
  let addedAt = 0;
  let running: Promise<void> | undefined;
  let isStopped = false;
  /** Nothing could be kept the last time. */
  let isStuck = false;

  async function run(): Promise<void> {
    while (waiting.length > 0 && !isStopped) {
      await untilQuiet();
      const all = waiting.length;
      for (let tried = 0; tried < all; tried += maxBatch) {
        const batch = waiting.slice(0, Math.min(maxBatch, all - tried));
        if (!(await keepAll(batch))) break;
        waiting = waiting.slice(batch.length);
      }
      if (isStuck) await wait(retryMs, undefined, { ref: false });
    }
    running = undefined;
  }

  async function untilQuiet(): Promise<void> {
    const endsAt = performance.now() + maxWaitMs;
    for (;;) {
      const restMs = Math.min(addedAt + quietMs, endsAt) - performance.now();
      if (restMs <= 0) return;
      await wait(Math.ceil(restMs));
    }
  }

  /** A fact that can't be kept as it is must not take the others with it. False when nothing can be kept now. */
  async function keepAll(facts: readonly Fact[]): Promise<boolean> {
    try {
      await keep(facts);
      tellIfStuck(false, '');
      return true;
    } catch (error) {
      const reason = messageOf(error);
      if (error instanceof ConnectorError && error.retryable) {
        tellIfStuck(true, reason);
        return false;
      }
      if (facts.length === 1) log.error({ reason }, 'a registration can not be stored as it is');
      else for (const fact of facts) if (!(await keepAll([fact]))) return false;
      return true;
    }
  }

  function tellIfStuck(isNow: boolean, reason: string): void {
    const before = isStuck;
    isStuck = isNow;
    if (before === isNow) return;
    const count = waiting.length;
    if (isNow)
      log.error({ count, reason }, 'registrations are neither in the store nor in the spool: they wait in memory');
    else log.info({ count }, 'registrations that waited in memory are kept now');
  }

  return {
    add(fact) {
      if (waiting.length >= maxWaiting) {
        log.error(
          { count: waiting.length },
          'a registration is lost: too many wait in memory for the store and the spool',
        );
        return;
      }
      waiting.push(fact);
      addedAt = performance.now();
      if (!isStopped) running ??= run();
    },
    flush: async () => running,
    size: () => (isStuck ? waiting.length : 0),
    stop() {
      isStopped = true;
      if (waiting.length > 0)
        log.error({ count: waiting.length }, 'registrations end with this process: nothing took them');
    },
  };
}
