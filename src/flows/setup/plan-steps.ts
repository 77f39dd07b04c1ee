import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { MadeThing, PlannedChange } from '../../domain/setup.ts';
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
      let away = '';
      for (const named of steps.filter((each) => each.owner === owner && isApplied(each))) {
        // Asked once: every further question would cost its time-out again.
        const look = away ? blockedBy(named, away) : await planStep(named, kept);
        if (look.away) away = look.away;
        ofOwner.push({ ...named, changes: look.changes });
      }
      return ofOwner;
    }),
  );
  const all = planned.flat();
  return steps.flatMap((named) => all.find(({ step }) => step === named.step) ?? []);
}

export interface StepLook {
  changes: readonly PlannedChange[];
  /** Why the whole system can't be asked now: it is away, or wants no more of us; empty when it can. */
  away: string;
}

/** A system that can't be looked at blocks the step; the others are planned all the same. */
export async function planStep({ owner, step }: NamedStep, kept: readonly KeptThing[]): Promise<StepLook> {
  try {
    const changes = (await step.plan?.(madeIn({ owner, step }, kept))) ?? [];
    const ours = kept.filter((thing) => thing.instance === owner && thing.step === step.id);
    const seen = changes.map((change): PlannedChange => {
      const known = change.state === 'unseen' ? ours.filter(({ what }) => what === change.what) : [];
      if (known.some(({ state }) => state === 'made')) return { ...change, state: 'there', detail: madeBefore };
      return known.some(({ state }) => state === 'there') ? { ...change, state: 'there', detail: thereBefore } : change;
    });
    return { changes: seen, away: '' };
  } catch (error) {
    const { changes, away } = blockedBy({ step }, reasonOf(error));
    return { changes, away: isAway(error) ? away : '' };
  }
}

/** What set-up made in a step and did not take back, oldest first. */
export function madeIn({ owner, step }: Pick<NamedStep, 'owner' | 'step'>, kept: readonly KeptThing[]): MadeThing[] {
  return kept.filter((thing) => thing.instance === owner && thing.step === step.id && thing.state === 'made');
}

function blockedBy({ step }: Pick<NamedStep, 'step'>, reason: string): StepLook {
  return { changes: [{ what: step.title, state: 'blocked', detail: reason }], away: reason };
}

/** Whether trying something else at the same system is of no use now. */
export function isAway(thrown: unknown): boolean {
  return thrown instanceof ConnectorError && thrown.retryable;
}

const madeBefore = 'made by set-up; the system does not tell';
const thereBefore = 'set-up found it there; the system does not tell';

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
