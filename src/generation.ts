import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorRegistry } from '../config/registry.ts';
import type { PatchbayConfig } from '../config/schema.ts';
import { versionOf } from '../config/version.ts';
import { systemClock } from './clock.ts';
import { connectorDeps } from './connector-deps.ts';
import type { ConsoleSite } from './console/console-deps.ts';
import type { Console } from './console/create-console.ts';
import { instantOf } from './domain/clock.ts';
import type { Contributions } from './domain/connector.ts';
import type { Dialer } from './domain/dialer.ts';
import { ConnectorError } from './domain/errors.ts';
import { noMapping } from './domain/mapping.ts';
import type { Platform } from './domain/platform.ts';
import { alertChannels, consoleSettings, flowSettings, namedMapping, planRules } from './flow-settings.ts';
import type { Deps } from './flows/deps.ts';
import { createScrubService } from './flows/gate/scrub-service.ts';
import { watchedDialer, watchedPlatform } from './flows/watched-ports.ts';
import { createHttpApp } from './http/app.ts';
import { createAuthenticator } from './http/authenticate.ts';
import type { OpenPort } from './http/held-ports.ts';
import type { ProcessParts } from './process-parts.ts';
import { openWorkers, type Workers } from './workers/open-workers.ts';

export interface GenerationOptions {
  config: PatchbayConfig;
  registry: ConnectorRegistry;
  consoleSite: ConsoleSite | null;
  parts: ProcessParts;
}

/** Everything that follows from one configuration. A request is answered wholly by the one that it began with. */
export interface Generation {
  config: PatchbayConfig;
  version: string;
  deps: Deps;
  instances: readonly Contributions[];
  workers: Workers;
  /** Answers requests of the web, and knows when it is through with them. */
  handle: RequestListener;
  /** Has the store keep with what mapping calls begin from now on. */
  keepMapping(): Promise<void>;
  /** What is recorded from now on is planned by this configuration. */
  useRules(): void;
  /** Opens the ports of connectors' own servers; nobody is served yet. */
  listen(): Promise<void>;
  /** Serves who connects there. */
  takePorts(): void;
  stopPorts(): Promise<unknown>;
  /** Ends the live streams of the console. */
  stopPages(): void;
  livePages(): number;
  /** Resolves when nobody waits for an answer any more. */
  answered(): Promise<void>;
  /** Connectors take leave of their systems. */
  close(): Promise<void>;
}

/** Puts together what a configuration says. Nothing runs, and nobody is served, before it is told to. */
export function openGeneration({ config, registry, consoleSite, parts }: GenerationOptions): Generation {
  const { web, metrics, logger, state } = parts;
  const dialers = new Map<string, Dialer>();
  const platforms = new Map<string, Platform>();
  const settings = flowSettings(config);
  const ids = { dialers: Object.keys(config.dialers), platforms: Object.keys(config.platforms) };
  metrics.configure(ids);
  const { traffic, tracing, clock } = parts.deps;
  traffic.add(Object.values(ids).flat());

  const deps: Deps = {
    ...parts.deps,
    ownProcess: { ...parts.ownProcess, breakerOf: (dialer) => workers.outbox.breakerState(dialer) },
    scrub: config.gate.scrub ? createScrubService(config.gate.scrub, clock) : null,
    dialers,
    platforms,
    settings,
    alertChannels: alertChannels(config),
    mapping: noMapping,
  };
  const { publicUrl } = config.server;
  const depsFor = (id: string) =>
    connectorDeps({ own: () => deps, id, parts: parts.deps, log: logger, publicUrl, drill: settings.drill });
  for (const [id, section] of Object.entries(config.dialers)) {
    const connector = registry.dialers.find(({ type }) => type === section.type);
    if (connector) dialers.set(id, watchedDialer(connector.create(id, section, depsFor(id)), traffic, tracing));
  }
  for (const [id, section] of Object.entries(config.platforms)) {
    const connector = registry.platforms.find(({ type }) => type === section.type);
    if (connector) platforms.set(id, watchedPlatform(connector.create(id, section, depsFor(id)), traffic, tracing));
  }
  const instances: readonly Contributions[] = [...dialers.values(), ...platforms.values()];
  const rules = planRules(config, dialers);
  const workers = openWorkers(deps, config, instances, consoleSite?.doctor ?? null);

  let pages: Console | undefined;
  const requests = countRequests(
    parts.watch.requests(
      createHttpApp(deps, {
        prove: web.prove,
        authenticate: createAuthenticator(config.clients),
        observe: metrics.observe,
        metrics: metrics.render,
        isDraining: () => state.isDraining,
        readPhone: deps.readPhone,
        bodyLimitKb: config.server.bodyLimitKb,
        trustedProxies: config.server.trustedProxies,
        publicUrl,
        version: parts.release,
        logger,
        ...(config.console.enabled && { console: async (...given) => (await openPages()).routes(...given) }),
      }),
    ),
  );
  const open: OpenPort[] = [];

  return {
    config,
    version: versionOf(config),
    deps,
    instances,
    workers,
    handle: requests.handle,
    answered: requests.answered,
    async keepMapping() {
      const mapping = namedMapping(config);
      await deps.store.keepMapping(mapping, instantOf(clock));
      deps.mapping = mapping;
    },
    useRules: () => deps.store.useRules({ rules, mapping: deps.mapping }),
    async listen() {
      for (const { id, listeners = [] } of instances) {
        for (const listener of listeners) {
          const port = await parts.ports.open(id, listener);
          if (open.some(({ address }) => address === port.address)) {
            const message = `${id} can't listen on ${port.address}: another instance does`;
            throw new ConnectorError('config_invalid', message, {
              hint: `Change host or port of its ${listener.name}.`,
            });
          }
          open.push(port);
          logger.info({ connector: id, listener: listener.name, address: port.address }, 'listening');
        }
      }
    },
    takePorts() {
      for (const port of open) port.take();
    },
    stopPorts: () => Promise.all(open.map((port) => port.stop())),
    stopPages: () => pages?.stop(),
    livePages: () => pages?.livePages() ?? 0,
    async close() {
      await Promise.all(instances.map((instance) => instance.close()));
    },
  };

  /** With the first look at one: most processes show none for weeks, and calls do not wait for them at the start. */
  async function openPages(): Promise<Console> {
    const { openConsole } = await import('./console/open-console.ts');
    const console = consoleSettings(config, parts.release);
    pages ??= openConsole({ ...deps, console, wallClock: systemClock, site: consoleSite, sync: workers.leadSync });
    return pages;
  }
}

/** For whoever asks from the web a request ends with its answer, or with the connection. */
function countRequests(handle: RequestListener): { handle: RequestListener; answered(): Promise<void> } {
  let open = 0;
  let whenNone: (() => void) | undefined;

  function ended(): void {
    open -= 1;
    if (open === 0) whenNone?.();
  }

  return {
    handle(request: IncomingMessage, response: ServerResponse) {
      open += 1;
      response.once('close', ended);
      return handle(request, response as Parameters<RequestListener>[1]);
    },
    async answered() {
      if (open > 0) {
        await new Promise<void>((resolve) => {
          whenNone = resolve;
        });
      }
      // What an answer leaves to be done, such as its line of the log.
      await wait(0);
    },
  };
}
