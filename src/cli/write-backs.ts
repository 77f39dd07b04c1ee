import type { Command } from 'commander';
import type { App } from '../app.ts';
import { instantOf } from '../domain/clock.ts';
import { type WriteBackState, writeBackStates } from '../domain/write-back.ts';
import type { CliContext } from './context.ts';
import { withApp } from './with-app.ts';

export function addWriteBackCommands(program: Command, context: CliContext): void {
  program
    .command('writebacks')
    .description('what is to be written to the dialers, and how it stands')
    .option('--state <states>', 'comma list of states', 'held,pending,claimed,submitted,refused,dead')
    .option('--dialer <id>', 'only this dialer')
    .option('--call <correlation id>', 'only this call')
    .option('--limit <count>', 'at most so many', '50')
    .option('--json', 'one JSON line each')
    .action((options: ListOptions) => withApp(context, (app) => list(context, app, options)));

  program
    .command('replay')
    .description('make dead and refused write-backs due again')
    .argument('[ids...]', 'write-backs; none: all that --dialer names')
    .option('--dialer <id>', 'all of this dialer')
    .action((ids: string[], options: { dialer?: string }) =>
      withApp(context, (app) => replay(context, app, ids, options)),
    );
}

interface ListOptions {
  state: string;
  dialer?: string;
  call?: string;
  limit: string;
  json?: boolean;
}

async function list(context: CliContext, app: App, options: ListOptions): Promise<void> {
  const states = options.state
    .split(',')
    .filter((state): state is WriteBackState => writeBackStates.includes(state as WriteBackState));
  const rows = options.call
    ? await app.deps.store.writeBacksOf(options.call)
    : await app.deps.store.writeBacks({
        states,
        limit: Number.parseInt(options.limit, 10) || 50,
        ...(options.dialer && { dialer: options.dialer }),
      });
  for (const row of rows) {
    const { id, correlationId, dialer, aspect, revision, state, dueAt, attempts, why, hint, desired } = row;
    const value = desired.aspect === 'disposition' ? desired.disposition || desired.outcome : '';
    if (options.json) {
      context.out(
        JSON.stringify({ id, correlationId, dialer, aspect, revision, value, state, dueAt, attempts, why, hint }),
      );
    } else {
      const tail = [why, hint].filter(Boolean).join(' → ');
      context.out(
        `${state.padEnd(10)} ${dialer} ${aspect} ${value}  ${correlationId} r${revision}  ${dueAt}  tries ${attempts}  ${tail}  [${id}]`,
      );
    }
  }
  if (rows.length === 0 && !options.json) context.out('There is nothing.');
}

async function replay(context: CliContext, app: App, ids: string[], options: { dialer?: string }): Promise<void> {
  if (ids.length === 0 && !options.dialer) {
    context.err('Name write-backs by id, or a dialer with --dialer.');
    return context.exit(1);
  }
  const count = await app.deps.store.replayWriteBacks({
    ...(ids.length > 0 && { ids }),
    ...(options.dialer && { dialer: options.dialer }),
    now: instantOf(app.deps.clock),
  });
  context.out(`${count} write-backs are due again. The running service sends them.`);
}
