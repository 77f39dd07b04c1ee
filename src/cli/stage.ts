import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type ControlScope, scopeText } from '../domain/controls.ts';
import { liftControl, setControl } from '../flows/set-control.ts';
import { type ShownStage, shownStages } from '../flows/stages.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';

export function addStageCommand(program: Command, context: CliContext): void {
  program
    .command('stage')
    .description('of how many percent of the leads calls are written to the dialers: 0 is shadow, 100 is all')
    .argument('[percent]', 'a whole number; none: shows what holds')
    .option('--dialer <id>', 'only this dialer (Default: all)')
    .option('--campaign <name>', 'only this campaign, as its dialer names it')
    .option('--why <text>', 'for those who look later')
    .option('--lift', 'take back what was decided for this dialer and campaign')
    .option('--json', 'without a percentage: one JSON line each')
    .action((percent: string | undefined, options: StageOptions) =>
      withApp(context, (app) => decideOrShow(context, app, percent, options)),
    );
}

interface StageOptions {
  dialer?: string;
  campaign?: string;
  why?: string;
  lift?: boolean;
  json?: boolean;
}

async function decideOrShow(
  context: CliContext,
  app: App,
  percent: string | undefined,
  options: StageOptions,
): Promise<void> {
  await app.deps.controls.look();
  const { dialer = '', campaign = '' } = options;
  if (dialer && !app.deps.dialers.has(dialer)) {
    context.err(`There is no dialer "${dialer}": ${[...app.deps.dialers.keys()].join(', ')}.`);
    return context.exit(1);
  }
  const scope: ControlScope = { dialer, campaign, aspect: '' };
  if (options.lift) return await lift(context, app, scope);
  if (percent === undefined) return show(context, app, options);
  return await decide(context, app, scope, percent, options.why);
}

async function decide(
  context: CliContext,
  { deps }: App,
  scope: ControlScope,
  text: string,
  why: string | undefined,
): Promise<void> {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= 100)) {
    context.err('A stage is a whole number from 0 (shadow) to 100 (all).');
    return context.exit(1);
  }
  if (!why) {
    context.err('Say why, for those who look later: --why "…".');
    return context.exit(1);
  }
  await setControl(deps, { kind: 'stage', scope, percent, note: why, by: operatorName() });
  context.out(`${scopeText(scope)}: ${wordsOf(percent)}, from the next call on, within a second on every process.`);
  context.out('Calls that began before keep what they began with.');
  if (percent < 100) context.out('To stop what is on its way as well: npx patchbay pause.');
}

async function lift(context: CliContext, { deps }: App, scope: ControlScope): Promise<void> {
  if (await liftControl(deps, { kind: 'stage', scope, by: operatorName() })) {
    return context.out(`${scopeText(scope)}: what was decided is taken back.`);
  }
  context.err(`Nothing was decided for ${scopeText(scope)}.`);
  context.exit(1);
}

function show(context: CliContext, { deps }: App, { dialer, campaign, json }: StageOptions): void {
  const stages = shownStages(deps).filter(
    (stage) => (!dialer || stage.dialer === dialer) && (!campaign || stage.campaign === campaign),
  );
  if (json) {
    for (const stage of stages) context.out(JSON.stringify(stage));
    return;
  }
  const head = ['dialer', 'campaign', 'stage', 'decided', 'since', 'by', 'why'];
  for (const line of tableLines({ head, rows: stages.map(cellsOf) })) context.out(line);
}

function cellsOf({ dialer, campaign, percent, control }: ShownStage) {
  const colour = percent === 0 ? 'cyan' : percent === 100 ? 'green' : 'yellow';
  const decided = control ? `for ${scopeText(control.scope)}` : 'by the configuration';
  return [
    dialer,
    campaign || 'every other',
    { text: wordsOf(percent), colour } as const,
    ...[decided, control?.at ?? '-', control?.by ?? '-', control?.note ?? '-'],
  ];
}

function wordsOf(percent: number): string {
  if (percent === 0) return 'shadow: nothing is written';
  return percent === 100 ? 'all calls are written' : `calls of ${percent} % of the leads are written`;
}
