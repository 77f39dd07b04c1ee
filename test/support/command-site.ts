import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorRegistry } from '../../config/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { openTestStore } from '../contract/store/store-cast.ts';
import { type CliRun, runMain } from '../unit/cli/run-main.ts';

export const commandRegistry: ConnectorRegistry = { dialers: [madeUp], platforms: [] };

export interface CommandSite {
  folder: string;
  config: string;
  /** Runs a command with this configuration. */
  run(...words: string[]): Promise<CliRun>;
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  remove(): void;
}

/**
 * A folder with a configuration and a store, for commands that run in this process. Its one dialer is `carousel`; with
 * `dispositions` the store plans them for it.
 */
export function makeCommandSite(
  dialer: { url?: string; campaign?: string; dispositions?: Record<string, string> } = {},
): CommandSite {
  const { url = 'http://127.0.0.1:9', campaign = 'Autumn', dispositions } = dialer;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-commands-'));
  const config = join(folder, 'patchbay.json');
  const store = { kind: 'sqlite', file: join(folder, 'store.sqlite') } as const;
  const settings = {
    store,
    spool: { folder: join(folder, 'spool') },
    log: { level: 'silent' },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: { carousel: { type: 'made-up', url, campaigns: { [campaign]: { dispositions } } } },
  };
  writeFileSync(config, JSON.stringify(settings));
  const campaigns = { [campaign]: { dispositions: dispositions ?? {}, fields: {} } };
  const rules = {
    dialers: { carousel: { aspects: ['disposition'] as const, campaigns } },
    technicalEndWaitSec: 0,
    humanWaitSec: 0,
    handOverOutcomes: [],
  };

  return {
    folder,
    config,
    run: (...words) => runMain(['-c', config, ...words], commandRegistry),
    async withStore(work) {
      const opened = await openTestStore(store, dispositions ? { rules } : {});
      try {
        return await work(opened);
      } finally {
        await opened.close();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
