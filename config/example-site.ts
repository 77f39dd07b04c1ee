import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectors } from '../connectors/index.ts';
import { type OfflineSite, openOfflineSite } from '../src/cli/offline-site.ts';
import { checkConfig } from './load.ts';

/**
 * Dialers and platforms as patchbay.example.yaml has them, with made-up secrets: the documents' tables are made of them.
 *
 * @param change of its text
 */
export async function openExampleSite(change = (text: string) => text): Promise<OfflineSite> {
  const file = fileURLToPath(new URL('patchbay.example.yaml', import.meta.url));
  const text = change(readFileSync(file, 'utf8'));
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const variables = Object.fromEntries(names.map((name) => [name, madeUp(name)]));
  const loaded = await checkConfig({ file, text, env: variables, registry: connectors });
  if (loaded.kind === 'faults') throw new Error(loaded.report);
  const environment = { variables, configFile: undefined, clockFile: undefined };
  const context = { registry: connectors, environment, configFile: () => 'config/patchbay.yaml' };
  return openOfflineSite(context, loaded.config, loaded.warnings);
}

/** A secret that is one by its form. */
function madeUp(name: string): string {
  if (/SHA256/.test(name)) return 'a'.repeat(64);
  return /PASSWORD_HASH/.test(name) ? `$argon2id$${'a'.repeat(64)}` : 'x1'.repeat(16);
}
