import type { Command } from 'commander';
import { configHistory } from '../../config/history.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import { versionOf } from '../../config/version.ts';
import type { ReloadPreview } from '../domain/reload.ts';
import { answerWords, carryOut, type ProcessAnswer } from '../flows/carry-out-reload.ts';
import { runningProcesses } from '../flows/wish-reload.ts';
import { configOfText } from './config-lines.ts';
import type { CliContext } from './context.ts';
import { type GoodConfig, loadFileOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';
import { operatorName } from './operator.ts';
import { previewOf } from './preview-reload.ts';

interface ReloadOptions {
  yes?: boolean;
  json?: boolean;
}

/** `patchbay reload`: has the running service take up the configuration as it lies there now. */
export function addReloadCommand(program: Command, context: CliContext): void {
  program
    .command('reload')
    .description('take up the configuration as it lies there now, without a restart')
    .option('--yes', 'do not ask before doing what was shown')
    .option('--json', 'one JSON line at the end; needs --yes')
    .action(async (options: ReloadOptions) => {
      const loaded = await loadFileOrReport(context);
      if (loaded) await reload(context, loaded, options);
    });
}

async function reload(context: CliContext, loaded: GoodConfig, options: ReloadOptions): Promise<void> {
  const { config } = loaded;
  const isTold = !options.json;
  const latest = await latestInUse(context, config);
  const preview = latest && previewOf(context, latest, loaded);
  if (preview?.kind === 'faulty') {
    context.err('A running service can not take this up:');
    for (const fault of preview.faults) context.err(`  ${fault}`);
    return context.exit(1);
  }
  if (isTold) show(context, preview);
  if (!(await isAgreed(context, options))) return context.exit(1);

  const app = await openApp(context, config, createLogger(config, 'warn'));
  try {
    if ((await runningProcesses(app.deps)).length === 0) {
      if (options.json) context.out(JSON.stringify({ version: versionOf(config), processes: [] }));
      else context.out('No process of the service runs: the next one begins with this configuration.');
      return;
    }
    const answers = await carryOut(app.deps, operatorName());
    tell(context, config, answers, options);
  } finally {
    await app.stop(0);
  }
}

/** What ran here last, by this machine's history; null when that can't be told. */
async function latestInUse(context: CliContext, config: PatchbayConfig): Promise<PatchbayConfig | null> {
  const latest = (await configHistory(config).list()).find(({ isUsed }) => isUsed);
  return latest ? configOfText(context, latest.text) : null;
}

function show(context: CliContext, preview: Extract<ReloadPreview, { kind: 'good' }> | null): void {
  if (!preview) {
    context.out('What is different from before can not be told: nothing was kept of it here.');
    return;
  }
  if (preview.changes.length === 0) context.out('The file says what it said before; secrets are read anew.');
  for (const line of preview.changes) context.out(line);
  for (const effect of preview.effects) context.out(`! ${effect}`);
}

/** Who is not at a terminal says so beforehand. */
export async function isAgreed(context: CliContext, { yes, json }: ReloadOptions): Promise<boolean> {
  if (yes) return true;
  if (json || !process.stdin.isTTY) {
    context.err('There is no terminal to ask at: say --yes to do it.');
    return false;
  }
  const { terminalAsker } = await import('./setup/terminal-asker.ts');
  const asker = terminalAsker({ input: process.stdin, output: process.stdout });
  return asker.confirm({ key: 'reload', message: 'Take this up now?', byDefault: false });
}

/** Prints who took it up and who did not. @returns whether all did */
export function tell(
  context: CliContext,
  config: PatchbayConfig,
  answers: readonly ProcessAnswer[],
  { json }: ReloadOptions,
): boolean {
  const version = versionOf(config);
  const isGood = answers.every(({ result }) => result === 'applied' || result === 'same');
  if (!isGood) context.exit(1);
  if (json) {
    context.out(JSON.stringify({ version, processes: answers }));
    return isGood;
  }
  for (const { name, result, version: own, faults } of answers) {
    context.out(`${name}: ${answerWords[result]}${own ? ` (${own})` : ''}`);
    for (const fault of faults) context.out(`  ${fault}`);
  }
  const others = answers.filter(({ result, version: own }) => result !== 'silent' && own !== version);
  if (isGood && others.length > 0) {
    context.out('The processes do not run the same configuration: their files or secrets differ.');
  }
  return isGood;
}
