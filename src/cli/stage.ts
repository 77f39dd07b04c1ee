import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type ControlScope, scopeText } from '../domain/controls.ts';
import { type ControlFault, faultOfControl, faultOfScope, unknownCampaign } from '../flows/judge-control.ts';
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
  const { dialer = '', campaign = '', why = '', lift: lifts, json = false } = options;
  const scope: ControlScope = { dialer: dialer.trim(), campaign: campaign.trim(), aspect: '' };
  const fault = faultOfScope(app.deps, scope);
  if (fault) return refuse(context, fault);
  if (lifts && percent !== undefined) {
    return refuse(context, { words: 'A percentage and --lift say different things.', hint: 'Leave one of them out.' });
  }
  if (lifts) return await lift(context, app, scope);
  if (percent === undefined) return show(context, app, scope, json);
  return await decide(context, app, scope, percent, why);
}

async function decide(
  context: CliContext,
  { deps }: App,
  scope: ControlScope,
  text: string,
  note: string,
): Promise<void> {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  const stage = { kind: 'stage', scope, percent, note } as const;
  const fault = faultOfControl(deps, stage);
  if (fault) return refuse(context, fault);
  await setControl(deps, { ...stage, by: operatorName() });
  const unknown = unknownCampaign(deps, scope);
  context.out(`${scopeText(scope)}: ${wordsOf(percent)}, from the next call on, within a second on every process.`);
  if (unknown) context.out(`${unknown.words} ${unknown.hint}`);
  context.out('Calls that began before keep what they began with.');
  if (percent < 100) context.out('To stop what is on its way as well: npx patchbay pause.');
}

async function lift(context: CliContext, app: App, scope: ControlScope): Promise<void> {
  if (await liftControl(app.deps, { kind: 'stage', scope, by: operatorName() })) {
    context.out(`${scopeText(scope)}: what was decided is taken back. For calls that begin from now on this holds:`);
    return show(context, app, scope, false);
  }
  context.err(`Nothing was decided for ${scopeText(scope)}.`);
  context.exit(1);
}

function refuse(context: CliContext, { words, hint }: ControlFault): void {
  context.err(words);
  context.err(hint);
  context.exit(1);
}

function show(context: CliContext, { deps }: App, { dialer, campaign }: ControlScope, json: boolean): void {
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
