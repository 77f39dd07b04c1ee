import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type Control, type ControlScope, isPauseOf, scopeOptions, scopeText } from '../domain/controls.ts';
import { shortTime } from '../domain/short-time.ts';
import { aspects } from '../domain/write-back.ts';
import { faultOfControl, unknownCampaign } from '../flows/judge-control.ts';
import { pauseOutlook, waitingWords } from '../flows/pause-outlook.ts';
import { liftControl, setControl } from '../flows/set-control.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { zoneOf } from './status.ts';
import { tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';

/** `patchbay pause`, `resume` and `controls`: what is decided live, on every process. */
export function addControlCommands(program: Command, context: CliContext): void {
  withScope(program.command('pause'))
    .description('hold write-backs back, on every process within a second; without a scope: all of them')
    .requiredOption('--why <text>', 'for those who look later')
    .action((options: ScopeOptions & { why: string }) => withApp(context, (app) => pause(context, app, options)));

  withScope(program.command('resume'))
    .description('lift the pause of exactly this scope: what it held back goes out in order')
    .option('--all', 'every pause there is')
    .action((options: ScopeOptions & { all?: boolean }) => withApp(context, (app) => resume(context, app, options)));

  program
    .command('controls')
    .description('what people in charge have decided live: pauses, stages, shares, with who, when and why')
    .option('--json', 'one JSON line each')
    .action(({ json }: { json?: boolean }) => withApp(context, (app) => list(context, app, json === true)));
}

interface ScopeOptions {
  dialer?: string;
  campaign?: string;
  aspect?: string;
}

function withScope(command: Command): Command {
  return command
    .option('--dialer <id>', 'only of this dialer')
    .option('--campaign <name>', "only of this campaign, by the dialer's name of it")
    .option('--aspect <name>', `only these: ${aspects.join(', ')}`);
}

async function pause(context: CliContext, app: App, options: ScopeOptions & { why: string }): Promise<void> {
  const scope = readScope(context, options);
  if (!scope) return;
  const { deps } = app;
  const control = { kind: 'pause', scope, percent: 0, note: options.why } as const;
  const fault = faultOfControl(deps, control);
  if (fault) return refuse(context, fault.words, fault.hint);
  const earlier = (await deps.store.controls()).find(isPauseOf(scope));
  // Stopping comes first: what it holds back is counted after it.
  await setControl(deps, { ...control, by: operatorName() });
  context.out(`Paused: ${scopeText(scope)}. Within a second no process sends any of it; what arrives is kept.`);
  if (earlier) {
    const was = `by ${earlier.by} since ${shortTimeOf(app, earlier.at)}: ${earlier.note}`;
    context.out(`It was paused already, ${was}. Your name and reason stand in that place now.`);
  }
  const unknown = unknownCampaign(deps, scope);
  if (unknown) context.out(`${unknown.words} ${unknown.hint}`);
  const outlook = await pauseOutlook(deps, scope);
  context.out(`${waitingWords(outlook)} in it now.`);
  if (outlook.optOuts > 0) {
    const due = outlook.optOutsDue;
    const limits = due && `: alarm ${due.alarmAt}, legal limit ${due.legalBy}`;
    context.out(`${outlook.optOuts} of them are opt-outs, the first of them due${limits ?? ' soon'}.`);
  }
  context.out(`Lift it with: npx patchbay resume${scopeOptions(scope)}`);
}

async function resume(context: CliContext, app: App, options: ScopeOptions & { all?: boolean }): Promise<void> {
  const { deps } = app;
  const pauses = (await deps.store.controls()).filter(({ kind }) => kind === 'pause');
  const scope = readScope(context, options);
  if (!scope) return;
  if (options.all && scopeText(scope) !== 'everywhere') {
    return refuse(context, 'A scope and --all say different things.', 'Leave one of them out.');
  }
  const lifted: ControlScope[] = [];
  for (const each of options.all ? pauses.map((one) => one.scope) : [scope]) {
    if (await liftControl(deps, { kind: 'pause', scope: each, by: operatorName() })) lifted.push(each);
  }
  for (const each of lifted) context.out(`Lifted: ${scopeText(each)}. What waited goes out in order.`);
  const rest = pauses.filter((one) => !lifted.some((each) => scopeText(each) === scopeText(one.scope)));
  if (lifted.length === 0 && !options.all) {
    return refuse(
      context,
      `Nothing is paused by exactly this scope: ${scopeText(scope)}.`,
      rest.length > 0
        ? `Paused is: ${rest.map((one) => scopeText(one.scope)).join('; ')}.`
        : 'There is no pause at all.',
    );
  }
  if (lifted.length === 0) context.out('There was no pause.');
  if (rest.length > 0) context.out(`Paused still: ${rest.map((one) => scopeText(one.scope)).join('; ')}.`);
}

async function list(context: CliContext, app: App, isJson: boolean): Promise<void> {
  const { deps } = app;
  const controls = await deps.store.controls();
  const rows = [];
  for (const control of controls) {
    const outlook = control.kind === 'pause' ? await pauseOutlook(deps, control.scope) : null;
    if (isJson) context.out(JSON.stringify(toldOf(control, outlook?.waiting)));
    const since = shortTimeOf(app, control.at);
    const waits = outlook ? waitingWords(outlook) : '-';
    rows.push([nameOf(control), scopeText(control.scope), since, control.by, control.note, waits]);
  }
  if (isJson) return;
  if (rows.length === 0) return context.out('Nothing is decided live: the configuration alone counts.');
  const head = ['what', 'where', 'since', 'by', 'why', 'in it'];
  for (const line of tableLines({ head, rows })) context.out(line);
}

function shortTimeOf(app: App, at: string): string {
  return shortTime(at, { zone: zoneOf(app), now: new Date(app.deps.clock.now()).toISOString() });
}

function toldOf({ scope, ...control }: Control, waiting: number | undefined): object {
  return { ...control, ...scope, ...(waiting !== undefined && { waiting }) };
}

function nameOf({ kind, percent }: Control): string {
  return kind === 'pause' ? 'PAUSED' : `${kind} ${percent} %`;
}

/** Null when a word is none, which is said. */
function readScope(
  context: CliContext,
  { dialer = '', campaign = '', aspect = '' }: ScopeOptions,
): ControlScope | null {
  const known = aspects.find((each) => each === aspect);
  if (aspect && !known) {
    refuse(context, `There is no aspect "${aspect}".`, `There are: ${aspects.join(', ')}.`);
    return null;
  }
  return { dialer: dialer.trim(), campaign: campaign.trim(), aspect: known ?? '' };
}

function refuse(context: CliContext, words: string, hint: string): void {
  context.err(words);
  context.err(hint);
  context.exit(1);
}
