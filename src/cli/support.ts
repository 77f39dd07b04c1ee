import { randomUUID } from 'node:crypto';
import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { redact, secretsIn } from '../../config/redact.ts';
import { configSchema, type PatchbayConfig } from '../../config/schema.ts';
import { readSecrets } from '../../config/secrets-file.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { examineSite } from '../flows/doctor/examine-site.ts';
import { openJournal } from '../flows/setup/journal.ts';
import { type BundleSources, bundleParts } from '../flows/support-bundle/bundle-parts.ts';
import { makeBundle } from '../flows/support-bundle/make-bundle.ts';
import { createRedactionGate } from '../flows/support-bundle/redaction-gate.ts';
import { lookAtStore } from '../store/look-at-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { CliContext } from './context.ts';
import { installedVersions } from './installed-versions.ts';
import { openOfflineSite } from './offline-site.ts';
import { operatorName } from './operator.ts';

interface BundleOptions {
  out?: string;
  log?: string;
}

const askMs = 5000;
const logBytes = 512 * 1024;
const logLines = 1000;

export function addSupportCommand(program: Command, context: CliContext): void {
  program
    .command('support')
    .description('what helps somebody else to help')
    .command('bundle')
    .description('one ZIP with configuration, versions, doctor results and recent failures; no secrets, no numbers')
    .option('--out <file>', 'where to (Default: patchbay-support-<time>.zip)')
    .option('--log <file>', 'the log of the service: its last lines come along')
    .action((options: BundleOptions) => bundle(context, options));
}

async function bundle(context: CliContext, options: BundleOptions): Promise<void> {
  const { registry, environment } = context;
  const loaded = await loadConfig({ file: context.configFile(), env: environment.variables, registry });
  const config = loaded.kind === 'ok' ? loaded.config : null;
  const schema = configSchema(registry);
  // Beside the configuration lie secrets that it holds only as hashes, or not any more.
  const beside = await readSecrets(context.configFile());
  const gate = createRedactionGate([
    ...(config ? secretsIn(config, schema) : []),
    ...Object.values(beside.values).flatMap((value) => value ?? []),
  ]);
  const store = config ? await openHeldStore(config) : { why: 'the configuration can not be read' };
  const offline = config && openOfflineSite(context, config, loaded.kind === 'ok' ? loaded.warnings : []);
  try {
    const parts = bundleParts({
      ...sourcesOf(config, options),
      versions: installedVersions(context.version),
      configuration: config ? { value: redact(config, schema) } : { faults: faultsOf(loaded) },
      examine: offline && (() => examineSite(offline.site)),
      ask: (path) => ask(offline ? [offline.site.listenUrl, offline.site.publicUrl] : [], path),
      store,
    });
    const madeAt = new Date().toISOString();
    const { bytes, names, missing } = await makeBundle(parts, gate, madeAt);
    const file = options.out ?? `patchbay-support-${madeAt.slice(0, 19).replaceAll(':', '-')}.zip`;
    await write(file, bytes);
    context.out(`${file}: ${names.join(', ')}`);
    for (const { name, why } of missing) context.err(`not in it: ${name}: ${why}`);
    context.out('Secrets and numbers were taken out; look through it all the same before you send it.');
  } finally {
    await offline?.close();
    if (!('why' in store)) await store.close();
  }
}

function sourcesOf(
  config: PatchbayConfig | null,
  { log }: BundleOptions,
): Pick<BundleSources, 'spool' | 'journal' | 'log'> {
  return {
    spool: () => sizeOfFolder(config?.spool.folder ?? ''),
    journal: async () => (config ? journalThings(config.setup.journal) : []),
    log: log === undefined ? null : () => lastLines(log),
  };
}

function journalThings(file: string) {
  return openJournal(
    { clock: { now: Date.now, sleep: async () => undefined }, newId: randomUUID, by: operatorName() },
    file,
  ).things();
}

function faultsOf(loaded: LoadedConfig): string {
  return loaded.kind === 'faults' ? loaded.report : '';
}

/** Only a store that is there and up to date is looked into: a bundle makes and changes nothing. */
async function openHeldStore(config: PatchbayConfig): Promise<Store | { why: string }> {
  const state = await lookAtStore(config.store);
  if (state.kind === 'broken') return { why: state.why };
  if (state.kind !== 'ready') return { why: 'its tables are not there, or not up to date: `serve` makes them' };
  const rules = { dialers: {}, technicalEndWaitSec: 0, humanWaitSec: 0, handOverOutcomes: [], sharedNumberLeads: 1 };
  try {
    return await openStore({
      config: config.store,
      rules,
      migrate: false,
      newId: randomUUID,
      ignoresIdempotency: false,
      onWarning: () => undefined,
    });
  } catch (error) {
    return { why: messageOf(error) };
  }
}

async function ask(urls: readonly string[], path: string): Promise<string> {
  let why = 'the configuration can not be read';
  for (const url of urls.filter(Boolean)) {
    try {
      const response = await fetch(`${url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(askMs) });
      if (response.ok) return await response.text();
      why = `${path} answered ${response.status}`;
    } catch {
      why = 'the service does not answer';
    }
  }
  throw new Error(why);
}

async function sizeOfFolder(folder: string): Promise<{ files: number; sizeBytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return { files: sizes.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The end of a file, from the first whole line on. */
async function lastLines(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, logBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').split('\n');
    return (length < size ? lines.slice(1) : lines).slice(-logLines).join('\n');
  } finally {
    await handle.close();
  }
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new ConnectorError('bad_request', `${file} can't be written: ${messageOf(cause)}`, {
      hint: 'Name another file with --out; one that is there is left alone.',
      cause,
    });
  }
}
