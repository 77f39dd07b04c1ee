import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configHistory } from '../../config/history.ts';
import { loadConfig } from '../../config/load.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { configSchema } from '../../config/schema.ts';
import type { ReloadAnswer } from '../../src/domain/reload.ts';
import { createReloading, type Reloading } from '../../src/reloading.ts';
import { startTestApp, type TestApp } from './start-app.ts';

type Overrides = NonNullable<Parameters<typeof startTestApp>[0]>;

/** A Patchbay in this process that takes up other configurations as the service does, from a file. */
export interface ReloadingApp extends TestApp {
  file: string;
  reloading: Reloading;
  /** Puts these in the place of what the file had under the same names, and has it taken up. */
  reload(change: Record<string, unknown>): Promise<ReloadAnswer>;
  /** The same with the text of the whole file. */
  reloadText(text: string): Promise<ReloadAnswer>;
  /** The next change begins with these again, whatever was put in their place. */
  forget(change: Record<string, unknown>): void;
}

export async function startReloadingApp(overrides: Overrides & { registry: ConnectorRegistry }): Promise<ReloadingApp> {
  const { registry } = overrides;
  const patchbay = await startTestApp(overrides);
  const { app, folder } = patchbay;
  const file = join(folder, 'patchbay.json');
  let { raw } = patchbay;
  writeFileSync(file, JSON.stringify(raw), { mode: 0o600 });
  const reloading = createReloading({
    app,
    log: app.deps.log,
    load: () => loadConfig({ file, env: {}, registry }),
    schema: configSchema(registry),
    history: configHistory(app.config),
  });
  await reloading.start(JSON.stringify(raw));

  async function reloadText(text: string): Promise<ReloadAnswer> {
    writeFileSync(file, text, { mode: 0o600 });
    return reloading.now('anna');
  }
  return {
    ...patchbay,
    file,
    reloading,
    reloadText,
    reload(change) {
      raw = { ...raw, ...change };
      return reloadText(JSON.stringify(raw));
    },
    forget(change) {
      raw = { ...raw, ...change };
    },
    async stop() {
      reloading.stop();
      await patchbay.stop();
    },
  };
}
