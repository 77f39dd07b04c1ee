import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { PlannedChange, SetupRun, SetupStep } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import type { DomainPlan, Making } from '../domain-plan.ts';
import type { Five9StepId } from './step-ids.ts';
import { takeBack } from './take-back.ts';

export type StepOf = Omit<SetupStep, 'id'> & { id: Five9StepId };

/** A step that brings the domain to what a plan wants. What others made is told, and never changed. */
export function plannedStep(
  five9: Five9,
  step: Pick<StepOf, 'id' | 'title' | 'phase' | 'checks' | 'describe'>,
  plan: (five9: Five9) => Promise<DomainPlan>,
): StepOf {
  return {
    ...step,
    kind: 'api',
    async plan() {
      const { things, obstacle } = await plan(five9);
      return things.map(({ what, state, detail }): PlannedChange => {
        if (state === 'differs') return { what, state: 'blocked', detail: `${detail}. Patchbay leaves it as it is.` };
        if (state === 'missing' && obstacle) return { what, state: 'blocked', detail: obstacle };
        return { what, state, detail };
      });
    },
    async apply(run) {
      const { things, obstacle } = await plan(five9);
      if (obstacle)
        throw new ConnectorError('dialer_refused', `${step.title}: it can't be done now`, { hint: obstacle });
      for (const making of things.flatMap(({ makings = [] }) => makings)) await makeOne(run, making);
    },
    undo: (made) => takeBack(five9, made),
  };
}

/** Notes what is about to be made, and then makes it. An answer that was lost stays noted: it may be there. */
export async function makeOne(run: SetupRun, { what, undo, make }: Making): Promise<void> {
  const begun = await run.begin(what, undo);
  let isNew: boolean;
  try {
    isNew = await make();
  } catch (error) {
    if (!isInDoubt(error)) await begun.dropped();
    throw error;
  }
  await (isNew ? begun.made() : begun.wasThere());
}

export function isInDoubt(error: unknown): boolean {
  return error instanceof ConnectorError && error.inDoubt;
}
