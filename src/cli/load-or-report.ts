import { loadConfig } from '../../config/load.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { CliContext } from './context.ts';

/** The configuration, or null after all of its faults were printed at once (exit code 1). */
export async function loadOrReport(context: CliContext): Promise<PatchbayConfig | null> {
  const loaded = await loadConfig({
    file: context.configFile(),
    env: context.environment.variables,
    registry: context.registry,
  });
  if (loaded.kind === 'faults') {
    context.err(loaded.report);
    context.exit(1);
    return null;
  }
  for (const warning of loaded.warnings) context.err(`warning: ${warning}`);
  return loaded.config;
}
