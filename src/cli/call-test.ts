import { confirm } from '@inquirer/prompts';
import { type Command, InvalidArgumentError } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { callTimeline } from '../domain/call-timeline.ts';
import type { Dialer } from '../domain/dialer.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { TestCalls } from '../domain/test-call.ts';
import { callTimes } from '../flows/call-test/call-times.ts';
import { explainFailure } from '../flows/call-test/explain-failure.ts';
import { type CallTestResult, runCallTest } from '../flows/call-test/run-call-test.ts';
import { askService } from '../flows/call-test/service-runs.ts';
import { stageTitles } from '../flows/call-test/stages.ts';
import { examineSite } from '../flows/doctor/examine-site.ts';
import { linesOfCall } from './call-lines.ts';
import { runSoftphoneTest } from './call-softphone.ts';
import { helpLines, stageLines, timeLines } from './call-test-lines.ts';
import type { CliContext } from './context.ts';
import { linesOfCheck } from './doctor-report.ts';
import { type OfflineSite, openOfflineSite } from './offline-site.ts';
import { operatorName, readNumber } from './operator.ts';
import { withApp } from './with-app.ts';

export interface CallTestCommandOptions {
  campaign: string;
  dialer?: string;
  phone?: string;
  softphone?: boolean;
  timeout: number;
  skipDoctor?: boolean;
  keep?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** What both forms of the command work with. */
export interface CallTestRun {
  app: App;
  config: PatchbayConfig;
  options: CallTestCommandOptions;
  site: OfflineSite['site'];
  signal: AbortSignal;
}

export function addCallTestCommand(program: Command, context: CliContext): void {
  program
    .command('call')
    .description('a guided test call')
    .command('test')
    .description('call a phone of your own through a dialer, and watch each stage up to the written outcome')
    .requiredOption('--campaign <name>', "the dialer's campaign")
    .option('--dialer <id>', 'which dialer (Default: the only one that can)')
    .option('--phone <number>', 'the phone that is called: your own')
    .option('--softphone', 'print a SIP account instead, and wait for what you dial with it')
    .option('--timeout <seconds>', 'for the whole test', readSeconds, 180)
    .option('--skip-doctor', 'do not look at the set-up first')
    .option('--keep', 'leave in the dialer what was made for the test')
    .option('--yes', 'do not ask before calling')
    .option('--json', 'JSON lines: one per stage, one in all')
    .action((options: CallTestCommandOptions) =>
      withApp(context, async (app, config) => {
        const { site, close } = openOfflineSite(context, config, []);
        try {
          const run = options.softphone ? runSoftphoneTest : runTest;
          await untilInterrupted(context, (signal) => run(context, { app, config, options, site, signal }));
        } finally {
          await close();
        }
      }),
    );
}

async function runTest(context: CliContext, run: CallTestRun): Promise<void> {
  const { app, options, signal } = run;
  const { campaign, json: isJson = false } = options;
  const dialer = dialerFor(app, options.dialer);
  if (!options.phone) return refuse(context, 'Say which phone is called with --phone: one of your own.');
  const isUnasked = !options.yes && (isJson || !process.stdin.isTTY);
  if (isUnasked) return refuse(context, 'This makes a phone ring. Say --yes when it is your own.');
  const phone = readNumber(context, app, options.phone);
  if (!phone || !(await isServiceThere(context, run))) return context.exit(1);
  if (!(await isSound(context, run, dialer.id)) || !(await isAgreed(context, run, dialer.id, phone))) {
    return context.exit(1);
  }

  const result = await runCallTest(
    app.deps,
    { dialer, campaign, phone, by: operatorName() },
    {
      timeoutSec: options.timeout,
      keeps: options.keep === true,
      signal,
      onStage(stage) {
        if (isJson) context.out(JSON.stringify({ kind: 'stage', ...stage }));
        else for (const line of stageLines(stageTitles[stage.id], stage)) context.out(line);
      },
    },
  );
  await tell(context, run, result);
  if (!result.isWritten) context.exit(1);
}

/** Only once what can't work is out of the way does a phone ring. */
async function isSound(context: CliContext, { site, options }: CallTestRun, dialer: string): Promise<boolean> {
  if (options.skipDoctor) return true;
  const { checked } = await examineSite(site, { only: [dialer] });
  const failed = checked.filter(({ status }) => status === 'fail');
  for (const line of failed.flatMap((check) => linesOfCheck(check))) context.err(line);
  if (failed.length > 0) context.err('Mend this first, or go on all the same with --skip-doctor.');
  return failed.length === 0;
}

/** @returns false when nobody is there to be asked by the dialer */
export async function isServiceThere(context: CliContext, { site }: Pick<CallTestRun, 'site'>): Promise<boolean> {
  const answer = await askService({ publicUrl: site.publicUrl, localUrl: site.listenUrl });
  if (answer.kind === 'runs') {
    if (answer.note) context.err(answer.note);
    return true;
  }
  context.err(`Patchbay does not run: ${answer.why}`);
  context.err('Start it with `npx patchbay serve`, and run this again beside it.');
  return false;
}

async function isAgreed(
  context: CliContext,
  { options, signal }: CallTestRun,
  dialer: string,
  phone: string,
): Promise<boolean> {
  const { campaign, yes, json, keep } = options;
  if (json) return yes === true;
  context.out(`A test call through ${dialer}, campaign ${campaign}:`);
  context.out(`  ${phone} is put up to be called next, as a lead of the campaign.`);
  context.out('  Answer it, talk to the agent, and let the agent end the call.');
  context.out(
    `  ${keep ? 'What is made for it stays in the dialer.' : 'What is made for it is taken back afterwards.'}`,
  );
  if (yes) return true;
  const message = `Is ${phone} your own phone, or does its owner know that it rings now?`;
  // Who breaks the question off has not agreed.
  return confirm({ message, default: false }, { signal }).catch(() => false);
}

async function tell(context: CliContext, { site, options }: CallTestRun, result: CallTestResult): Promise<void> {
  const { failed, call, leftOver, isWritten, stages } = result;
  const help = failed && explainFailure(failed.id, await examineSite(site));
  if (leftOver) context.err(leftOver);
  if (options.json) {
    const told = call && {
      correlationId: call.call.correlationId,
      times: callTimes(call),
      timeline: callTimeline(call),
    };
    context.out(
      JSON.stringify({ kind: 'test', isWritten, failed: failed?.id ?? null, stages, ...told, help, leftOver }),
    );
    return;
  }
  if (failed) {
    context.out('');
    context.out(`The first stage that did not come: ${stageTitles[failed.id]}. ${failed.found}`);
    if (failed.fix) context.out(`→ ${failed.fix}`);
  }
  if (help) for (const line of helpLines(help)) context.out(line);
  context.out('');
  if (call) for (const line of [...linesOfCall(call), ...timeLines(callTimes(call))]) context.out(line);
  context.out(isWritten ? 'The outcome is written back.' : 'The outcome is not written back.');
}

function dialerFor({ deps }: App, id: string | undefined): Dialer & { testCalls: TestCalls } {
  const able = [...deps.dialers.values()].filter(canTest);
  const chosen = id === undefined ? able : able.filter((dialer) => dialer.id === id);
  const [only, ...others] = chosen;
  if (only && others.length === 0) return only;
  const names = able.map((dialer) => dialer.id).join(', ');
  const what =
    id === undefined ? 'it is not clear through which dialer' : `"${id}" is no dialer that can call for a test`;
  throw new ConnectorError('not_found', what, {
    hint: names ? `Say --dialer with one of: ${names}.` : 'No dialer that is configured can call a number for a test.',
  });
}

function canTest(dialer: Dialer): dialer is Dialer & { testCalls: TestCalls } {
  return dialer.testCalls !== undefined;
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C ends the watching; what was made is taken back before the command ends. A second one ends it at once. */
async function untilInterrupted(context: CliContext, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) {
      for (const each of stopSignals) process.off(each, onSignal);
      process.kill(process.pid, name);
      return;
    }
    context.err('Stopping: what was made is taken back first, which may take a minute.');
    stop.abort();
  };
  for (const name of stopSignals) process.on(name, onSignal);
  // Timers of ours do not hold the process: this one does, as long as somebody watches.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await work(stop.signal);
  } finally {
    clearInterval(alive);
    for (const name of stopSignals) process.off(name, onSignal);
  }
}

function refuse(context: CliContext, why: string): void {
  context.err(why);
  context.exit(1);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It takes seconds, at most 3600.');
}
