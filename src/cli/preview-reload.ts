import { differenceOf, effectsOf } from '../../config/difference.ts';
import { faultLine } from '../../config/report.ts';
import { restartFaults } from '../../config/restart-keys.ts';
import { configSchema, type PatchbayConfig } from '../../config/schema.ts';
import { versionOf } from '../../config/version.ts';
import type { ReloadPreview } from '../domain/reload.ts';
import { changeLines } from './config-lines.ts';
import type { CliContext } from './context.ts';
import type { GoodConfig } from './load-or-report.ts';

/** What taking up a file would change, line by line and without secrets; or why a running service can't. */
export function previewOf(
  context: Pick<CliContext, 'registry'>,
  running: PatchbayConfig,
  { config, warnings }: GoodConfig,
): ReloadPreview {
  const faults = restartFaults(running, config);
  if (faults.length > 0) return { kind: 'faulty', faults: faults.map(faultLine) };
  const changes = differenceOf(running, config, configSchema(context.registry));
  return {
    kind: 'good',
    version: versionOf(config),
    changes: changeLines(changes),
    effects: effectsOf(changes),
    warnings,
  };
}
