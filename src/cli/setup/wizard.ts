import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { instanceIdPattern } from '../../../config/cross-checks.ts';
import { readDocument } from '../../../config/document.ts';
import { editDocument } from '../../../config/edit-document.ts';
import { checkConfig } from '../../../config/load.ts';
import { renderReport } from '../../../config/report.ts';
import { configSchema, type PatchbayConfig } from '../../../config/schema.ts';
import { ConnectorError } from '../../domain/errors.ts';
import type { Asker } from '../../domain/setup.ts';
import { type AskSiteDeps, askSite } from '../../flows/setup/ask-site.ts';
import type { SiteDraft } from '../../flows/setup/draft-site.ts';
import type { CliContext } from '../context.ts';
import { createKey } from '../key.ts';
import { offlineDeps } from '../offline-instance.ts';
import { createLogger } from '../open-app.ts';
import { differences } from './differences.ts';
import { putFile, readSiteFiles, type SiteFiles, valueIn, withSecrets } from './site-files.ts';

export interface WizardOptions {
  /** Whether the changes that were shown shall be written. */
  agree(): Promise<boolean>;
  /** Whether every question has its answer; if not, that was said. @param leftOut ids whose questions broke off */
  isAnswered(leftOut: readonly string[]): boolean;
  /** Whether the rest is written when a system could not be asked to the end. */
  goesOnWithout: boolean;
}

/** Asks, shows what changes, and writes it. Gives the configuration as it is then; null when it was left as it was. */
export async function runWizard(
  context: CliContext,
  ask: Asker,
  options: WizardOptions,
): Promise<PatchbayConfig | null> {
  const first = await readSiteFiles(context);
  for (const warning of first.warnings) context.err(`warning: ${warning}`);
  const draft = await askDraft(context, first, ask);
  // Before the questions that are open for this very reason.
  for (const { id, reason } of draft.failures.filter((failure) => failure.reason !== '')) {
    context.err(`${id} was left out: ${reason}`);
  }
  if (!options.isAnswered(draft.failures.map(({ id }) => id))) return null;
  if (draft.failures.length > 0) {
    context.exit(1);
    if (!options.goesOnWithout) return null;
  }

  // Read anew: the questions take their time, in which somebody else may have changed them.
  const files = await readSiteFiles(context);
  const document = editDocument(files.configText || beginningOf(files.configFile));
  const before = document.value();
  for (const { path, value } of draft.changes) document.lay(path, value);
  const text = document.text();
  const { registry, environment } = context;
  const env = { ...files.env, ...Object.fromEntries(draft.secrets) };
  const checked = await checkConfig({ file: files.configFile, text, env, registry });
  if (checked.kind === 'faults') {
    context.err(`Nothing was written. With these answers\n${checked.report}`);
    context.exit(1);
    return null;
  }

  const lines = differences(before, document.value(), configSchema(registry));
  if (lines.length === 0 && draft.secrets.size === 0) {
    context.out('Nothing changes.');
    return checked.config;
  }
  context.out(`${files.configText === '' ? 'New:' : 'Changes:'} ${files.configFile}`);
  for (const line of lines) context.out(`  ${line}`);
  for (const name of draft.secrets.keys()) context.out(`  ${name}: into ${files.secretsFile}`);
  for (const name of [...draft.secrets.keys()].filter((each) => environment.variables[each] !== undefined)) {
    context.err(`warning: the environment sets ${name} to something else, and it goes before the file.`);
  }
  if (!(await options.agree())) {
    context.out('Nothing was written.');
    return null;
  }
  const last = await readSiteFiles(context);
  if (last.configText !== files.configText || last.secretsText !== files.secretsText) {
    context.err(`Nothing was written: somebody changed ${files.configFile} or its secrets meanwhile. Run this again.`);
    context.exit(1);
    return null;
  }
  await write(context, files, draft, text);
  for (const warning of checked.warnings) context.err(`warning: ${warning}`);
  return checked.config;
}

function beginningOf(configFile: string): string {
  if (configFile.endsWith('.json')) return '{}';
  return "# Patchbay's configuration, begun by npx patchbay setup. Every key: docs/configuration.md\n";
}

/** The questions alone: what they come to, from the configuration as it is. */
export function askDraft(context: CliContext, files: SiteFiles, ask: Asker): Promise<SiteDraft> {
  const { faults } = readDocument(files.configText);
  if (faults.length > 0) {
    const report = renderReport(
      files.configFile,
      faults.map((fault) => ({ path: '', ...fault })),
    );
    throw new ConnectorError('config_invalid', report.trim(), { hint: 'Mend it first, or move it away.' });
  }
  return askSite(depsOf(context, files), ask);
}

function depsOf({ registry }: CliContext, files: SiteFiles): AskSiteDeps {
  const { platforms, dialers } = registry;
  return {
    factories: [
      ...platforms.map(({ type, wizard }) => ({ type, kind: 'platform' as const, wizard })),
      ...dialers.map(({ type, wizard }) => ({ type, kind: 'dialer' as const, wizard })),
    ],
    present: editDocument(files.configText).value(),
    valueOfName: (name) => valueIn(files.env, name),
    createKey,
    hashKey: (key) => createHash('sha256').update(key).digest('hex'),
    randomText: () => randomBytes(24).toString('hex'),
    judgeId: (id) =>
      instanceIdPattern.test(id) && id !== 'patchbay'
        ? null
        : `"${id}" can't be an id: begin with a lower-case letter; then up to 30 lower-case letters, digits or -.`,
    connectorDeps: (id, publicUrl) => ({
      ...offlineDeps(
        {
          log: { level: 'silent', format: 'json' },
          secret: '',
          dialers: {},
          outcomes: { extra: [], technicalEndWaitSec: 0, humanWaitSec: 0, handOver: [] },
          server: { publicUrl },
        },
        id,
      ),
      // Standard output is for the questions: what connectors would log, their errors say.
      log: createLogger({ log: { level: 'silent', format: 'json' } }, 'silent'),
    }),
  };
}

/** First the secrets: a configuration must never name one that is not there. */
async function write(context: CliContext, files: SiteFiles, draft: SiteDraft, text: string): Promise<void> {
  const { configFile, secretsFile } = files;
  await mkdir(dirname(configFile), { recursive: true });
  if (draft.secrets.size > 0) await putFile(secretsFile, withSecrets(files.secretsText, draft.secrets), 0o600);
  if (text === files.configText) return;
  if (files.configText !== '') {
    const backup = `${configFile}.backup-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
    await putFile(backup, files.configText, 0o600);
    context.out(`The configuration as it was is in ${backup}.`);
  }
  await putFile(configFile, text, files.configText === '' ? 0o640 : undefined);
  context.out(`${configFile} is written.`);
}
