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
  /** Least time from one batch to the next, of the machine's clock. (Default: 25 ms) */
  everyMs?: number;
  /** What one transaction takes. (Default: 200) */
  maxBatch?: number;
}

/**
 * Hands registrations over in batches: the first at once, those that come meanwhile together. One transaction for many
 * costs a tenth of one for each, and that is time which the next live call does not wait for.
 */
export function createRegistrationGatherer(options: GathererOptions): RegistrationGatherer {
  const { keep, log, everyMs = 25, maxBatch = 200 } = options;
  let waiting: Fact[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const startedAt = performance.now();
      // What else comes in this turn of the event loop goes along.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await keepAll(batch);
      const restMs = waiting.length < maxBatch ? everyMs - (performance.now() - startedAt) : 0;
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    running = undefined;
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
      running ??= run();
    },
    flush: async () => running,
  };
}
