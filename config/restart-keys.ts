import type { ConfigFault } from './report.ts';
import type { PatchbayConfig } from './schema.ts';

/** What lives as long as the process: sockets, files, threads, keys, the form of its own log lines. */
const restartKeys = [
  'server.host',
  'server.port',
  'server.tls',
  'server.maxConnections',
  'store',
  'spool',
  'log.format',
  'secret',
  'history',
  'tracing',
  'drill',
] as const;

/** One fault for each key that a running service can not take up. */
export function restartFaults(present: PatchbayConfig, next: PatchbayConfig): ConfigFault[] {
  return restartKeys
    .filter((path) => textAt(present, path) !== textAt(next, path))
    .map((path) => ({
      path,
      what: 'is not what the running service began with, and needs a restart',
      fix: 'Restart the service, or take the change back and reload what is left.',
    }));
}

/** The part of a configuration that a running service can take up. */
export function reloadable(config: PatchbayConfig): unknown {
  const copy = structuredClone(config) as unknown as Record<string, unknown>;
  for (const path of restartKeys) {
    const [section = '', key] = path.split('.');
    if (key === undefined) delete copy[section];
    else delete (copy[section] as Record<string, unknown>)[key];
  }
  return copy;
}

function textAt(config: PatchbayConfig, path: string): string {
  let part: unknown = config;
  for (const key of path.split('.')) part = (part as Record<string, unknown> | undefined)?.[key];
  return JSON.stringify(part) ?? '';
}
