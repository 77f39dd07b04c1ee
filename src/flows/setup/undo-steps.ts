import type { UndoAnswer } from '../../domain/setup.ts';
import type { ApplyDeps } from './apply-steps.ts';
import { isOpen, type KeptThing } from './journal.ts';
import type { NamedStep } from './named-steps.ts';
import { isAway, reasonOf } from './plan-steps.ts';

export interface UndoneThing {
  thing: KeptThing;
  /** `skipped`: its system could not be asked a moment before. */
  result: UndoAnswer['kind'] | 'failed' | 'skipped';
  /** Why it was left alone or failed, or what to do by hand; empty when it is undone. */
  note: string;
}

/** What set-up made and did not take back yet, newest first; of these instances, or of all. */
export async function openThings(deps: Pick<ApplyDeps, 'journal'>, only: readonly string[] = []): Promise<KeptThing[]> {
  const things = await deps.journal.things();
  return things.filter((thing) => isOpen(thing) && (only.length === 0 || only.includes(thing.instance))).reverse();
}

/** Takes back what set-up made, newest first. What can't be is told, and stays on the list; the rest goes on. */
export async function undoSteps(
  deps: ApplyDeps,
  steps: readonly NamedStep[],
  things: readonly KeptThing[],
  onUndone: (undone: UndoneThing) => void = () => undefined,
): Promise<UndoneThing[]> {
  const all: UndoneThing[] = [];
  const away = new Set<string>();
  for (const thing of things) {
    // Asked once: every further question would cost its time-out again.
    const undone = away.has(thing.instance) ? skipped(thing) : await undoThing(deps, steps, thing, away);
    all.push(undone);
    onUndone(undone);
  }
  return all;
}

function skipped(thing: KeptThing): UndoneThing {
  return { thing, result: 'skipped', note: `${thing.instance} can not be asked now` };
}

async function undoThing(
  deps: ApplyDeps,
  steps: readonly NamedStep[],
  thing: KeptThing,
  away: Set<string>,
): Promise<UndoneThing> {
  try {
    const answer = await askStep(steps, thing);
    const note = answer.kind === 'changed' ? answer.why : answer.kind === 'by-hand' ? answer.what : '';
    if (answer.kind === 'undone' || answer.kind === 'gone') {
      // Before it is remembered as undone: a crash in between only asks once more.
      for (const secret of thing.secrets) {
        await deps.secrets.drop(thing.instance, secret);
        await deps.journal.secretDropped({ instance: thing.instance, ...secret });
      }
    }
    await deps.journal.undone(thing.id, answer.kind, note);
    return { thing, result: answer.kind, note };
  } catch (error) {
    if (isAway(error)) away.add(thing.instance);
    return { thing, result: 'failed', note: reasonOf(error) };
  }
}

function askStep(steps: readonly NamedStep[], thing: KeptThing): Promise<UndoAnswer> | UndoAnswer {
  const { step, what, undoData, isCertain } = thing;
  if (undoData.isSecretAlone === true) return { kind: 'undone' };
  const made = { step, what, undoData, isCertain };
  const named = steps.find((each) => each.owner === thing.instance && each.step.id === step);
  if (named?.step.undo) return named.step.undo(made);
  const why = named ? 'this release knows no way back' : `${thing.instance} is not configured any more`;
  return { kind: 'by-hand', what: `Take it back in the system itself: ${why}.` };
}
