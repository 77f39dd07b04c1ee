import type { Command } from 'commander';
import type { App } from '../app.ts';
import { instantOf } from '../domain/clock.ts';
import { type WriteBack, type WriteBackState, writeBackStates } from '../domain/write-back.ts';
import type { CliContext } from './context.ts';
import { addReplayCommands } from './replay.ts';
import { tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';
import { toldBacklog, writeBackTable } from './write-back-table.ts';

export function addWriteBackCommands(program: Command, context: CliContext): void {
  program
    .command('writebacks')
    .description('what is to be written to the dialers, and how it stands')
    .option('--state <states>', 'comma list of states', shownStates.join())
    .option('--dialer <id>', 'only this dialer')
    .option('--call <correlation id>', 'only this call')
    .option('--limit <count>', 'at most so many', '50')
    .option('--json', 'one JSON line each')
    .action((options: ListOptions) => withApp(context, (app) => list(context, app, options)));

  addReplayCommands(program, context);
}

interface ListOptions {
  state: string;
  dialer?: string;
  call?: string;
  limit: string;
  json?: boolean;
}

/** What is not at its end, with what an operator must see to first. */
const shownStates: readonly WriteBackState[] = ['dead', 'refused', 'held', 'submitted', 'claimed', 'pending'];

async function list(context: CliContext, app: App, options: ListOptions): Promise<void> {
  const states = options.state.split(',').map((state) => state.trim());
  const strange = states.find((state) => !isState(state));
  if (strange !== undefined) {
    context.err(`There is no state "${strange}": ${writeBackStates.join(', ')}.`);
    return context.exit(1);
  }
  const rows = options.call
    ? await app.deps.store.writeBacksOf(options.call)
    : await inStates(app, states.filter(isState), options);
  if (rows.length > 0 && !options.json) {
    const { store, clock } = app.deps;
    const table = writeBackTable(rows, { now: instantOf(clock), backlog: await toldBacklog({ store }) });
    for (const line of tableLines(table)) context.out(line);
  }
  for (const row of options.json ? rows : []) {
    const { id, correlationId, dialer, aspect, revision, state, dueAt, attempts, why, hint, desired } = row;
    const value = desired.aspect === 'disposition' ? desired.disposition || desired.outcome : '';
    context.out(
      JSON.stringify({ id, correlationId, dialer, aspect, revision, value, state, dueAt, attempts, why, hint }),
    );
  }
  if (rows.length === 0 && !options.json) context.out('There is nothing.');
}

function isState(text: string): text is WriteBackState {
  return writeBackStates.includes(text as WriteBackState);
}

/** One state after the other: what waits in the order in which it is due, what is over the latest first. */
async function inStates(
  { deps }: App,
  states: readonly WriteBackState[],
  { dialer, limit }: ListOptions,
): Promise<WriteBack[]> {
  const most = Math.min(1000, Math.max(1, Number.parseInt(limit, 10) || 50));
  const rows: WriteBack[] = [];
  for (const state of states) {
    if (rows.length >= most) break;
    const order = shownStates.includes(state) ? 'oldest' : 'newest';
    const page = { state, order, limit: most - rows.length, ...(dialer && { dialer }) } as const;
    rows.push(...(await deps.store.writeBackPage(page)).rows);
  }
  return rows;
}
