import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { differenceOf, effectsOf } from '../../config/difference.ts';
import { type ConfigHistory, configHistory, historyPlaces, type KeptConfiguration } from '../../config/history.ts';
import { faultLine } from '../../config/report.ts';
import { restartFaults } from '../../config/restart-keys.ts';
import { configSchema, type PatchbayConfig } from '../../config/schema.ts';
import { versionOf } from '../../config/version.ts';
import { replaceFile } from '../../config/write-file.ts';
import { instantOf } from '../domain/clock.ts';
import { ConnectorError } from '../domain/errors.ts';
import { carryOut } from '../flows/carry-out-reload.ts';
import { runningProcesses } from '../flows/wish-reload.ts';
import { changeLines, checkText, readableOf } from './config-lines.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';
import { operatorName } from './operator.ts';
import { isAgreed, tell } from './reload.ts';
import { tableLines } from './terminal-table.ts';

/** `patchbay config`: the configurations that were in use on this machine, what is different between them, and the way back. */
export function addConfigCommand(program: Command, context: CliContext): void {
  const config = program
    .command('config')
    .description('the configurations that were in use here, and the way back')
    .option('--history <folder>', 'where they lie (Default: where the file says, as far as it can be read)');
  const historyHere = () => findHistory(context, config.opts<{ history?: string }>().history);
  config
    .command('list')
    .description('the latest first')
    .option('--json', 'one JSON line each')
    .action(async ({ json }: { json?: boolean }) => list(context, await historyHere(), json === true));
  config
    .command('diff')
    .description('what is different, key by key, with the secrets of today')
    .argument('<from>', 'a version, as `patchbay config list` has it')
    .argument('[to]', 'another one (Default: the file as it lies there now)')
    .action(async (from: string, to: string | undefined) => diff(context, await historyHere(), { from, to }));
  config
    .command('rollback')
    .description('put an earlier configuration in the place of the file, and take it up')
    .argument(
      '[version]',
      'as `patchbay config list` has it (Default: the one before the present; where the file has faults, the present)',
    )
    .option('--yes', 'do not ask before doing what was shown')
    .action(async (version: string | undefined, options: { yes?: boolean }) =>
      rollBack(context, await historyHere(), { ...options, version }),
    );
}

/** A file with faults still says where, as far as it can be read. */
async function findHistory(context: CliContext, folder: string | undefined): Promise<ConfigHistory> {
  const text = await readFile(context.configFile(), 'utf8').catch(() => '');
  const loaded = await checkText(context, text);
  const settings = loaded.kind === 'ok' ? loaded.config : historyPlaces(await readableOf(context, text));
  return configHistory(folder === undefined ? settings : { ...settings, history: { ...settings.history, folder } });
}

async function list(context: CliContext, history: ConfigHistory, isJson: boolean): Promise<void> {
  const kept = await history.list();
  if (isJson) {
    for (const { text: _, ...told } of kept) context.out(JSON.stringify(told));
    return;
  }
  if (kept.length === 0)
    return context.out(`Nothing is kept in ${history.folder} yet: a service keeps the configuration it begins with.`);
  const rows = kept.map(({ version, at, by, isUsed }) => [version, at, by, isUsed ? '' : 'never in use']);
  for (const line of tableLines({ head: ['version', 'since', 'by', ''], rows })) context.out(line);
}

async function diff(
  context: CliContext,
  history: ConfigHistory,
  { from, to }: { from: string; to: string | undefined },
): Promise<void> {
  const kept = await history.list();
  const older = await goodText(context, textOf(kept, from));
  const newer = to === undefined ? await loadOrReport(context) : await goodText(context, textOf(kept, to));
  if (!newer) return;
  const changes = differenceOf(older, newer, configSchema(context.registry));
  for (const line of changeLines(changes)) context.out(line);
  if (changes.length === 0) context.out('Nothing is different.');
}

async function rollBack(
  context: CliContext,
  history: ConfigHistory,
  { version, ...options }: { version: string | undefined; yes?: boolean },
): Promise<void> {
  const file = context.configFile();
  const present = await readFile(file, 'utf8').catch(() => '');
  const kept = await history.list();
  const running = kept.find(({ isUsed }) => isUsed);
  if (!running) throw noVersion(`nothing that was in use is kept in ${history.folder}`);
  const before = kept.find(({ isUsed, version: own }) => isUsed && own !== running.version)?.version;
  const isFaulty = (await checkText(context, present)).kind !== 'ok';
  const chosen = version ?? (isFaulty ? running.version : before);
  if (!chosen) throw noVersion('there is none before the present one');
  const text = textOf(kept, chosen);
  const [inUse, config] = [await goodText(context, running.text), await goodText(context, text)];
  const faults = restartFaults(inUse, config);
  for (const fault of faults) context.err(faultLine(fault));
  if (faults.length > 0) return context.exit(1);

  const changes = differenceOf(inUse, config, configSchema(context.registry));
  for (const line of changeLines(changes)) context.out(line);
  if (changes.length === 0) context.out(`${file} becomes what was in use last: ${chosen}, since ${running.at}.`);
  for (const effect of effectsOf(changes)) context.out(`! ${effect}`);
  if (!(await isAgreed(context, options))) return context.exit(1);
  await putBack(context, { file, present, text, config });
}

async function putBack(
  context: CliContext,
  { file, present, text, config }: { file: string; present: string; text: string; config: PatchbayConfig },
): Promise<void> {
  const app = await openApp(context, config, createLogger(config, 'warn'));
  try {
    const [at, by] = [instantOf(app.deps.clock), operatorName()];
    const history = configHistory(config);
    const unused = await checkText(context, present);
    // What nobody took up yet would be gone with the file.
    const isNew = present !== '' && !(await history.list()).some((each) => each.text === present);
    const presentVersion = unused.kind === 'ok' ? versionOf(unused.config) : 'faulty';
    if (isNew) await history.keep({ version: presentVersion, at, by, text: present, isUsed: false });
    await replaceFile(file, text);
    const version = versionOf(config);
    const details = { was: presentVersion };
    await app.deps.store.appendAudit({ at, by, act: 'config-rollback', subject: version, details });
    if ((await runningProcesses(app.deps)).length === 0) {
      return context.out(`${file} is as it was in ${version}. No process of the service runs.`);
    }
    const answers = await carryOut(app.deps, by);
    const isTaken = tell(context, config, answers, {});
    if (isTaken || answers.some(({ result }) => result !== 'refused') || present === '') return;
    await replaceFile(file, present);
    context.err('Nobody took it up: the file is as it was before.');
  } finally {
    await app.stop(0);
  }
}

function textOf(kept: readonly KeptConfiguration[], version: string): string {
  const found = kept.find((each) => each.version === version);
  if (!found) throw noVersion(`no configuration ${version} is kept here`);
  return found.text;
}

async function goodText(context: CliContext, text: string): Promise<PatchbayConfig> {
  const checked = await checkText(context, text);
  if (checked.kind === 'ok') return checked.config;
  throw new ConnectorError('config_invalid', checked.report.trim(), {
    hint: 'It was good once: see what this release, or the environment, has changed.',
  });
}

function noVersion(what: string): ConnectorError {
  const hint = 'See `patchbay config list`. Where they lie elsewhere, name the folder with `--history`.';
  return new ConnectorError('bad_request', what, { hint });
}
