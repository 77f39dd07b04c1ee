import { basename, dirname, extname, join, relative } from 'node:path';
import { secretsIn } from '../../../config/redact.ts';
import { configSchema, type PatchbayConfig } from '../../../config/schema.ts';
import { secretsFileOf } from '../../../config/secrets-file.ts';
import { readSite } from '../../flows/setup/read-site.ts';
import { gatherRunbook, type Runbook, runbookMarkdown } from '../../flows/setup/write-runbook.ts';
import type { CliContext } from '../context.ts';
import type { SharedState } from '../shared-state.ts';
import { openSetupSite } from './setup-site.ts';
import { putFile, readSiteFiles } from './site-files.ts';

/** How long a look at all systems may take for the picture of the site. */
const lookMs = 10_000;
/** A shorter secret may be part of a word that is none. */
const leastSecret = 6;

/** Where the runbook of a configuration lies: `config/patchbay.runbook.md`. */
export function runbookFileOf(configFile: string): string {
  return join(dirname(configFile), `${basename(configFile, extname(configFile))}.runbook.md`);
}

/** The runbook of the site, as its configuration and its systems are now. */
export async function makeRunbook(context: CliContext, config: PatchbayConfig, shared?: SharedState): Promise<Runbook> {
  const site = openSetupSite(context, config, shared);
  try {
    const files = await readSiteFiles(context);
    const names = new Set([...files.configText.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name = '']) => name));
    const written = secretsIn(config, configSchema(context.registry)).map((value) => [value, '•••'] as const);
    const named = [...names].map((name) => [files.env[name] ?? '', name] as const);
    const places = [...written, ...named].filter(([value]) => value.length >= leastSecret);
    return await gatherRunbook({
      instances: site.instances,
      picture: await readSite(site, lookMs),
      configFile: shown(files.configFile),
      secretsFile: shown(secretsFileOf(files.configFile)),
      places: new Map(places),
    });
  } finally {
    await site.close();
  }
}

/** Writes the runbook to a file, or to standard output. */
export async function putRunbook(context: CliContext, config: PatchbayConfig, file: string | true): Promise<void> {
  const text = runbookMarkdown(await makeRunbook(context, config));
  if (file === true) return context.out(text.trimEnd());
  await putFile(file, text, 0o644);
  context.out(`The runbook is in ${file}.`);
}

function shown(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') ? file : short;
}
