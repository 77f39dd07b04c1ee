import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ConnectorRegistry } from '../config/registry.ts';
import type { PatchbayConfig } from '../config/schema.ts';
import { versionOf } from '../config/version.ts';
import type { ConsoleSite } from './console/console-deps.ts';
import type { Clock } from './domain/clock.ts';
import type { Contributions } from './domain/connector.ts';
import { messageOf } from './domain/errors.ts';
import type { ReloadAnswer } from './domain/reload.ts';
import type { Deps } from './flows/deps.ts';
import { type Applied, createGenerations } from './generations.ts';
import { guardConnections } from './http/guard-connections.ts';
import { openProcessParts } from './process-parts.ts';
import { createProcessReporter } from './workers/process-report.ts';

export interface AppOptions {
  config: PatchbayConfig;
  registry: ConnectorRegistry;
  clock?: Clock;
  logger?: Logger;
  version?: string;
  /** False: the store's tables are only checked. (Default: true) */
  migrate?: boolean;
  /** What the console's doctor and set-up look at. (Default: they say that it is not there) */
  consoleSite?: ConsoleSite | null;
}

/** Who waits for an outcome is answered so long before the connections are cut. */
const lastAnswersMs = 1000;
/** For connectors to take leave of their systems, beyond the grace time. */
const lastWordsMs = 3000;

/** A whole Patchbay in one object. Nothing runs before `start()`; a command that only needs the parts uses `deps`. */
export interface App {
  /** What flows work with, by the configuration that is in use now. */
  readonly deps: Deps;
  readonly instances: readonly Contributions[];
  readonly config: PatchbayConfig;
  /** Listens and starts the workers. Gives the address. */
  start(): Promise<string>;
  /** Takes up another configuration, whole or not at all; calls that go on lose nothing. One at a time. */
  apply(config: PatchbayConfig): Promise<Applied>;
  /** Lets other processes see what became of a wish to reload. */
  tell(answer: ReloadAnswer): Promise<void>;
  /** Takes up new TLS files at once. */
  renewTls(): Promise<void>;
  /** Stops taking, lets what runs finish within the grace time, and closes everything. */
  stop(graceMs?: number): Promise<void>;
}

/** The one place where everything is put together: what lives as long as the process, and the configuration in it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  guardConnections();
  const parts = await openProcessParts(options, versionOf(config), {
    deps: () => generations.present().deps,
    nudge: () => generations.present().workers.outbox.nudge(),
    livePages: () => generations.present().livePages(),
  });
  const { deps: shared, state, logger, web, watch } = parts;
  const { registry, consoleSite = null } = options;
  const generations = await createGenerations({ registry, consoleSite, parts }, config).catch(
    async (error: unknown) => {
      await closeParts();
      throw error;
    },
  );
  const reporter = createProcessReporter(() => generations.present().deps);

  return {
    get deps() {
      return generations.present().deps;
    },
    get instances() {
      return generations.present().instances;
    },
    get config() {
      return generations.present().config;
    },
    async start() {
      if (config.drill) logger.warn('a drill is configured: this service makes mistakes on purpose');
      // Before any call is told of: it may run in shadow, or be paused.
      await Promise.all([shared.controls.start(), shared.capacity.start()]);
      const present = generations.present();
      await present.keepMapping().catch((error: unknown) => {
        const reason = messageOf(error);
        logger.warn({ reason }, 'calls begin without a mapping of their own: the store could not keep it');
      });
      present.useRules();
      const address = await web.start((request, response) => generations.present().handle(request, response));
      await present.listen();
      present.takePorts();
      present.workers.start();
      reporter.start();
      state.isServing = true;
      return address;
    },
    apply: generations.apply,
    async tell(answer) {
      state.configuration = { ...state.configuration, answer };
      await reporter.tellNow();
    },
    renewTls: web.renewTls,
    async stop(graceMs = 10_000) {
      state.isDraining = true;
      await generations.settled();
      const present = generations.present();
      const drainMs = state.isServing ? present.config.server.drainMs : 0;
      const working: Promise<unknown>[] = [present.workers.stop(drainMs + graceMs), generations.retired()];
      // A balancer sees `/readyz`, and sends no more: what it sent until then is answered as ever.
      await wait(drainMs);
      const isTimeUp = wait(graceMs, undefined, { ref: false });
      /** What hangs on a system that does not answer is left to end with the process: claims and leases end by themselves. */
      const within = (ending: Promise<unknown>) => Promise.race([ending, isTimeUp]);
      // Behind a balancer another process may hear of the outcome that a script waits for here.
      const givingUp = setTimeout(() => shared.waiters.stop(), drainMs > 0 ? Math.max(0, graceMs - lastAnswersMs) : 0);
      present.stopPages();
      working.push(reporter.stop());
      await Promise.all([web.stop(graceMs), within(present.stopPorts())]);
      clearTimeout(givingUp);
      shared.waiters.stop();
      await within(Promise.all([shared.registrations.flush(), shared.board.flush()]));
      shared.registrations.stop();
      await within(Promise.all(working));
      // Not before: what is sent to the last may be paused.
      shared.controls.stop();
      await Promise.race([
        Promise.all([present.close(), generations.closeRetired()]),
        wait(lastWordsMs, undefined, { ref: false }),
      ]);
      await watch.close(lastWordsMs);
      await closeParts();
    },
  };

  async function closeParts(): Promise<void> {
    await shared.spool.close();
    await shared.store.close();
  }
}
