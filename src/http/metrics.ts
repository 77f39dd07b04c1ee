import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { Contributions } from '../domain/connector.ts';
import { renderContributed } from './metrics/contributed.ts';
import { type Configured, type Counting, createCounting } from './metrics/counters.ts';
import { addGauges, type GaugeSources } from './metrics/gauges.ts';
import { addStoredGauges, type StoredSources } from './metrics/stored-gauges.ts';

export type MetricSources = GaugeSources & StoredSources;

export interface Metrics extends Counting {
  render(): Promise<{ contentType: string; body: string }>;
}

/** One metric, as the documents tell of it. */
export interface MetricHead {
  name: string;
  type: string;
  help: string;
  labels: readonly string[];
}

/**
 * What Prometheus reads. No label ever holds an id of a call, a lead or a person.
 */
export function createMetrics(sources: MetricSources, configured: Configured): Metrics {
  const { registry, counting, refresh } = registerAll(sources, configured);
  return {
    ...counting,
    async render() {
      await refresh();
      const own = await registry.metrics();
      return { contentType: registry.contentType, body: own + renderContributed(sources.instances()) };
    },
  };
}

/** Every metric that there is: ours, those of the process, and those of these connectors. */
export function metricHeads(instances: readonly Contributions[]): MetricHead[] {
  const { registry } = registerAll({ ...noSources, instances: () => instances }, { dialers: [], platforms: [] });
  const own = registry.getMetricsAsArray() as unknown as (Omit<MetricHead, 'labels'> & { labelNames: string[] })[];
  const theirs = instances.flatMap((instance) => instance.metrics?.() ?? []);
  const heads = [...own, ...theirs].map(({ name, type, help, labelNames }) => ({
    name,
    type,
    help,
    labels: labelNames,
  }));
  const byName = new Map(heads.map((head) => [head.name, head]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function registerAll(sources: MetricSources, configured: Configured) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counting = createCounting(registry, configured);
  new Counter({
    name: 'patchbay_log_lines_total',
    help: 'Lines of the log, by level. An error line says that somebody must act.',
    labelNames: ['level'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [level, count] of sources.logLines()) this.inc({ level }, count);
    },
  });
  new Counter({
    name: 'patchbay_connections_turned_away_total',
    help: 'Connections that were closed because there were too many.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(sources.turnedAway());
    },
  });
  addGauges(registry, sources);
  return { registry, counting, refresh: addStoredGauges(registry, sources) };
}

const unknown = async () => undefined;

/** Of a service that does not run: enough to know which metrics there are. */
export const noSources: MetricSources = {
  version: '0.0.0',
  configVersion: () => '',
  instances: () => [],
  pauses: () => [],
  breakers: () => [],
  spooled: () => 0,
  unkept: () => 0,
  isStoreAway: () => false,
  isDraining: () => false,
  leases: () => [],
  aiShares: () => [],
  livePages: () => 0,
  logLines: () => [],
  tlsExpiresAt: () => undefined,
  turnedAway: () => 0,
  openWriteBacks: unknown,
  optOuts: unknown,
  attention: unknown,
  aiHealth: unknown,
  syncs: unknown,
  loads: unknown,
  reconciledAt: unknown,
};
