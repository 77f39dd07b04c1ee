import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PatchbayConfig } from '../../../config/schema.ts';
import { secretsFileOf } from '../../../config/secrets-file.ts';
import { ourInstance } from '../../domain/connector.ts';
import type { Dialer } from '../../domain/dialer.ts';
import type { Platform } from '../../domain/platform.ts';
import type { SetupInstance } from '../../flows/setup/named-steps.ts';
import { type OwnFacts, ownSteps } from '../../flows/setup/own-steps.ts';
import type { CliContext } from '../context.ts';
import { openOfflineSite } from '../offline-site.ts';
import type { SharedState } from '../shared-state.ts';

/** Every configured dialer and platform, without the service, and Patchbay's own steps with theirs. */
export interface SetupSite {
  dialers: readonly Dialer[];
  platforms: readonly Platform[];
  instances: readonly SetupInstance[];
  close(): Promise<void>;
}

/**
 * Makes them. Nothing of them runs.
 *
 * @param shared what they share with the service (Default: by the store, if it is there)
 */
export function openSetupSite(context: CliContext, config: PatchbayConfig, shared?: SharedState): SetupSite {
  const { site, close } = openOfflineSite(context, config, [], shared);
  const dialers = [...site.dialers.values()];
  const platforms = [...site.platforms.values()];
  const own = { id: ourInstance, type: ourInstance, setupSteps: ownSteps(ownFacts(context, config, dialers)) };
  return {
    dialers,
    platforms,
    instances: [
      { ...own, kind: 'patchbay' },
      ...platforms.map((platform) => ({ ...stepsOf(platform), kind: 'platform' as const })),
      ...dialers.map((dialer) => ({ ...stepsOf(dialer), kind: 'dialer' as const })),
    ],
    close,
  };
}

function stepsOf({ id, type, setupSteps = [] }: Dialer | Platform): Omit<SetupInstance, 'kind'> {
  return { id, type, setupSteps };
}

function ownFacts(context: CliContext, config: PatchbayConfig, dialers: readonly Dialer[]): OwnFacts {
  const { store } = config;
  const configFile = resolve(context.configFile());
  const written = [config.spool.folder, dirname(config.setup.journal)];
  if (store.kind === 'sqlite') written.push(dirname(store.file));
  return {
    publicUrl: config.server.publicUrl,
    host: config.server.host,
    port: config.server.port,
    configFile,
    secretsFile: secretsFileOf(configFile),
    folder: process.cwd(),
    node: process.execPath,
    program: fileURLToPath(new URL('../patchbay.js', import.meta.url)),
    written: [...new Set(written.map((folder) => resolve(folder)))],
    store:
      store.kind === 'sqlite'
        ? { kind: 'file', name: `the file \`${resolve(store.file)}\`` }
        : { kind: 'database', name: `the database \`${store.database}\` on \`${store.host}:${store.port}\`` },
    dialers: Object.keys(config.dialers),
    asking: dialers.filter(({ listeners = [] }) => listeners.length > 0).map(({ id }) => id),
    campaigns: Object.entries(config.dialers).flatMap(([dialer, { campaigns }]) =>
      Object.keys(campaigns)
        .filter((campaign) => campaign !== '*')
        .map((campaign) => ({ dialer, campaign })),
    ),
  };
}
