import { setTimeout as wait } from 'node:timers/promises';
import type { ConfigFault } from '../config/report.ts';
import { restartFaults } from '../config/restart-keys.ts';
import type { PatchbayConfig } from '../config/schema.ts';
import { versionOf } from '../config/version.ts';
import { instantOf } from './domain/clock.ts';
import { ConnectorError, messageOf } from './domain/errors.ts';
import { type Generation, type GenerationOptions, openGeneration } from './generation.ts';
import { syncOf } from './workers/open-workers.ts';

/** What became of a configuration. `same`: it is in use already. `refused`: nothing of it counts. */
export type Applied =
  | { kind: 'applied'; was: string; version: string }
  | { kind: 'same'; version: string }
  | { kind: 'refused'; faults: ConfigFault[] };

/** The configuration in use, and those before it that still finish what they began. */
export interface Generations {
  present(): Generation;
  /** One after the other. */
  apply(config: PatchbayConfig): Promise<Applied>;
  /** Resolves when none is being taken up; from then on none is. */
  settled(): Promise<void>;
  /** Resolves when those before are through with what they began. */
  retired(): Promise<unknown>;
  /** Ends what those before still do. */
  closeRetired(): Promise<void>;
}

/** Longer than any script waits for its outcome. What takes longer is left to the leases and claims that end by themselves. */
const retireMs = 70_000;

/**
 * Takes up configurations one after the other. The next is built whole beside the present one, and everything that can fail
 * happens before one moment in which it takes its place (docs/decisions/0048-one-configuration-at-a-time.md).
 */
export async function createGenerations(
  options: Omit<GenerationOptions, 'config'>,
  first: PatchbayConfig,
): Promise<Generations> {
  const { parts } = options;
  const { state, logger, deps: shared } = parts;
  let present = openGeneration({ ...options, config: first });
  present.useRules();
  let running: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const retiring = new Set<Promise<void>>();
  /** What was cut off, or is to be read anew, and the end of those who are still at it: whoever is in use then begins it. */
  const owed = new Map<string, Promise<unknown>>();
  const hurry = Promise.withResolvers<void>();

  async function take(config: PatchbayConfig): Promise<Applied> {
    if (isClosed || !state.isServing) return refused('', 'the service is not serving', 'Try again once it does.');
    const faults = restartFaults(present.config, config);
    if (faults.length > 0) return { kind: 'refused', faults };
    const version = versionOf(config);
    if (version === present.version) return { kind: 'same', version };

    let next: Generation | undefined;
    try {
      next = openGeneration({ ...options, config });
      await next.keepMapping();
      await next.listen();
    } catch (error) {
      await next?.stopPorts();
      await next?.close().catch(() => undefined);
      const hint = error instanceof ConnectorError ? error.hint : '';
      return refused('', `it could not be taken up: ${messageOf(error)}`, hint);
    }
    const was = present;
    swap(was, next);
    return { kind: 'applied', was: was.version, version };
  }

  /** From one moment to the next: nothing in here waits. */
  function swap(was: Generation, next: Generation): void {
    for (const [name, ended] of was.workers.running()) owed.set(name, Promise.all([owed.get(name), ended]));
    const ending = was.workers.stop(retireMs);
    next.useRules();
    next.takePorts();
    present = next;
    if (was.config.log.level !== next.config.log.level) logger.level = next.config.log.level;
    state.configuration = { ...state.configuration, version: next.version, since: instantOf(shared.clock) };
    next.workers.start({ isFirst: false });
    // A platform may be new, or take more at once.
    void shared.capacity.start();
    const isOther = (id: string) =>
      JSON.stringify(was.config.dialers[id]) !== JSON.stringify(next.config.dialers[id]) && next.config.sync.onStart;
    for (const name of Object.keys(next.config.dialers).filter(isOther).map(syncOf)) {
      if (!owed.has(name)) owed.set(name, Promise.resolve());
    }
    for (const [name, ended] of owed) {
      void ended.then(() => {
        if (present === next && owed.delete(name)) next.workers.begin(name);
      });
    }
    const retired = retire(was, ending).finally(() => retiring.delete(retired));
    retiring.add(retired);
  }

  /** Lets it finish what it began, then closes it. */
  async function retire(was: Generation, ending: Promise<unknown>): Promise<void> {
    was.stopPages();
    const late = wait(retireMs, undefined, { ref: false });
    await Promise.race([Promise.all([ending, was.answered(), was.stopPorts()]), late, hurry.promise]);
    try {
      await was.close();
    } catch (error) {
      logger.debug({ reason: messageOf(error) }, 'a connector of an earlier configuration could not be closed');
    }
  }

  return {
    present: () => present,
    apply(config) {
      const taken = running.then(() => take(config));
      running = taken.catch(() => undefined);
      return taken;
    },
    async settled() {
      isClosed = true;
      await running;
    },
    retired: () => Promise.all(retiring),
    async closeRetired() {
      hurry.resolve();
      await Promise.all(retiring);
    },
  };
}

function refused(path: string, what: string, fix: string): Applied {
  return { kind: 'refused', faults: [{ path, what, fix }] };
}
