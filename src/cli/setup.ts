import { confirm } from '@inquirer/prompts';
import { type Command, InvalidArgumentError } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import { answersAsker } from '../flows/setup/answers-asker.ts';
import { templateAsker } from '../flows/setup/answers-template.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { applySetup } from './setup/apply.ts';
import { readAnswers } from './setup/read-answers.ts';
import { reportOpen } from './setup/report-open.ts';
import { putRunbook, runbookFileOf } from './setup/runbook.ts';
import { readSiteFiles } from './setup/site-files.ts';
import { terminalAsker } from './setup/terminal-asker.ts';
import { showLog, undoSetup } from './setup/undo.ts';
import { askDraft, runWizard } from './setup/wizard.ts';

interface SetupOptions {
  answers?: string;
  printQuestions?: boolean;
  runbook?: string | true;
  apply?: boolean;
  only?: readonly string[];
  dryRun?: boolean;
  yes?: boolean;
}

export function addSetupCommand(program: Command, context: CliContext): void {
  const setup = program
    .command('setup')
    .description('set everything up: asks, writes the configuration and a runbook; --apply does what the APIs allow')
    .option('--answers <file>', 'answers from a file (YAML or JSON) instead of a terminal')
    .option('--print-questions', 'a file of answers to fill in; with --answers also what follows from those')
    .option('--runbook [file]', 'every step with the names of this site, as Markdown (Default: on standard output)')
    .option('--apply', 'do the steps that can be done over the APIs, after showing them')
    .option('--only <instances...>', 'only these instances', gather)
    .option('--dry-run', 'only show what would be done')
    .option('--yes', 'do not ask before doing what was shown')
    .action(async (options: SetupOptions) => {
      if (options.printQuestions) return printQuestions(context, options.answers);
      if (options.runbook !== undefined) {
        const file = options.runbook;
        return withConfig(context, (config) => putRunbook(context, config, file));
      }
      if (options.apply) return withConfig(context, (config) => applySetup(context, config, consent(context, options)));
      if (options.answers !== undefined) return fromAnswers(context, options.answers, options.dryRun === true);
      return fromTerminal(context, options);
    });
  setup
    .command('undo')
    .description('take back what --apply made, newest first')
    .option('--only <instances...>', 'only these instances', gather)
    .option('--dry-run', 'only show what would be taken back')
    .option('--yes', 'do not ask before doing what was shown')
    // Options that both know are the outer command's by then.
    .action((_: object, command: Command) =>
      withConfig(context, (config) => undoSetup(context, config, consent(context, command.optsWithGlobals()))),
    );
  setup
    .command('log')
    .description('what --apply made, when, by whom, and how it stands')
    .option('--json', 'JSON lines')
    .action((options: { json?: boolean }) =>
      withConfig(context, (config) => showLog(context, config, options.json === true)),
    );
}

async function fromTerminal(context: CliContext, options: SetupOptions): Promise<void> {
  if (!process.stdin.isTTY) {
    context.err('There is no terminal to ask at. Give the answers in a file: npx patchbay setup --answers FILE');
    context.err('npx patchbay setup --print-questions makes one to fill in.');
    return context.exit(1);
  }
  const config = await orStopped(context, () =>
    runWizard(context, terminalAsker({ input: process.stdin, output: process.stdout }), {
      agree: async () => !options.dryRun && (options.yes || (await confirm({ message: 'Write this?', default: true }))),
      isAnswered: () => true,
      goesOnWithout: true,
    }),
  );
  if (config) await goOn(context, config);
}

async function fromAnswers(context: CliContext, file: string, isDryRun: boolean): Promise<void> {
  const answers = answersAsker(await readAnswers(context, file), (line) => context.out(`  ${line}`));
  const config = await runWizard(context, answers.ask, {
    agree: async () => !isDryRun,
    isAnswered: (leftOut) => reportOpen(context, file, answers, leftOut),
    goesOnWithout: false,
  });
  if (config && !isDryRun) await goOn(context, config);
}

/** The runbook beside the configuration, and what comes next. */
async function goOn(context: CliContext, config: PatchbayConfig): Promise<void> {
  await putRunbook(context, config, runbookFileOf(context.configFile()));
  context.out('Go on with: npx patchbay setup --apply');
}

async function printQuestions(context: CliContext, answers: string | undefined): Promise<void> {
  const template = templateAsker(answers === undefined ? {} : await readAnswers(context, answers));
  const { failures } = await askDraft(context, await readSiteFiles(context), template.ask);
  context.out(template.text().trimEnd());
  for (const { id } of failures) context.out(`# ${id}: what else it asks depends on these answers.`);
}

function consent(context: CliContext, { only, dryRun, yes }: SetupOptions) {
  return {
    only: only ?? [],
    isDryRun: dryRun === true,
    async agree(): Promise<boolean> {
      if (yes) return true;
      if (process.stdin.isTTY) {
        return (await orStopped(context, () => confirm({ message: 'Do this?', default: false }))) ?? false;
      }
      context.err('There is no terminal to ask at: say --yes to do it.');
      context.exit(1);
      return false;
    },
  };
}

/** Ctrl-C at a question stops without a trace. */
async function orStopped<T>(context: CliContext, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    context.err('Stopped. Nothing was written.');
    context.exit(1);
    return null;
  }
}

async function withConfig(context: CliContext, work: (config: PatchbayConfig) => Promise<void>): Promise<void> {
  const config = await loadOrReport(context);
  if (config) await work(config);
}

/** `--only a b`, `--only a,b` and `--only a --only b` say the same. */
function gather(word: string, before: readonly string[] = []): string[] {
  const words = word.split(',').filter(Boolean);
  if (words.length === 0) throw new InvalidArgumentError('Name an instance.');
  return [...before, ...words];
}
