import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { toE164 } from '../connectors/shared/phone.ts';
import type { AppOptions } from './app.ts';
import { systemClock } from './clock.ts';
import { instantOf } from './domain/clock.ts';
import type { RunningConfiguration } from './domain/reload.ts';
import type { OwnAlarmMemory } from './flows/alerts/own-alarm.ts';
import { createCallChanges } from './flows/call-changes.ts';
import { createCallMemory } from './flows/call-memory.ts';
import { countedTraffic } from './flows/counted-traffic.ts';
import type { Deps } from './flows/deps.ts';
import { createCapacity } from './flows/gate/capacity.ts';
import { createRegistrationGatherer } from './flows/gather-registrations.ts';
import { createLinkTraffic } from './flows/link-traffic.ts';
import { createLiveControls } from './flows/live-controls.ts';
import { createMappingShelf } from './flows/mapping-shelf.ts';
import { createNoticeBoard } from './flows/notice-board.ts';
import { createOutcomeWaiters } from './flows/outcome-waiters.ts';
import { recordFacts } from './flows/record-facts.ts';
import { createStoreGate } from './flows/store-gate.ts';
import { createHeldPorts } from './http/held-ports.ts';
import { createMetrics } from './http/metrics.ts';
import { createWebServer } from './http/web-server.ts';
import { createFailAt } from './kill-at.ts';
import { metricSources } from './metric-sources.ts';
import { openStore } from './store/open-store.ts';
import { openSpool, type Spool } from './store/spool.ts';
import type { Store, StoreOptions } from './store/store.ts';
import { openWatch } from './watch.ts';

/** What the process must be asked about itself while it runs. */
export interface ProcessState {
  isServing: boolean;
  isDraining: boolean;
  configuration: RunningConfiguration;
}

/** What changes with the configuration, as it is now. */
export interface Present {
  deps(): Deps;
  nudge(): void;
  livePages(): number;
}

export type ProcessParts = Awaited<ReturnType<typeof openProcessParts>>;

/** Before the first configuration is in use nothing is planned. */
const noRules = { dialers: {}, technicalEndWaitSec: 0, humanWaitSec: 0, handOverOutcomes: [] };

/**
 * Opens what lives as long as the process, whatever its configuration becomes: store and spool, sockets, memory, metrics.
 *
 * @param version of the configuration
 */
export async function openProcessParts(options: AppOptions, version: string, present: Present) {
  const { config } = options;
  const clock = options.clock ?? systemClock;
  const release = options.version ?? '0.0.0';
  const logger = options.logger ?? pino({ level: config.log.level });
  const watch = await openWatch(config, { logger, version: release });
  const { tracing, logger: log } = watch;
  const state: ProcessState = {
    isServing: false,
    isDraining: false,
    configuration: { version, since: instantOf(clock), answer: null },
  };
  // Node finds out twice, by an error each, that a key that is given as text is no object.
  const ownKey = createSecretKey(config.secret, 'utf8');
  const onWarning = (message: string, fields: object) => log.warn(fields, message);

  const spool = await openSpool({ folder: config.spool.folder, onWarning });
  const opened = await openStoreOr(spool, {
    config: config.store,
    rules: noRules,
    migrate: options.migrate ?? true,
    newId: randomUUID,
    ignoresIdempotency: config.drill?.ignoreIdempotency ?? false,
    onWarning,
  });
  const store = watch.store(opened);

  const web = createWebServer({ clock: systemClock, log }, config.server);
  const sources = metricSources({
    own: present.deps,
    isDraining: () => state.isDraining,
    livePages: present.livePages,
    logLines: () => watch.logLines,
    tlsExpiresAt: web.tlsExpiresAt,
    turnedAway: web.turnedAway,
  });
  const metrics = createMetrics(sources, { dialers: [], platforms: [] });
  const ownAlarm: OwnAlarmMemory = { alerts: [], waiting: [] };

  const deps = {
    clock,
    newId: randomUUID,
    random: Math.random,
    randomBytes: (count: number) => randomBytes(count),
    hashNumber: (number: string) => createHmac('sha256', ownKey).update(number).digest('hex').slice(0, 12),
    keyedHash: (text: string) => createHmac('sha256', ownKey).update(text).digest(),
    readPhone: toE164,
    failAt: createFailAt(config.drill),
    tracing,
    log,
    store,
    spool,
    gate: createStoreGate({
      onChange: (isAway, why) =>
        isAway
          ? log.error({ reason: why }, 'the store is away: live calls are answered from memory, events go to the spool')
          : log.info('the store is back'),
      onAnswer: metrics.count.storeAnswered,
    }),
    memory: createCallMemory(),
    capacity: createCapacity(present.deps),
    ...createLiveControls({ store, clock, log }),
    waiters: createOutcomeWaiters({ read: (ids) => store.callsWithOutcome(ids), log }),
    changes: createCallChanges(),
    registrations: createRegistrationGatherer({
      // Nobody waits: tried again while the disk still works on it, it would lie there twice.
      keep: (facts) => recordFacts(present.deps(), facts, { budgetMs: 2000, spoolMs: 60_000 }),
      log,
    }),
    board: createNoticeBoard({ store: () => store, clock, log }),
    traffic: countedTraffic(createLinkTraffic(clock, []), metrics.count),
    mappings: createMappingShelf((of) => store.mapping(of)),
    count: metrics.count,
    heldLeases: new Set<string>(),
    ownAlarm,
    nudge: present.nudge,
  } satisfies Partial<Deps>;

  const ownProcess = {
    id: randomUUID(),
    name: `${hostname()} ${process.pid}`,
    version: release,
    isServing: () => state.isServing,
    configuration: () => state.configuration,
  };
  return { deps, ownProcess, release, state, watch, logger: log, web, metrics, ports: createHeldPorts() };
}

/** A store that can't be opened must not leave the rest open: a supervisor waits for the process to end. */
async function openStoreOr(spool: Spool, options: StoreOptions): Promise<Store> {
  try {
    return await openStore(options);
  } catch (error) {
    await spool.close();
    throw error;
  }
}
