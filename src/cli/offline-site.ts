import type { PatchbayConfig } from '../../config/schema.ts';
import { mappingWarningsOf } from '../../config/warnings.ts';
import { fileClock, systemClock } from '../clock.ts';
import type { ConnectorDeps } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { GuideEntry } from '../domain/guide.ts';
import { outcomeCodes } from '../domain/outcome-codes.ts';
import type { Platform } from '../domain/platform.ts';
import { alertChannels } from '../flow-settings.ts';
import type { DoctorSite } from '../flows/doctor/site.ts';
import { isOwnHost } from '../flows/doctor/site-checks/public-url.ts';
import { calledCampaigns, lookAtStore } from '../store/look-at-store.ts';
import type { CliContext } from './context.ts';
import { offlineDeps } from './offline-instance.ts';
import { createLogger } from './open-app.ts';
import { createSharedState, type SharedState } from './shared-state.ts';

/** All dialers and platforms of a configuration by themselves: the service need not run, nor the store be there. */
export interface OfflineSite {
  site: DoctorSite;
  close(): Promise<void>;
}

/**
 * @param warnings of the configuration's loader
 * @param shared what the instances share with the service (Default: by the store, if it is there)
 */
export function openOfflineSite(
  context: Pick<CliContext, 'registry' | 'environment' | 'configFile'>,
  config: PatchbayConfig,
  warnings: readonly string[],
  shared: SharedState = createSharedState(config, createLogger(config, 'silent')),
): OfflineSite {
  const { registry, environment } = context;
  const dialers = new Map<string, Dialer>();
  const platforms = new Map<string, Platform>();
  const guides = new Map<string, readonly GuideEntry[]>();
  const clock = environment.clockFile ? fileClock(environment.clockFile) : systemClock;
  const depsOf = (id: string): ConnectorDeps => ({
    ...offlineDeps(config, id),
    ...shared.depsOf(id),
    clock,
    // Standard output is the command's: what connectors would log, their checks say.
    log: createLogger(config, 'silent'),
    inboundCallUrls: () => [...platforms.values()].flatMap((platform) => platform.inboundCallUrls?.() ?? []),
  });
  for (const [id, section] of Object.entries(config.dialers)) {
    const connector = registry.dialers.find(({ type }) => type === section.type);
    if (connector) dialers.set(id, connector.create(id, section, depsOf(id)));
    if (connector?.guide) guides.set(id, connector.guide);
  }
  for (const [id, section] of Object.entries(config.platforms)) {
    const connector = registry.platforms.find(({ type }) => type === section.type);
    if (connector) platforms.set(id, connector.create(id, section, depsOf(id)));
    if (connector?.guide) guides.set(id, connector.guide);
  }

  // What is not mapped shows in a check of its own, beside what the agents can commit.
  const mapping = new Set(mappingWarningsOf(config));
  const site: DoctorSite = {
    dialers,
    platforms,
    guides,
    configuration: { file: context.configFile(), warnings: warnings.filter((warning) => !mapping.has(warning)) },
    publicUrl: config.server.publicUrl,
    listenUrl: listenUrlOf(config.server),
    tls: config.server.tls ?? null,
    store: {
      name: storeName(config.store),
      look: once(() => lookAtStore(config.store)),
      calledCampaigns: () => calledCampaigns(config.store, clock.now()),
    },
    spoolFolder: config.spool.folder,
    clients: config.clients,
    alertChannels: alertChannels(config),
    outcomeCodes: [...outcomeCodes, ...config.outcomes.extra],
    outsideHosts: outsideHostsIn([config.dialers, config.platforms]),
  };
  return {
    site,
    async close() {
      for (const instance of [...dialers.values(), ...platforms.values()]) await instance.close();
      await shared.close();
    },
  };
}

function listenUrlOf({ host, port, tls }: PatchbayConfig['server']): string {
  const scheme = tls ? 'https' : 'http';
  if (port === 0) return '';
  if (host === '0.0.0.0') return `${scheme}://127.0.0.1:${port}`;
  if (host === '::') return `${scheme}://[::1]:${port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function storeName(store: PatchbayConfig['store']): string {
  return store.kind === 'sqlite' ? store.file : `${store.database} at ${store.host}:${store.port}`;
}

/** Hosts of all URLs in these sections that are other machines, each once. */
function outsideHostsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return [...new Set(Object.values(value).flatMap(outsideHostsIn))];
  }
  if (typeof value !== 'string' || !/^https?:\/\//.test(value) || !URL.canParse(value)) return [];
  const { hostname } = new URL(value);
  return isOwnHost(hostname) ? [] : [hostname];
}

/** Asked once, however often it is wanted. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
