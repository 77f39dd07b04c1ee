import type { Command } from 'commander';
import type { App } from '../app.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { DialerClock, OptOutClock } from '../domain/opt-out-clock.ts';
import { undoOptOut } from '../flows/undo-opt-out.ts';
import { readOptOuts } from '../flows/watch-opt-outs.ts';
import type { CliContext } from './context.ts';
import { operatorName, readNumber } from './operator.ts';
import { withApp } from './with-app.ts';

export function addOptOutCommands(program: Command, context: CliContext): void {
  const optOuts = program
    .command('opt-outs')
    .description('do-not-call requests, how fast each reached the dialers, and the proofs')
    .option('--open', 'only those that a dialer does not hold yet')
    .option('--limit <count>', 'at most so many, the latest first', '50')
    .option('--json', 'one JSON line each')
    .action((options: ListOptions) => withApp(context, (app) => list(context, app, options)));

  optOuts
    .command('undo')
    .description('take an opt-out back, on the word of the person')
    .argument(
      '<number>',
      'the number, with + and country code or as a dialer has it; or the ID of the call that told it',
    )
    .requiredOption('--why <text>', 'why: it is kept for good')
    .action((number: string, options: { why: string }) =>
      withApp(context, (app) => undo(context, app, number, options.why)),
    );
}

interface ListOptions {
  open?: boolean;
  limit: string;
  json?: boolean;
}

async function list(context: CliContext, app: App, options: ListOptions): Promise<void> {
  const limit = Number.parseInt(options.limit, 10) || 50;
  const clocks = await readOptOuts(app.deps, { limit, ...(options.open && { isOpen: true }) });
  for (const clock of clocks) {
    if (options.json) context.out(JSON.stringify(clock));
    else for (const line of linesOf(clock)) context.out(line);
  }
  if (clocks.length === 0 && !options.json)
    context.out(options.open ? 'Every dialer holds them all.' : 'There is none.');
}

function linesOf(clock: OptOutClock): string[] {
  const { toldAt, source, phones, isUndone, isOverdue, correlationId, legalBy } = clock;
  const marks = [isUndone && 'UNDONE', isOverdue && 'OVERDUE'].filter(Boolean).join(' ');
  const head = [`told ${toldAt} by ${source}`, phones.join(' ') || 'number not known', marks, `[${correlationId}]`]
    .filter(Boolean)
    .join('  ');
  return [head, ...clock.dialers.map((each) => `  ${each.dialer.padEnd(10)} ${wordsOf(each, legalBy)}`)];
}

function wordsOf(clock: DialerClock, legalBy: string): string {
  const { state, confirmedAt, tookSec, isOnTime, targetAt, proof, waitsFor, waitsUntil } = clock;
  const target = isOnTime ? '' : `, target ${targetAt} missed`;
  const held = confirmedAt ? `held since ${confirmedAt} (${tookSec} s${target}): ${proof}` : '';
  if (state === 'confirmed' || state === 'undone')
    return state === 'undone' ? `undone; was ${held || 'not held'}` : held;
  const waits = `${stateWords[state]}: ${waitsFor ?? ''}${waitsUntil ? `, until ${waitsUntil}` : ''}`;
  const limits = confirmedAt ? '' : `; target ${targetAt}${isOnTime ? '' : ' missed'}, legal limit ${legalBy}`;
  return [held, `${waits}${limits}`].filter(Boolean).join('; since then ');
}

const stateWords = { waiting: 'waits', failed: 'FAILED', shown: 'SHOWN ONLY' } as const;

async function undo(context: CliContext, app: App, word: string, why: string): Promise<void> {
  const isCall = isCorrelationId(word);
  const phone = isCall ? '' : readNumber(context, app, word);
  if (!isCall && !phone) return;
  const of = isCall ? { call: word } : { phone };
  const { calls, standsStill } = await undoOptOut(app.deps, { ...of, by: operatorName(), why });
  if (calls.length === 0) {
    context.err(isCall ? 'No opt-out of this call stands.' : 'No opt-out of this number stands.');
    return context.exit(1);
  }
  context.out(`Undone: ${calls.length} calls told the opt-out. The running service takes the numbers off the lists.`);
  context.out('What was on a list before us stays there, and so do the statuses of leads: see to them in the dialer.');
  if (!standsStill) return;
  context.err('The opt-out stands still: a call told it in this moment. Run it again if that is undone too.');
  context.exit(1);
}
