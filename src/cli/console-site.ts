import { loadConfig } from '../../config/load.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import { fileClock, systemClock } from '../clock.ts';
import type { ConsoleSite } from '../console/console-deps.ts';
import type { Log } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { createDoctorDesk } from '../flows/doctor/doctor-desk.ts';
import { createRunbookShelf } from '../flows/setup/runbook-shelf.ts';
import { withLease } from '../workers/lease.ts';
import type { CliContext } from './context.ts';
import { stateOfStore } from './shared-state.ts';

/** What the running service lends; there once it is put together. */
export type ServiceParts = Pick<Deps, 'store' | 'gate' | 'newId'>;

const doctorLease = 'doctor';
const restart = 'The configuration is another than the one that the service began with: restart the service.';

/**
 * Doctor and set-up for the console of a running service: with instances of their own, made from the configuration as it
 * lies there now, and gone after each run (decision 0024).
 *
 * @param begun the configuration that the service runs with
 */
export function createConsoleSite(
  context: CliContext,
  begun: PatchbayConfig,
  log: Log,
  parts: () => ServiceParts,
): ConsoleSite {
  const { clockFile, variables } = context.environment;
  const clock = clockFile ? fileClock(clockFile) : systemClock;
  const beganWith = JSON.stringify(begun);
  // The service's own store: a second one would cost two more threads, or a pool.
  const shared = stateOfStore(() => (parts().gate.isAway() ? null : parts().store), log);

  async function load(): Promise<{ config: PatchbayConfig; warnings: string[] }> {
    const loaded = await loadConfig({ file: context.configFile(), env: variables, registry: context.registry });
    if (loaded.kind === 'faults') {
      throw new ConnectorError('config_invalid', loaded.report.trim(), { hint: 'Mend it, and run this again.' });
    }
    const isOther = JSON.stringify(loaded.config) !== beganWith;
    return { config: loaded.config, warnings: isOther ? [restart, ...loaded.warnings] : loaded.warnings };
  }

  /** Loaded when somebody asks: most services run for weeks without. */
  async function whole(): Promise<CliContext> {
    return { ...context, registry: (await context.wholeRegistry?.()) ?? context.registry };
  }

  return {
    doctor: createDoctorDesk({
      clock,
      async openSite() {
        const { config, warnings } = await load();
        const { openOfflineSite } = await import('./offline-site.ts');
        return openOfflineSite(await whole(), config, warnings, shared);
      },
      async alone(work) {
        const { store, gate, newId } = parts();
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
