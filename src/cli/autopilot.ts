import type { Command } from 'commander';
import type { App } from '../app.ts';
import { scopeText } from '../domain/controls.ts';
import { type AutopilotView, describeAutopilot } from '../flows/autopilot/describe-autopilot.ts';
import { holdShare, isSteering, releaseShare } from '../flows/autopilot/hold-share.ts';
import { personsShare, shareScope } from '../flows/autopilot/run-autopilot.ts';
import { type ControlFault, faultOfControl, faultOfScope } from '../flows/judge-control.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { withApp } from './with-app.ts';

/** `patchbay autopilot`: how the AI is, and how many calls go to it. */
export function addAutopilotCommand(program: Command, context: CliContext): void {
  const autopilot = program
    .command('autopilot')
    .description('how the AI is for each dialer, how many calls go to it, and holding that by hand');

  autopilot
    .command('status', { isDefault: true })
    .description('the share of each dialer, and the signals behind it')
    .option('--json', 'one JSON line each')
    .action((options: { json?: boolean }) => withApp(context, (app) => status(context, app, options.json === true)));

  autopilot
    .command('hold')
    .description('so many percent of the calls go to the AI, whatever the autopilot thinks, until they are released')
    .argument('<percent>', '0 to 100')
    .option('--dialer <id>', 'of this dialer alone (Default: of each)')
    .requiredOption('--why <text>', 'for those who look later')
    .action((percent: string, options: HoldOptions) => withApp(context, (app) => hold(context, app, percent, options)));

  autopilot
    .command('release')
    .description('the autopilot steers again, from the share that was held; without it all calls go to the AI')
    .option('--dialer <id>', 'of this dialer alone (Default: of each)')
    .action((options: { dialer?: string }) => withApp(context, (app) => release(context, app, options)));
}

interface HoldOptions {
  dialer?: string;
  why: string;
}

async function status(context: CliContext, { deps }: App, isJson: boolean): Promise<void> {
  const { autopilot } = deps.settings;
  const views = await describeAutopilot(deps, autopilot);
  if (isJson) {
    for (const view of views) context.out(JSON.stringify({ enabled: autopilot.enabled, ...view }));
    return;
  }
  const mode = autopilot.dryRun ? 'only says what it would do' : 'is on';
  context.out(autopilot.enabled ? `The autopilot ${mode}.` : 'The autopilot is off: see autopilot.enabled.');
  for (const line of views.flatMap((view) => linesOf(view, deps.clock.now()))) context.out(line);
}

function linesOf(view: AutopilotView, now: number): string[] {
  const { dialer, share, control, verdict, why, measures, lookedAt, waitsUntil, lines } = view;
  const by = control ? `, set by ${control.by} at ${control.at}: ${control.note}` : '';
  const { calls, answered, firstWordMs, toolCalls, toolFailures } = measures;
  const word = firstWordMs === null ? 'no first word measured' : `first words within ${firstWordMs / 1000} s`;
  return [
    `${dialer}: ${share} % of the calls go to the AI${by}`,
    ...(lookedAt === 0
      ? []
      : [
          `  ${verdict}: ${why}`,
          `  ${answered} of ${calls} recent calls answered, ${word}, ${toolFailures} of ${toolCalls} tool calls failed`,
        ]),
    ...(waitsUntil !== null && waitsUntil > now ? [`  goes up again after ${new Date(waitsUntil).toISOString()}`] : []),
    ...lines.map(({ key, was, now: held, isLeft }) =>
      isLeft ? `  lines ${key}: changed by hand, left alone` : `  lines ${key}: ${held}, before ${was}`,
    ),
  ];
}

async function hold(context: CliContext, app: App, word: string, { dialer, why }: HoldOptions): Promise<void> {
  const percent = /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN;
  const fault = faultOfControl(app.deps, { kind: 'share', scope: shareScope(dialer ?? ''), percent, note: why });
  if (fault) return refuse(context, fault);
  for (const id of chosen(app, dialer)) {
    await holdShare(app.deps, { dialer: id, percent, why, by: operatorName() });
    context.out(`${id}: ${percent} % of the calls go to the AI until it is released.`);
  }
}

async function release(context: CliContext, app: App, { dialer }: { dialer?: string }): Promise<void> {
  const fault = faultOfScope(app.deps, shareScope(dialer ?? ''));
  if (fault) return refuse(context, fault);
  for (const id of chosen(app, dialer)) {
    const isReleased = await releaseShare(app.deps, { dialer: id, by: operatorName() });
    const next = isSteering(app.deps) ? 'the autopilot steers from there' : 'all calls go to the AI';
    context.out(isReleased ? `${id}: released, ${next}.` : notHeld(app, id));
  }
}

/** What others than this command and the console have set, they take back. */
function notHeld({ deps }: App, dialer: string): string {
  const held = personsShare(deps.controls.now(), dialer);
  if (!held) return `${dialer}: nobody holds its share.`;
  const way = 'DELETE /v1/controls takes that back.';
  return `${dialer}: ${held.percent} % are held for ${scopeText(held.scope)} by ${held.by}. ${way}`;
}

function chosen({ deps }: App, dialer: string | undefined): string[] {
  return dialer ? [dialer] : [...deps.dialers.keys()];
}

function refuse(context: CliContext, { words, hint }: ControlFault): void {
  context.err(words);
  context.err(hint);
  context.exit(1);
}
