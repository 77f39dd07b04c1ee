import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Alert } from '../domain/alert.ts';
import { instantOf } from '../domain/clock.ts';
import { shortTime } from '../domain/short-time.ts';
import type { Sent } from '../flows/alerts/channel.ts';
import { digestParts } from '../flows/alerts/digest-words.ts';
import { makeDigest } from '../flows/alerts/make-digest.ts';
import { takeAlert } from '../flows/alerts/take-alert.ts';
import { sendNow, testChannel } from '../flows/alerts/test-channel.ts';
import { readSiteState } from '../flows/site-state.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { type Cell, tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';

const mostShown = 100;
/** Letters of alerts are short: so much of the id tells them apart. */
const shortId = 8;
const storeWithinMs = 15_000;

/** `patchbay alerts`: what holds, who takes care of it, and whether those who are told can be told. */
export function addAlertsCommand(program: Command, context: CliContext): void {
  const alerts = program
    .command('alerts')
    .description('what the site tells of itself: what holds now, the channels, the digest')
    .option('--past', 'those that are over')
    .option('--json', 'one JSON line each')
    .action((options: ListOptions) => withApp(context, (app) => list(context, app, options)));

  alerts
    .command('test')
    .description('send a test by a channel, and say what became of it')
    .argument('<channel>', 'as it is named under alerts.channels')
    .option('--json', 'one JSON line')
    .action((channel: string, _options: object, command: Command) =>
      withApp(context, async ({ deps }) => {
        const sent = await testChannel(deps, { channel, by: operatorName() });
        report(context, [[channel, sent]], wantsJson(command));
      }),
    );

  alerts
    .command('ack')
    .description('take an alert: it is neither told again nor passed on')
    .argument('<id>', 'as `patchbay alerts` shows it')
    .action((id: string) =>
      withApp(context, async ({ deps }) => {
        await takeAlert(deps, { id, by: operatorName() });
        context.out('You have it. Its end is told all the same.');
      }),
    );

  alerts
    .command('digest')
    .description("yesterday's scorecard, opt-outs with their times, and what is open")
    .option('--send', 'also send it by its channels, now')
    .option('--json', 'one JSON line')
    .action(({ send = false }: { send?: boolean }, command: Command) =>
      withApp(context, (app) => digest(context, app, { send, json: wantsJson(command) })),
    );
}

interface ListOptions {
  past?: boolean;
  json?: boolean;
}

async function list(context: CliContext, { deps }: App, { past = false, json }: ListOptions): Promise<void> {
  const found = await deps.store.alertPage({ isOpen: !past, limit: mostShown });
  if (json) {
    for (const alert of found) context.out(JSON.stringify(alert));
    return;
  }
  if (deps.alertChannels.size === 0) {
    context.out('No channel is configured, so nothing is looked for: see alerts.channels in the configuration.');
  }
  const clock = { zone: deps.settings.console.timeZone, now: instantOf(deps.clock) };
  const rows = found.map((alert) => rowOf(alert, (at) => shortTime(at, clock)));
  if (rows.length > 0) {
    const head = ['id', 'level', 'since', ...(past ? ['until'] : []), 'what', 'told', 'taken by'];
    for (const line of tableLines({ head, rows })) context.out(line);
  } else context.out(past ? 'Nothing is over yet.' : 'Nothing: no alert holds.');
}

function rowOf({ id, level, firstAt, endedAt, words, told, ackedBy }: Alert, when: (at: string) => string): Cell[] {
  return [
    id.slice(0, shortId),
    level === 'urgent' ? { text: level, colour: 'red' } : level,
    when(firstAt),
    ...(endedAt ? [when(endedAt)] : []),
    words,
    Object.keys(told).join(', ') || '–',
    ackedBy || '–',
  ];
}

async function digest(
  context: CliContext,
  { deps }: App,
  { send, json }: { send: boolean; json: boolean },
): Promise<void> {
  const made = await makeDigest(deps, await readSiteState(deps, storeWithinMs));
  if (json) context.out(JSON.stringify(made));
  else {
    for (const { title, lines } of digestParts(made, made)) {
      context.out(title);
      for (const line of lines) context.out(`  ${line}`);
    }
  }
  if (!send) return;
  const to = deps.settings.alerts.digest?.to ?? [...deps.alertChannels.keys()];
  if (to.length === 0) {
    context.err('No channel is configured: see alerts.channels in the configuration.');
    return context.exit(1);
  }
  const letter = { kind: 'digest', at: instantOf(deps.clock), digest: made } as const;
  const sent: [string, Sent][] = [];
  for (const channel of to) sent.push([channel, await sendNow(deps, channel, letter)]);
  report(context, sent, json);
}

/** The command above has the option too, and takes it first. */
function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** What became of what was sent. */
function report(context: CliContext, all: readonly [string, Sent][], json = false): void {
  for (const [channel, sent] of all) {
    if (json) context.out(JSON.stringify({ channel, ...sent }));
    else if (sent.kind === 'sent') context.out(`${channel} has taken it.`);
    else context.err(`${channel}: ${sent.why}\n${sent.hint}`);
    if (sent.kind === 'failed') context.exit(1);
  }
}
