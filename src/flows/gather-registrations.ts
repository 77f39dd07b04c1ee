import type { Log } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';

/** Keeps registrations that nobody waits for: a live call is answered at once, its fact follows within milliseconds. */
export interface RegistrationGatherer {
  add(fact: Fact): void;
  /** Resolves when all that was added is in the store or in the spool. */
  flush(): Promise<void>;
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
}

/**
 * Hands registrations over in batches, in the pauses between live calls: one transaction for many costs a tenth of one
 * for each, and in a rush the machine's cores belong to the calls that wait for their headers.
 */
export function createRegistrationGatherer(options: GathererOptions): RegistrationGatherer {
  const { keep, log, quietMs = 15, maxWaitMs = 100, maxBatch = 200 } = options;
  let waiting: Fact[] = [];
  let addedAt = 0;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await untilQuiet();
      const all = waiting;
      waiting = [];
      for (let start = 0; start < all.length; start += maxBatch) await keepAll(all.slice(start, start + maxBatch));
    }
    running = undefined;
  }

  async function untilQuiet(): Promise<void> {
    const endsAt = performance.now() + maxWaitMs;
    for (;;) {
      const restMs = Math.min(addedAt + quietMs, endsAt) - performance.now();
      if (restMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(restMs)));
    }
  }

  /** A fact that can't be kept as it is must not take the others with it. */
  async function keepAll(facts: readonly Fact[]): Promise<void> {
    try {
      await keep(facts);
    } catch (error) {
      if (facts.length === 1) {
        log.error({ reason: messageOf(error) }, 'a registration is neither in the store nor in the spool');
        return;
      }
      for (const fact of facts) await keepAll([fact]);
    }
  }

  return {
    add(fact) {
      waiting.push(fact);
      addedAt = performance.now();
      running ??= run();
    },
    flush: async () => running,
  };
}
