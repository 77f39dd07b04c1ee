import { faultLine } from '../../config/report.ts';
import { restartFaults } from '../../config/restart-keys.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import { versionOf } from '../../config/version.ts';
import type { App } from '../app.ts';
import { fileClock, systemClock } from '../clock.ts';
import type { ConsoleSite } from '../console/console-deps.ts';
import type { Log } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { createDoctorDesk } from '../flows/doctor/doctor-desk.ts';
import { createRunbookShelf } from '../flows/setup/runbook-shelf.ts';
import { withLease } from '../workers/lease.ts';
import type { CliContext } from './context.ts';
import { loadFile } from './load-or-report.ts';
import { previewOf } from './preview-reload.ts';
import { stateOfStore } from './shared-state.ts';

/** What the running service lends; there once it is put together. */
export interface ServiceParts extends Pick<App, 'config'> {
  deps: Pick<Deps, 'store' | 'gate' | 'newId'>;
}

const doctorLease = 'doctor';
const reload =
  'The service runs with another configuration than the one that lies there: `npx patchbay reload` takes it up.';
const restart = 'The service began with another configuration than the one that lies there: restart it.';

/**
 * Doctor and set-up for the console of a running service: with instances of their own, made from the configuration as it
 * lies there now, and gone after each run (decision 0024).
 *
 * @param service the running service, once it is put together
 */
export function createConsoleSite(context: CliContext, log: Log, service: () => ServiceParts): ConsoleSite {
  const { clockFile } = context.environment;
  const clock = clockFile ? fileClock(clockFile) : systemClock;
  // The service's own store: a second one would cost two more threads, or a pool.
  const shared = stateOfStore(() => (service().deps.gate.isAway() ? null : service().deps.store), log);

  async function load(): Promise<{ config: PatchbayConfig; warnings: string[] }> {
    const loaded = await loadFile(context);
    if (loaded.kind === 'faults') {
      throw new ConnectorError('config_invalid', loaded.report.trim(), { hint: 'Mend it, and run this again.' });
    }
    const { config } = service();
    const others = restartFaults(config, loaded.config).length > 0 ? [restart] : [];
    if (versionOf(config) !== versionOf(loaded.config)) others.push(reload);
    return { config: loaded.config, warnings: [...others, ...loaded.warnings] };
  }

  /** Loaded when somebody asks: most services run for weeks without. */
  async function whole(): Promise<CliContext> {
    return { ...context, registry: (await context.wholeRegistry?.()) ?? context.registry };
  }

  return {
    async previewReload() {
      const loaded = await loadFile(context);
      if (loaded.kind === 'faults') return { kind: 'faulty', faults: loaded.faults.map(faultLine) };
      return previewOf(context, service().config, loaded);
    },
    doctor: createDoctorDesk({
      clock,
      async openSite() {
        const { config, warnings } = await load();
        const { openOfflineSite } = await import('./offline-site.ts');
        return openOfflineSite(await whole(), config, warnings, shared);
      },
      async alone(work) {
        const { store, gate, newId } = service().deps;
        const run = async () => {
          await work();
          return true as const;
        };
        return gate.isAway() ? run() : withLease({ store, newId, log }, doctorLease, run);
      },
    }),
    runbook: createRunbookShelf(clock, async () => {
      const { makeRunbook } = await import('./setup/runbook.ts');
      return makeRunbook(await whole(), (await load()).config, shared);
    }),
  };
}
