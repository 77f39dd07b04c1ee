import { createHmac } from 'node:crypto';
import { reloadable } from './restart-keys.ts';
import type { PatchbayConfig } from './schema.ts';

/**
 * Names what a configuration says, environment and secrets included, but for what belongs to one process alone: processes
 * with one version serve alike. Keyed, for it is shown, and a secret must not be guessed from it.
 */
export function versionOf(config: PatchbayConfig): string {
  return createHmac('sha256', config.secret)
    .update(JSON.stringify(reloadable(config)))
    .digest('hex')
    .slice(0, 10);
}
