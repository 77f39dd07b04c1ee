import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { CliContext } from './context.ts';

export type GoodConfig = Extract<LoadedConfig, { kind: 'ok' }>;

/** The configuration, or null after all of its faults were printed at once (exit code 1). */
export async function loadOrReport(context: CliContext): Promise<PatchbayConfig | null> {
  return (await loadFileOrReport(context))?.config ?? null;
}

/** The same with the text of its file. */
export async function loadFileOrReport(context: CliContext): Promise<GoodConfig | null> {
  const loaded = await loadFile(context);
  if (loaded.kind === 'faults') {
    context.err(loaded.report);
    context.exit(1);
    return null;
  }
  for (const warning of loaded.warnings) context.err(`warning: ${warning}`);
  return loaded;
}

/** Reads and checks the file as it lies there now. */
export function loadFile(context: Pick<CliContext, 'configFile' | 'environment' | 'registry'>): Promise<LoadedConfig> {
  return loadConfig({
    file: context.configFile(),
    env: context.environment.variables,
    registry: context.registry,
  });
}
