import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { PatchbayConfig } from '../../../config/schema.ts';
import { systemClock } from '../../clock.ts';
import { type AppliedStep, applySteps } from '../../flows/setup/apply-steps.ts';
import { openJournal, type SetupJournal } from '../../flows/setup/journal.ts';
import { whileAlone } from '../../flows/setup/lock.ts';
import { type NamedStep, stepsInOrder } from '../../flows/setup/named-steps.ts';
import { hasWork, isApplied, type PlannedStep, planSteps } from '../../flows/setup/plan-steps.ts';
import type { CliContext } from '../context.ts';
import { operatorName } from '../operator.ts';
import { openSetupSite } from './setup-site.ts';
import { needWritable, siteSecrets } from './site-files.ts';

export interface ApplyOptions {
  only: readonly string[];
  isDryRun: boolean;
  /** Whether what was shown shall be done. */
  agree(): Promise<boolean>;
}

/** Shows what would be done over the APIs, and does it. */
export async function applySetup(context: CliContext, config: PatchbayConfig, options: ApplyOptions): Promise<void> {
  const site = openSetupSite(context, config);
  try {
    const steps = chosen(context, stepsInOrder(site.instances), options.only);
    if (!steps) return;
    const journal = journalOf(config);
    const planned = await planSteps(steps, await journal.things());
    showPlan(context, steps, planned);
    const isBlocked = planned.some(({ changes }) => changes.some(({ state }) => state === 'blocked'));
    if (!planned.some(({ changes }) => hasWork(changes))) {
      context.out(isBlocked ? 'Nothing can be done now.' : 'Nothing is left to do over the APIs.');
      if (isBlocked) context.exit(1);
      return;
    }
    if (options.isDryRun) return;
    await needWritable(context);
    if (!(await options.agree())) {
      context.out('Nothing was changed.');
      return;
    }
    const file = journalFile(config);
    const applied = await whileAlone(`${file}.lock`, () =>
      applySteps(
        { journal, secrets: siteSecrets(context) },
        planned.map(({ changes: _, ...named }) => named),
        (step) => showApplied(context, step),
      ),
    );
    conclude(context, applied, file);
  } finally {
    await site.close();
  }
}

/** The journal of this configuration. */
export function journalOf(config: PatchbayConfig): SetupJournal {
  return openJournal({ clock: systemClock, newId: randomUUID, by: operatorName() }, journalFile(config));
}

export function journalFile(config: PatchbayConfig): string {
  return resolve(config.setup.journal);
}

/** The steps of these instances; null, and said so, when one of them is not configured. */
export function chosen(
  context: CliContext,
  steps: readonly NamedStep[],
  only: readonly string[],
): readonly NamedStep[] | null {
  const owners = [...new Set(steps.map(({ owner }) => owner))];
  const unknown = only.filter((id) => !owners.includes(id));
  if (unknown.length > 0) {
    context.err(`Nothing to set up is called ${unknown.join(', ')}. There are: ${owners.join(', ')}.`);
    context.exit(1);
    return null;
  }
  return steps.filter(({ owner }) => only.length === 0 || only.includes(owner));
}

function showPlan(context: CliContext, steps: readonly NamedStep[], planned: readonly PlannedStep[]): void {
  context.out('Over the APIs:');
  for (const { owner, step, changes } of planned) {
    context.out(`  ${owner}: ${step.title}`);
    for (const { state, what, detail } of changes) {
      context.out(`    ${state.padEnd(7)}  ${what}${detail ? `: ${detail}` : ''}`);
    }
  }
  const byHand = steps.filter((named) => !isApplied(named));
  if (byHand.length === 0) return;
  context.out('By you, as the runbook says (npx patchbay setup --runbook):');
  for (const { owner, step } of byHand) context.out(`  ${owner}: ${step.title}`);
}

function showApplied(context: CliContext, { owner, step, result, changes, reason }: AppliedStep): void {
  if (result === 'there') return;
  const blocked = changes.filter(({ state }) => state === 'blocked');
  context.out(`${result.padEnd(7)}  ${owner}: ${step.title}${reason ? `: ${reason}` : ''}`);
  for (const { what, detail } of blocked) context.out(`    blocked  ${what}: ${detail}`);
}

function conclude(context: CliContext, applied: readonly AppliedStep[], file: string): void {
  const count = (result: AppliedStep['result']) => applied.filter((each) => each.result === result).length;
  const isWhole = applied.every(
    ({ result, changes }) =>
      (result === 'done' || result === 'there') && !changes.some(({ state }) => state === 'blocked'),
  );
  context.out(
    `${count('done')} done, ${count('there')} there already, ${count('blocked')} blocked, ${count('failed')} failed, ${count('skipped')} not tried.`,
  );
  context.out(`What was made is kept in ${file}: npx patchbay setup log, npx patchbay setup undo.`);
  context.out('Restart the service if its configuration changed. Then: npx patchbay doctor');
  if (!isWhole) context.exit(1);
}
