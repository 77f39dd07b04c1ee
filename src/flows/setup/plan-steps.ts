import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { PlannedChange } from '../../domain/setup.ts';
import type { KeptThing } from './journal.ts';
import type { NamedStep } from './named-steps.ts';

export interface PlannedStep extends NamedStep {
  changes: readonly PlannedChange[];
}

/** What applying would do: looks at every system, changes nothing. Instances are looked at side by side. */
export async function planSteps(steps: readonly NamedStep[], kept: readonly KeptThing[] = []): Promise<PlannedStep[]> {
  const owners = [...new Set(steps.map(({ owner }) => owner))];
  const planned = await Promise.all(
    owners.map(async (owner) => {
      const ofOwner: PlannedStep[] = [];
      for (const named of steps.filter((each) => each.owner === owner)) {
        if (isApplied(named)) ofOwner.push({ ...named, changes: await planStep(named, kept) });
      }
      return ofOwner;
    }),
  );
  const all = planned.flat();
  return steps.flatMap((named) => all.find(({ step }) => step === named.step) ?? []);
}

/** A system that can't be looked at blocks the step; the others are planned all the same. */
export async function planStep(
  { owner, step }: NamedStep,
  kept: readonly KeptThing[],
): Promise<readonly PlannedChange[]> {
  try {
    const changes = (await step.plan?.()) ?? [];
    const ours = kept.filter((thing) => thing.instance === owner && thing.step === step.id && thing.state === 'made');
    return changes.map((change) =>
      change.state === 'unseen' && ours.some(({ what }) => what === change.what)
        ? { ...change, state: 'there', detail: 'made by set-up; the system does not tell' }
        : change,
    );
  } catch (error) {
    return [{ what: step.title, state: 'blocked', detail: reasonOf(error) }];
  }
}

/** Whether set-up itself does something in this step. */
export function isApplied({ step }: NamedStep): boolean {
  return step.plan !== undefined && step.apply !== undefined;
}

/** Whether there is something to do now. */
export function hasWork(changes: readonly PlannedChange[]): boolean {
  return changes.some(({ state }) => state === 'missing' || state === 'differs' || state === 'unseen');
}

/** What was thrown, and what the operator can do. */
export function reasonOf(thrown: unknown): string {
  const hint = thrown instanceof ConnectorError ? thrown.hint : '';
  return hint ? `${sentence(messageOf(thrown))} ${hint}` : messageOf(thrown);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
