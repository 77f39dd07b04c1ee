import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Call } from '../domain/call.ts';
import { type CallTimeline, callTimeline } from '../domain/call-timeline.ts';
import type { CallDescription } from '../domain/connector.ts';
import type { FirstWord } from '../domain/first-word.ts';
import { describeCall } from '../flows/describe-calls.ts';
import { fetchTranscript } from '../flows/fetch-transcript.ts';
import { findCalls } from '../flows/find-calls.ts';
import type { CliContext } from './context.ts';
import { withApp } from './with-app.ts';

export function addCallsCommand(program: Command, context: CliContext): void {
  const calls = program.command('calls').description('one call: what happened, and what was spoken');
  calls
    .command('show')
    .description('everything that is known of a call, in the order of time')
    .argument('<name>', 'correlation ID, a call ID or caller code of a dialer, a call ID of the platform, or a number')
    .option('--json', 'one JSON line per call')
    .action((name: string, options: { json?: boolean }) =>
      withApp(context, (app) => show(context, app, name, options.json === true)),
    );
  calls
    .command('transcript')
    .description('what was spoken: from the store where transcripts are kept, else from the platform')
    .argument('<name>', 'as for show')
    .option('--json', 'one JSON line per platform')
    .action((name: string, options: { json?: boolean }) =>
      withApp(context, (app) => transcript(context, app, name, options.json === true)),
    );
}

async function show(context: CliContext, app: App, name: string, isJson: boolean): Promise<void> {
  const found = await findCalls(app.deps, name);
  if (found.length === 0) return nothing(context);
  if (isJson) {
    for (const call of found) {
      const described = await describeCall(app.deps, call);
      context.out(JSON.stringify({ ...described, timeline: callTimeline(described) }));
    }
    return;
  }
  const [only, ...others] = found;
  if (only && others.length === 0) {
    for (const line of linesOfCall(await describeCall(app.deps, only))) context.out(line);
    return;
  }
  for (const call of found) context.out(headOf(call));
  context.out('Several calls: show one by its ID.');
}

async function transcript(context: CliContext, app: App, name: string, isJson: boolean): Promise<void> {
  const [only, ...others] = await findCalls(app.deps, name);
  if (!only) return nothing(context);
  if (others.length > 0) {
    for (const call of [only, ...others]) context.out(headOf(call));
    context.err('Several calls: name one by its ID.');
    return context.exit(1);
  }
  const spoken = await fetchTranscript(app.deps, only);
  if (spoken.length === 0) {
    context.err('Nothing is known of what was spoken: no platform has it, or not yet.');
    return context.exit(1);
  }
  for (const each of spoken) {
    if (isJson) context.out(JSON.stringify({ correlationId: only.correlationId, ...each }));
    else context.out(`${each.platform}, from the ${each.from}\n${each.spoken}`);
  }
}

function nothing(context: CliContext): void {
  context.err('No call has this name, or this number.');
  context.exit(1);
}

function headOf({ correlationId, registeredAt, dialer, campaign, leadKey, phone, outcome }: Call): string {
  const ended = outcome ? `${outcome.code} (${outcome.basis})` : 'no outcome yet';
  return `call ${correlationId}  ${registeredAt}  ${dialer} ${campaign}  lead ${leadKey || '?'}  ${phone}  ${ended}`;
}

/** One call as people read it: its names, and what happened in the order of time. */
export function linesOfCall(described: CallDescription): string[] {
  const { call, refs } = described;
  const timeline = callTimeline(described);
  const summary = call.outcome?.summary;
  return [
    headOf(call),
    ...(summary ? [`  summary     ${summary}`] : []),
    ...(timeline.matchedBy ? [`  matched by  ${timeline.matchedBy}`] : []),
    `  first word  ${firstWordLine(timeline.firstWord)}`,
    ...timeline.recordings.map(({ source, url }) => `  recording   ${source}  ${url}`),
    ...refs.map(({ instance, kind, key }) => `  name        ${instance} ${kind} ${key}`),
    ...stepLines(timeline),
  ];
}

function firstWordLine(word: FirstWord): string {
  if (word.kind === 'unknown') return 'not known: one side does not tell its time';
  const ends = `answered ${word.answeredAt}${word.answer === 'estimate' ? ' (estimate)' : ''}, began ${word.startedAt}`;
  if (word.kind === 'unusable') return `${word.seconds} s can't be right, the clocks of both sides differ: ${ends}`;
  return `${word.seconds.toFixed(1)} s after the answer: ${ends}`;
}

function stepLines({ steps }: CallTimeline): string[] {
  const width = Math.max(0, ...steps.map(({ source }) => source.length));
  return steps.map(({ at, gapSec, source, what }) => {
    return `  ${at}  ${`+${gapSec.toFixed(1)} s`.padStart(10)}  ${source.padEnd(width)}  ${what}`;
  });
}
