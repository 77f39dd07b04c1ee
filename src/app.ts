import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
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
import type { Clock } from './domain/clock.ts';
import type { Contributions } from './domain/connector.ts';
import type { Dialer } from './domain/dialer.ts';
import type { Platform } from './domain/platform.ts';
import { consoleSettings, flowSettings, planRules } from './flow-settings.ts';
import { createCallChanges } from './flows/call-changes.ts';
import { createCallMemory } from './flows/call-memory.ts';
import { countedTraffic } from './flows/counted-traffic.ts';
import type { Deps } from './flows/deps.ts';
import { createCapacity } from './flows/gate/capacity.ts';
import { createScrubService } from './flows/gate/scrub-service.ts';
import { createRegistrationGatherer } from './flows/gather-registrations.ts';
import { createLinkTraffic } from './flows/link-traffic.ts';
import { createLiveControls } from './flows/live-controls.ts';
import { createNoticeBoard } from './flows/notice-board.ts';
import { createOutcomeWaiters } from './flows/outcome-waiters.ts';
import { recordFacts } from './flows/record-facts.ts';
import { createStoreGate } from './flows/store-gate.ts';
import { watchedDialer, watchedPlatform } from './flows/watched-ports.ts';
import { createHttpApp } from './http/app.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { guardConnections } from './http/guard-connections.ts';
import { createMetrics } from './http/metrics.ts';
import { createWebServer } from './http/web-server.ts';
import { createFailAt } from './kill-at.ts';
import { metricSources } from './metric-sources.ts';
import { openStore } from './store/open-store.ts';
import { openSpool } from './store/spool.ts';
import type { Store, StoreOptions } from './store/store.ts';
import { openWatch } from './watch.ts';
import { createHousekeeping } from './workers/housekeeping.ts';
import { createJobRunner } from './workers/jobs.ts';
import { createLeadSync } from './workers/lead-sync.ts';
import { createOutbox } from './workers/outbox.ts';
import { ownJobs } from './workers/own-jobs.ts';
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
  deps: Deps;
  instances: readonly Contributions[];
  /** Listens and starts the workers. Gives the address. */
  start(): Promise<string>;
  /** Takes up new TLS files at once. */
  reload(): Promise<void>;
  /** Stops taking, lets what runs finish within the grace time, and closes everything. */
  stop(graceMs?: number): Promise<void>;
}

