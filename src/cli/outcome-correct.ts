import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { WriteBack } from '../domain/write-back.ts';
import { type Correction, correctOutcome } from '../flows/correct-outcome.ts';
import { findCalls } from '../flows/find-calls.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { valueText } from './outcome-report.ts';
import { withApp } from './with-app.ts';

interface CorrectOptions extends Pick<Correction, 'why' | 'callbackAt'> {
  by?: string;
}

/** `patchbay outcome correct NAME OUTCOME`: what a call ended as, on a person's word. */
export function addCorrectCommand(outcome: Command, context: CliContext): void {
  outcome
    .command('correct')
    .description(
      'set right what a call ended as: it goes over everything but an opt-out, and is written to the dialers',
    )
    .argument('<name>', 'the call, as for `calls show`')
    .argument('<outcome>', 'an outcome code, such as wrong_number')
    .requiredOption('--why <text>', 'why: it is kept for good')
    .option('--callback-at <time>', 'for callback: when, such as 2026-03-04T15:30:00-05:00')
    .option('--by <name>', 'on whose word (Default: the system user, who stands in the audit log in any case)')
    .action((name: string, code: string, options: CorrectOptions) =>
      withApp(context, (app) => correct(context, app, { name, code, ...options })),
    );
}

async function correct(
  context: CliContext,
  app: App,
  { name, code, why, callbackAt, by }: CorrectOptions & { name: string; code: string },
): Promise<void> {
  const [call, ...others] = await findCalls(app.deps, name);
  if (!call || others.length > 0) {
    context.err(call ? 'Several calls have this name: see `patchbay calls show`, and name one by its ID.' : noCall);
    return context.exit(1);
  }
  const correction = { outcome: code, callbackAt, why, by: operatorName(), saidBy: by };
  const writeBacks = await correctOutcome(app.deps, call, correction);
  const after = await app.deps.store.callById(call.correlationId);
  context.out(`call ${call.correlationId}: was ${call.outcome?.code ?? 'open'}, is ${after?.outcome?.code ?? 'open'}`);
  for (const row of writeBacks) context.out(`  ${lineOf(row)}`);
  const isWaiting = writeBacks.some(({ state }) => state === 'pending');
  context.out(isWaiting ? 'The running service writes it.' : 'Nothing is sent to a dialer.');
}

const noCall = 'No call has this name, or this number.';

function lineOf({ dialer, desired, state, why }: WriteBack): string {
  const value = state === 'held' ? `held: ${why}` : valueText(desired);
  return `${dialer.padEnd(10)}  ${desired.aspect.padEnd(11)}  ${value}`;
}
