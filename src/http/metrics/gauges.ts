import { Gauge, type Registry } from 'prom-client';
import type { Contributions } from '../../domain/connector.ts';
import type { Quota } from '../../domain/link-report.ts';
import { isPlainLabel, otherLabel } from './labels.ts';

/** Where the gauges look at the moment when they are read: all from memory. */
export interface GaugeSources {
  version: string;
  /** Of the configuration in use. */
  configVersion(): string;
  instances(): Iterable<Contributions>;
  /** What the pauses of write-backs hold back: how wide each is, and on which dialer; empty for every one. */
  pauses(): Iterable<{ scope: string; dialer: string }>;
  breakers(): Iterable<{ dialer: string; isOpen: boolean }>;
  spooled(): number;
  unkept(): number;
  isStoreAway(): boolean;
  isDraining(): boolean;
  /** Names of the leases that this process holds. */
  leases(): Iterable<string>;
  livePages(): number;
  logLines(): Iterable<readonly [level: string, count: number]>;
  /** Epoch ms; undefined where the service speaks no TLS by itself. */
  tlsExpiresAt(): number | undefined;
  /** How many percent of a dialer's calls may go to the AI. */
  aiShares(): Iterable<{ dialer: string; percent: number }>;
  /** Connections that were refused for want of room. */
  turnedAway(): number;
}

type Look = (gauge: Gauge) => void;

/** Gauges of what this process knows of itself. */
export function addGauges(registry: Registry, sources: GaugeSources): void {
  function gauge(name: string, help: string, labelNames: string[], look: Look): void {
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        look(this);
      },
    });
  }

  gauge('patchbay_build_info', 'Always 1: which release runs, on which Node.js.', ['version', 'node'], (it) =>
    it.set({ version: sources.version, node: process.versions.node }, 1),
  );
  gauge('patchbay_config_info', 'Always 1: which version of the configuration is in use.', ['version'], (it) => {
    it.reset();
    it.set({ version: sources.configVersion() }, 1);
  });
  gauge('patchbay_draining', '1 while the service stops: it takes nothing new.', [], (it) =>
    it.set(Number(sources.isDraining())),
  );
  gauge('patchbay_store_away', '1 while the store does not answer: calls are answered from memory.', [], (it) =>
    it.set(Number(sources.isStoreAway())),
  );
  gauge('patchbay_spool_entries', 'Facts that wait on the disk of this process for the store.', [], (it) =>
    it.set(sources.spooled()),
  );
  gauge(
    'patchbay_unkept_registrations',
    'Registrations of calls that wait in the memory of this process for the store or the disk.',
    [],
    (it) => it.set(sources.unkept()),
  );
  gauge(
    'patchbay_breaker_open',
    '1 while write-backs of a dialer wait because it does not answer.',
    ['dialer'],
    (it) => {
      it.reset();
      for (const { dialer, isOpen } of sources.breakers()) it.set({ dialer }, Number(isOpen));
    },
  );
  gauge(
    'patchbay_pauses',
    'Pauses of write-backs that hold, by how wide they are and the dialer; no dialer: all of them.',
    ['scope', 'dialer'],
    (it) => {
      it.reset();
      for (const labels of sources.pauses()) it.inc({ ...labels });
    },
  );
  gauge('patchbay_ai_share_ratio', "Which part of a dialer's calls may go to the AI, 0 to 1.", ['dialer'], (it) => {
    it.reset();
    for (const { dialer, percent } of sources.aiShares()) it.set({ dialer }, percent / 100);
  });
  gauge('patchbay_lease_held', '1 for each piece of work that this process alone does now.', ['lease'], (it) => {
    it.reset();
    for (const name of sources.leases()) it.set({ lease: leaseLabel(name) }, 1);
  });
  gauge('patchbay_console_live_pages', 'Pages of the console that are open and kept up to date.', [], (it) =>
    it.set(sources.livePages()),
  );
  gauge(
    'patchbay_tls_certificate_expiry_timestamp_seconds',
    "When the service's own certificate ends; nothing where it speaks no TLS by itself.",
    [],
    (it) => {
      const at = sources.tlsExpiresAt();
      if (at === undefined) it.remove();
      else it.set(at / 1000);
    },
  );
  const quotaLabels = ['system', 'quota', 'window'];
  gauge('patchbay_quota_limit', 'Requests that a system allows us in a window.', quotaLabels, (it) =>
    showQuotas(it, sources, ({ limit }) => limit),
  );
  gauge('patchbay_quota_used', 'Requests that are used up in the present window.', quotaLabels, (it) =>
    showQuotas(it, sources, ({ used }) => used),
  );
}

function showQuotas(gauge: Gauge, { instances }: GaugeSources, read: (quota: Quota) => number): void {
  gauge.reset();
  for (const { id, quotas } of instances()) {
    for (const quota of quotas?.() ?? []) {
      const { name, per } = quota;
      const labels = { quota: isPlainLabel(name) ? name : otherLabel, window: isPlainLabel(per) ? per : otherLabel };
      gauge.set({ system: id, ...labels }, read(quota));
    }
  }
}

/** Leases of jobs and syncs are named by the configuration; of others only the kind is told. */
function leaseLabel(name: string): string {
  const label = /^(job|sync):/.test(name) ? name : (name.split(':')[0] ?? '');
  return isPlainLabel(label) ? label : otherLabel;
}
