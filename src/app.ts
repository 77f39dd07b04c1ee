import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import type { ConnectorRegistry } from '../config/registry.ts';
import type { PatchbayConfig } from '../config/schema.ts';
import { toE164 } from '../connectors/shared/phone.ts';
import { systemClock } from './clock.ts';
import { connectorDeps } from './connector-deps.ts';
import type { ConsoleSite } from './console/console-deps.ts';
import type { Console } from './console/create-console.ts';
import { type Clock, instantOf } from './domain/clock.ts';
import type { Contributions } from './domain/connector.ts';
import type { Dialer } from './domain/dialer.ts';
import type { Platform } from './domain/platform.ts';
import { consoleSettings, flowSettings, planRules } from './flow-settings.ts';
import { createCallChanges } from './flows/call-changes.ts';
import { createCallMemory } from './flows/call-memory.ts';
import type { Deps } from './flows/deps.ts';
import { createScrubService } from './flows/gate/scrub-service.ts';
import { createRegistrationGatherer } from './flows/gather-registrations.ts';
import { createLinkTraffic } from './flows/link-traffic.ts';
import { createNoticeBoard } from './flows/notice-board.ts';
import { createOutcomeWaiters } from './flows/outcome-waiters.ts';
import { recordFacts } from './flows/record-facts.ts';
import { createStoreGate } from './flows/store-gate.ts';
import { countOptOuts } from './flows/watch-opt-outs.ts';
import { watchedDialer, watchedPlatform } from './flows/watched-ports.ts';
import { createHttpApp } from './http/app.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { closeServer, listen } from './http/listen.ts';
import { createMetrics } from './http/metrics.ts';
import { openStore } from './store/open-store.ts';
import { openSpool } from './store/spool.ts';
import type { Store, StoreOptions } from './store/store.ts';
import { callCountJobs } from './workers/call-counts.ts';
import { exportJobs } from './workers/exports.ts';
import { createHousekeeping } from './workers/housekeeping.ts';
import { createJobRunner } from './workers/jobs.ts';
import { createLeadSync } from './workers/lead-sync.ts';
import { leftOverJobs } from './workers/left-overs.ts';
import { legRecordJobs } from './workers/leg-records.ts';
import { createOutbox } from './workers/outbox.ts';
import { createProcessReporter } from './workers/process-report.ts';
import { reconciliationJobs } from './workers/reconciliation.ts';

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

/** For connectors to take leave of their systems, beyond the grace time. */
const lastWordsMs = 3000;

/** A whole Patchbay in one object. Nothing runs before `start()`; a command that only needs the parts uses `deps`. */
export interface App {
  deps: Deps;
  instances: readonly Contributions[];
  /** Listens and starts the workers. Gives the address. */
  start(): Promise<string>;
  /** Stops taking, lets what runs finish within the grace time, and closes everything. */
  stop(graceMs?: number): Promise<void>;
}

