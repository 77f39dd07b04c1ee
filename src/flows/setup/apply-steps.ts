import type { JsonFields, PlannedChange, SetupRun } from '../../domain/setup.ts';
import type { SetupJournal } from './journal.ts';
import type { NamedStep } from './named-steps.ts';
import { hasWork, madeIn, planStep, reasonOf } from './plan-steps.ts';

/** The site's own configuration and secrets, as far as set-up writes them. */
export interface SiteSecrets {
  /** Keeps the secret, and its reference in a list of the instance's section. */
  keep(instance: string, secret: { name: string; value: string; list: readonly string[] }): Promise<void>;
  /** Takes it out again; nothing happens when it is not there. */
  drop(instance: string, secret: { name: string; list: readonly string[] }): Promise<void>;
}

export interface ApplyDeps {
  journal: SetupJournal;
  secrets: SiteSecrets;
}

export interface AppliedStep extends NamedStep {
  /** `blocked`: nothing could be done now. `skipped`: an earlier step of the same instance failed, or it is away. */
  result: 'done' | 'there' | 'blocked' | 'failed' | 'skipped';
  /** As it was looked at right before. */
  changes: readonly PlannedChange[];
  /** Why it failed, and what to do. */
  reason: string;
}

/**
 * Does every step in its order. Each is looked at again right before, as steps before it may have made what it waits for.
 * After a failure the same instance is left alone, the others go on.
 */
export async function applySteps(
  deps: ApplyDeps,
  steps: readonly NamedStep[],
  onApplied: (applied: AppliedStep) => void = () => undefined,
): Promise<AppliedStep[]> {
  const applied: AppliedStep[] = [];
  const failed = new Map<string, string>();
  for (const named of steps) {
    const why = failed.get(named.owner);
    const done = why
      ? { ...named, result: 'skipped' as const, changes: [], reason: why, away: '' }
      : await applyStep(deps, named);
    if (done.result === 'failed') failed.set(named.owner, 'an earlier step of it failed');
    if (done.away) failed.set(named.owner, 'it can not be asked now');
    const { away: _, ...shown } = done;
    applied.push(shown);
    onApplied(shown);
  }
  return applied;
}

async function applyStep(deps: ApplyDeps, named: NamedStep): Promise<AppliedStep & { away: string }> {
  const kept = await deps.journal.things();
  const { changes, away } = await planStep(named, kept);
  if (!hasWork(changes)) {
    const isBlocked = changes.some(({ state }) => state === 'blocked');
    return { ...named, result: isBlocked ? 'blocked' : 'there', changes, reason: '', away };
  }
  try {
    await named.step.apply?.(runOf(deps, named), madeIn(named, kept));
    return { ...named, result: 'done', changes, reason: '', away };
  } catch (error) {
    return { ...named, result: 'failed', changes, reason: reasonOf(error), away };
  }
}

function runOf({ journal, secrets }: ApplyDeps, { owner, step }: NamedStep): SetupRun {
  let last: string | undefined;
  const instance = owner;
  return {
    async begin(what, undoData) {
      const id = await journal.begin({ instance, step: step.id, what, undoData });
      last = id;
      return {
        made: (more: JsonFields = {}) => journal.made(id, more),
        wasThere: () => journal.wasThere(id),
        dropped: () => journal.dropped(id),
      };
    },
    async keepSecret(secret) {
      // A secret that came along with nothing is a thing of its own.
      if (!last) {
        const undoData = { isSecretAlone: true };
        last = await journal.begin({ instance, step: step.id, what: `secret ${secret.name}`, undoData });
        await journal.made(last, {});
      }
      // Kept before the secret is, so that it can't be forgotten in the configuration.
      await journal.secretKept(last, { name: secret.name, list: secret.list });
      await secrets.keep(instance, secret);
    },
    async dropSecret(name, list) {
      await secrets.drop(instance, { name, list });
      await journal.secretDropped({ instance, name, list });
    },
  };
}
