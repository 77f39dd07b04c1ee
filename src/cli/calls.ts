import type { Command } from 'commander';
import type { App } from '../app.ts';
import { callTimeline } from '../domain/call-timeline.ts';
import { describeCall } from '../flows/describe-calls.ts';
import { fetchTranscript } from '../flows/fetch-transcript.ts';
import { findCalls } from '../flows/find-calls.ts';
import { headOf, linesOfCall } from './call-lines.ts';
import { noteShown, type SearchOptions, search } from './calls-search.ts';
import type { CliContext } from './context.ts';
import { withApp } from './with-app.ts';

export function addCallsCommand(program: Command, context: CliContext): void {
  const calls = program
    .command('calls')
    .description('calls, the newest first; and of one: what happened, and what was spoken')
    .argument('[text]', 'a number in any writing, a name of a call in any system, a lead, an agent')
    .option('--phone <number>', 'only of this number')
    .option('--lead <key>', "only of this lead, by the dialer's own key")
    .option('--dialer <id>', 'only of this dialer')
    .option('--campaign <name>', 'only of this campaign')
    .option('--outcome <code>', 'only with this outcome; none: those that have none yet')
    .option('--agent <name>', 'only of this AI agent')
    .option('--person <name>', 'only those that this human agent dispositioned')
    .option('--from <time>', 'registered from then on: 2026-03-02, or 2026-03-02T14:00:00Z')
    .option('--to <time>', 'registered before then')
    .option('--after <place>', 'goes on after an earlier page')
    .option('--limit <count>', 'at most so many', '50')
    .option('--show-numbers', 'whole numbers; that they were shown is written down')
    .option('--json', 'one JSON line per call')
    .action((text: string | undefined, options: SearchOptions) =>
      withApp(context, (app) => search(context, app, text ?? '', options)),
    );
  calls
    .command('show')
    .description('everything that is known of a call, in the order of time')
    .argument('<name>', 'correlation ID, a call ID or caller code of a dialer, a call ID of the platform, or a number')
    .option('--show-numbers', 'whole numbers; that they were shown is written down')
    .option('--json', 'one JSON line per call, with all that is held of it; that it was shown is written down')
    // The command above has options of the same names.
    .action((name: string, _options: object, command: Command) =>
      withApp(context, (app) => show(context, app, name, command.optsWithGlobals<ShowOptions>())),
    );
  calls
    .command('transcript')
    .description('what was spoken, from the store or else the platform; that it was read is written down')
    .argument('<name>', 'as for show')
    .option('--json', 'one JSON line per platform')
    .action((name: string, _options: object, command: Command) =>
      withApp(context, (app) => transcript(context, app, name, command.optsWithGlobals<ShowOptions>().json === true)),
    );
}

interface ShowOptions {
  json?: boolean;
  showNumbers?: boolean;
}

async function show(context: CliContext, app: App, name: string, { json, showNumbers }: ShowOptions): Promise<void> {
  const found = await findCalls(app.deps, name);
  if (found.length === 0) return nothing(context);
  const showsNumbers = showNumbers === true;
  if (showsNumbers || json) await noteShown(app, found);
  if (json) {
    for (const call of found) {
      const described = await describeCall(app.deps, call);
      context.out(JSON.stringify({ ...described, timeline: callTimeline(described) }));
    }
    return;
  }
  const [only, ...others] = found;
  if (only && others.length === 0) {
    for (const line of linesOfCall(await describeCall(app.deps, only), { showsNumbers })) context.out(line);
    return;
  }
  for (const call of found) context.out(headOf(call, { showsNumbers }));
  context.out('Several calls: show one by its ID.');
}

async function transcript(context: CliContext, app: App, name: string, isJson: boolean): Promise<void> {
  const [only, ...others] = await findCalls(app.deps, name);
  if (!only) return nothing(context);
  if (others.length > 0) {
    for (const call of [only, ...others]) context.out(headOf(call, { showsNumbers: false }));
    context.err('Several calls: name one by its ID.');
    return context.exit(1);
  }
  // Before it is asked for, as the console does: whoever fails to read it has tried.
  await noteShown(app, [only], 'transcript-read');
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