/** The one place where everything is put together. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, registry } = options;
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? pino({ level: config.log.level });
  const hashNumber = (number: string) => createHmac('sha256', config.secret).update(number).digest('hex').slice(0, 12);
  const parts = { clock, newId: randomUUID, random: Math.random, hashNumber };

  const dialers = new Map<string, Dialer>();
  const platforms = new Map<string, Platform>();
  const traffic = createLinkTraffic(clock, [...Object.keys(config.dialers), ...Object.keys(config.platforms)]);
  const rules = planRules(config, dialers);

  let nudge = () => {};
  let isDraining = false;
  let pages: Console | undefined;
  let isServing = false;
  const metrics = createMetrics({
    openWriteBacks: async () => (deps.gate.isAway() ? undefined : store.countOpenWriteBacks(instantOf(clock))),
    instances: () => instances,
    spooled: () => spool.size(),
    optOuts: async () => (deps.gate.isAway() ? undefined : countOptOuts(deps)),
    breakers: () => [...dialers.keys()].map((id) => ({ dialer: id, isOpen: outbox.breakerState(id) !== 'closed' })),
  });
  const spool = await openSpool({
    folder: config.spool.folder,
    onWarning: (message, fields) => logger.warn(fields, message),
  });
  const settings = flowSettings(config);

  // The dialers must be known before the store opens: what they can be told decides the plan of every write-back.
  const lateDeps: { current?: Deps } = {};
  const own = (): Deps => {
    if (!lateDeps.current) throw new Error('a connector used its deps before the service was put together');
    return lateDeps.current;
  };
  const depsFor = (id: string) =>
    connectorDeps({ own, id, parts, log: logger, publicUrl: config.server.publicUrl, drill: settings.drill });
  const closeParts = async () => {
    for (const instance of [...dialers.values(), ...platforms.values()]) await instance.close();
    await spool.close();
  };
  for (const [id, section] of Object.entries(config.dialers)) {
    const connector = registry.dialers.find(({ type }) => type === section.type);
    if (connector) dialers.set(id, watchedDialer(connector.create(id, section, depsFor(id)), traffic));
  }
  for (const [id, section] of Object.entries(config.platforms)) {
    const connector = registry.platforms.find(({ type }) => type === section.type);
    if (connector) platforms.set(id, watchedPlatform(connector.create(id, section, depsFor(id)), traffic));
  }
  const instances: readonly Contributions[] = [...dialers.values(), ...platforms.values()];

  const store = await openStoreOr(closeParts, {
    config: config.store,
    rules: rules(),
    migrate: options.migrate ?? true,
    newId: randomUUID,
    ignoresIdempotency: settings.drill.ignoresIdempotency,
    onWarning: (message, fields) => logger.warn(fields, message),
  });

  const deps: Deps = {
    ...parts,
    log: logger,
    store,
    spool,
    gate: createStoreGate({
      onChange: (isAway, why) =>
        isAway
          ? logger.error(
              { reason: why },
              'the store is away: live calls are answered from memory, events go to the spool',
            )
          : logger.info('the store is back'),
    }),
    memory: createCallMemory(),
    waiters: createOutcomeWaiters({ read: (ids) => store.callsWithOutcome(ids), log: logger }),
    changes: createCallChanges(),
    registrations: createRegistrationGatherer({
      keep: (facts) => recordFacts(deps, facts, { budgetMs: 2000 }),
      log: logger,
    }),
    board: createNoticeBoard({ store: () => store, clock, log: logger }),
    traffic,
    ownProcess: {
      id: randomUUID(),
      name: `${hostname()} ${process.pid}`,
      version: options.version ?? '0.0.0',
      isServing: () => isServing,
      breakerOf: (dialer) => outbox.breakerState(dialer),
    },
    scrub: config.gate.scrub ? createScrubService(config.gate.scrub, clock) : null,
    dialers,
    platforms,
    settings,
    randomBytes: (count) => randomBytes(count),
    readPhone: toE164,
    keyedHash: (text) => createHmac('sha256', config.secret).update(text).digest(),
    nudge: () => nudge(),
    count: metrics.count,
  };
  lateDeps.current = deps;

  const outbox = createOutbox(deps, config.outbox.pollMs);
  nudge = outbox.nudge;
  const housekeeping = createHousekeeping(deps);
  const reporter = createProcessReporter(deps);
  const leadSync = createLeadSync(deps, {
    cron: config.sync.cron,
    timeZone: config.sync.timeZone,
    isOnStart: config.sync.onStart,
  });
  const jobs = createJobRunner(deps, [
    ...instances.flatMap(({ id, jobs }) => (jobs ?? []).map((job) => ({ owner: id, job }))),
    ...leftOverJobs(deps),
    ...reconciliationJobs(deps, config.reconcile),
    ...legRecordJobs(deps),
    ...exportJobs(deps, config.console),
    ...callCountJobs(deps),
  ]);
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
    createHttpApp(deps, {
      authenticate: createAuthenticator(config.clients),
      observe: metrics.observe,
      metrics: metrics.render,
      isDraining: () => isDraining,
      readPhone: toE164,
      bodyLimitKb: config.server.bodyLimitKb,
      trustedProxies: config.server.trustedProxies,
      publicUrl: config.server.publicUrl,
      version: options.version ?? '0.0.0',
      logger,
      ...(config.console.enabled && { console: (...given) => (pages ? pages.routes(...given) : given[2]()) }),
    }),
  );
  const listening: { stop(): Promise<void> }[] = [];

  return {
    deps,
    instances,
    async start() {
      if (settings.drill.ignoresIdempotency || settings.drill.dropsCommitOfCall > 0) {
        logger.warn('a drill is configured: this service makes mistakes on purpose');
      }
      await openPages();
      const address = await listen(server, config.server.host, config.server.port);
      for (const instance of instances) {
        for (const listener of instance.listeners ?? []) {
          const started = await listener.start();
          logger.info({ connector: instance.id, listener: listener.name, address: started.address }, 'listening');
          listening.push(started);
        }
      }
      outbox.start();
      housekeeping.start();
      leadSync.start();
      jobs.start();
      reporter.start();
      isServing = true;
      return address;
    },
    async stop(graceMs = 10_000) {
      isDraining = true;
      const isTimeUp = wait(graceMs, undefined, { ref: false });
      /** What hangs on a system that does not answer is left to end with the process: claims and leases end by themselves. */
      const within = (ending: Promise<unknown>) => Promise.race([ending, isTimeUp]);
      deps.waiters.stop();
      pages?.stop();
      const working = [outbox.stop(graceMs), leadSync.stop(), jobs.stop(), housekeeping.stop(), reporter.stop()];
      await closeServer(server, graceMs);
      for (const listener of listening) await within(listener.stop());
      await within(Promise.all([deps.registrations.flush(), deps.board.flush()]));
      await within(Promise.all(working));
      await Promise.race([
        Promise.all(instances.map((instance) => instance.close())),
        wait(lastWordsMs, undefined, { ref: false }),
      ]);
      await spool.close();
      await store.close();
    },
  };

  /** Only here: a command that shows no page does not load them. */
  async function openPages(): Promise<void> {
    if (!config.console.enabled) return;
    const { openConsole } = await import('./console/open-console.ts');
    const settings = consoleSettings(config, options.version ?? '0.0.0');
    const site = options.consoleSite ?? null;
    pages = openConsole({ ...deps, console: settings, wallClock: systemClock, site, sync: leadSync });
  }
}

/** A store that can't be opened must not leave the rest open: a supervisor waits for the process to end. */
async function openStoreOr(closeRest: () => Promise<void>, options: StoreOptions): Promise<Store> {
  try {
    return await openStore(options);
  } catch (error) {
    await closeRest();
    throw error;
  }
}