/** The one place where everything is put together. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, registry } = options;
  guardConnections();
  const clock = options.clock ?? systemClock;
  const version = options.version ?? '0.0.0';
  const watch = await openWatch(config, { logger: options.logger ?? pino({ level: config.log.level }), version });
  const { logger, tracing } = watch;
  // Node finds out twice, by an error each, that a key that is given as text is no object.
  const ownKey = createSecretKey(config.secret, 'utf8');
  const hashNumber = (number: string) => createHmac('sha256', ownKey).update(number).digest('hex').slice(0, 12);
  const failAt = createFailAt(config.drill);
  const parts = { clock, newId: randomUUID, random: Math.random, hashNumber, failAt, tracing };

  const dialers = new Map<string, Dialer>();
  const platforms = new Map<string, Platform>();
  const rules = planRules(config, dialers);

  let nudge = () => {};
  let isDraining = false;
  let pages: Console | undefined;
  let isServing = false;
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
  const sources = metricSources({
    own,
    isDraining: () => isDraining,
    livePages: () => pages?.livePages() ?? 0,
    logLines: () => watch.logLines,
    tlsExpiresAt: () => web.tlsExpiresAt(),
    turnedAway: () => web.turnedAway(),
  });
  const ids = { dialers: Object.keys(config.dialers), platforms: Object.keys(config.platforms) };
  const metrics = createMetrics(sources, ids);
  const traffic = countedTraffic(createLinkTraffic(clock, Object.values(ids).flat()), metrics.count);
  const depsFor = (id: string) =>
    connectorDeps({ own, id, parts, log: logger, publicUrl: config.server.publicUrl, drill: settings.drill });
  const closeParts = async () => {
    for (const instance of [...dialers.values(), ...platforms.values()]) await instance.close();
    await spool.close();
  };
  for (const [id, section] of Object.entries(config.dialers)) {
    const connector = registry.dialers.find(({ type }) => type === section.type);
    if (connector) dialers.set(id, watchedDialer(connector.create(id, section, depsFor(id)), traffic, tracing));
  }
  for (const [id, section] of Object.entries(config.platforms)) {
    const connector = registry.platforms.find(({ type }) => type === section.type);
    if (connector) platforms.set(id, watchedPlatform(connector.create(id, section, depsFor(id)), traffic, tracing));
  }
  const instances: readonly Contributions[] = [...dialers.values(), ...platforms.values()];

  const opened = await openStoreOr(closeParts, {
    config: config.store,
    rules: rules(),
    migrate: options.migrate ?? true,
    newId: randomUUID,
    ignoresIdempotency: settings.drill.ignoresIdempotency,
    onWarning: (message, fields) => logger.warn(fields, message),
  });
  const store = watch.store(opened);

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
      onAnswer: metrics.count.storeAnswered,
    }),
    memory: createCallMemory(),
    ...createLiveControls({ store, clock, log: logger }),
    waiters: createOutcomeWaiters({ read: (ids) => store.callsWithOutcome(ids), log: logger }),
    changes: createCallChanges(),
    registrations: createRegistrationGatherer({
      // Nobody waits: tried again while the disk still works on it, it would lie there twice.
      keep: (facts) => recordFacts(deps, facts, { budgetMs: 2000, spoolMs: 60_000 }),
      log: logger,
    }),
    board: createNoticeBoard({ store: () => store, clock, log: logger }),
    traffic,
    ownProcess: {
      id: randomUUID(),
      name: `${hostname()} ${process.pid}`,
      version,
      isServing: () => isServing,
      breakerOf: (dialer) => outbox.breakerState(dialer),
    },
    capacity: createCapacity(own),
    scrub: config.gate.scrub ? createScrubService(config.gate.scrub, clock) : null,
    dialers,
    platforms,
    settings,
    randomBytes: (count) => randomBytes(count),
    readPhone: toE164,
    keyedHash: (text) => createHmac('sha256', ownKey).update(text).digest(),
    nudge: () => nudge(),
    count: metrics.count,
    tracing,
    heldLeases: new Set(),
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
    ...ownJobs(deps, config),
  ]);
  const web = createWebServer({ clock: systemClock, log: logger }, config.server);
  const handle = watch.requests(
    createHttpApp(deps, {
      prove: web.prove,
      authenticate: createAuthenticator(config.clients),
      observe: metrics.observe,
      metrics: metrics.render,
      isDraining: () => isDraining,
      readPhone: toE164,
      bodyLimitKb: config.server.bodyLimitKb,
      trustedProxies: config.server.trustedProxies,
      publicUrl: config.server.publicUrl,
      version,
      logger,
      ...(config.console.enabled && { console: async (...given) => (await openPages()).routes(...given) }),
    }),
  );
  const listening: { stop(): Promise<void> }[] = [];
  return {
    deps,
    instances,
    async start() {
      if (config.drill) logger.warn('a drill is configured: this service makes mistakes on purpose');
      // Before any call is told of: it may run in shadow, or be paused.
      await Promise.all([deps.controls.start(), deps.capacity.start()]);
      const address = await web.start(handle);
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
    reload: web.reload,
    async stop(graceMs = 10_000) {
      isDraining = true;
      const drainMs = isServing ? config.server.drainMs : 0;
      const working = [outbox.stop(drainMs + graceMs), leadSync.stop(), jobs.stop(), housekeeping.stop()];
      // A balancer sees `/readyz`, and sends no more: what it sent until then is answered as ever.
      await wait(drainMs);
      const isTimeUp = wait(graceMs, undefined, { ref: false });
      /** What hangs on a system that does not answer is left to end with the process: claims and leases end by themselves. */
      const within = (ending: Promise<unknown>) => Promise.race([ending, isTimeUp]);
      // Behind a balancer another process may hear of the outcome that a script waits for here.
      const givingUp = setTimeout(() => deps.waiters.stop(), drainMs > 0 ? Math.max(0, graceMs - lastAnswersMs) : 0);
      pages?.stop();
      working.push(reporter.stop());
      await Promise.all([web.stop(graceMs), ...listening.map((listener) => within(listener.stop()))]);
      clearTimeout(givingUp);
      deps.waiters.stop();
      await within(Promise.all([deps.registrations.flush(), deps.board.flush()]));
      deps.registrations.stop();
      await within(Promise.all(working));
      // Not before: what is sent to the last may be paused.
      deps.controls.stop();
      await Promise.race([
        Promise.all(instances.map((instance) => instance.close())),
        wait(lastWordsMs, undefined, { ref: false }),
      ]);
      await watch.close(lastWordsMs);
      await spool.close();
      await store.close();
    },
  };

  /** With the first look at one: most processes show none for weeks, and calls do not wait for them at the start. */
  async function openPages(): Promise<Console> {
    const { openConsole } = await import('./console/open-console.ts');
    const settings = consoleSettings(config, version);
    const site = options.consoleSite ?? null;
    pages ??= openConsole({ ...deps, console: settings, wallClock: systemClock, site, sync: leadSync });
    return pages;
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
