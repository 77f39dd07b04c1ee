import type { Command } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import { say } from '../../shared/answers.ts';
import type { Five9 } from '../five9.ts';
import { faultOf } from '../soap/errors.ts';
import type { Undoing } from './undoing.ts';

/** One thing that the Five9 domain should have. */
export interface PlannedThing {
  /** As an operator would call it: `contact field patchbay_key`. */
  what: string;
  /**
   * `differs`: it is there, but not as it should be; Patchbay doesn't change what others made. `unseen`: Five9 does not tell;
   * making it is harmless twice.
   */
  state: 'there' | 'missing' | 'differs' | 'unseen';
  detail: string;
  /** What makes it, one after the other; where it is there already, what can't be read is seen to (harmless twice). */
  makings?: readonly Making[];
}

/** One change of the domain. */
export interface Making {
  what: string;
  /** What undoing it has to know. */
  undo: Undoing;
  /** False when Five9 had it already. */
  make(): Promise<boolean>;
}

export interface DomainPlan {
  things: readonly PlannedThing[];
  /** Why what is missing can't be created now; empty when it can, or when nothing is missing. */
  obstacle: string;
}

/**
 * A command that compares the domain with what the configuration needs, and creates what is missing with `--apply`. What
 * is there already is never changed. Exit code 1 while something is missing or differs.
 */
export function domainCommand(
  five9: Five9,
  { name, summary, plan }: { name: string; summary: string; plan(five9: Five9): Promise<DomainPlan> },
): Command {
  return {
    name,
    summary,
    arguments: [],
    options: [{ flags: '--apply', summary: 'creates what is missing; without it nothing is changed' }],
    async run(_words, options, output) {
      const { things, obstacle } = await plan(five9);
      const missing = things.filter(({ state }) => state === 'missing').length;
      const isBlocked = obstacle !== '';
      const isApplied = options.apply === true && !isBlocked;
      const failed = isApplied ? await applyAll(things) : new Map<PlannedThing, string>();
      for (const thing of things) {
        const { what } = thing;
        const { result, detail } = resultOf(thing, isApplied, failed);
        say(output, { what, result, detail }, [`${result.padEnd(9)}${what}${detail && `: ${detail}`}`]);
      }
      if (isBlocked) say(output, { result: 'blocked', detail: obstacle }, [obstacle]);
      else if (missing > 0 && !isApplied && !output.isJson) {
        output.write(`${missing} missing. Create with: npx patchbay ${five9.id} ${name} --apply`);
      }
      const isLeft = (thing: PlannedThing) =>
        failed.has(thing) || thing.state === 'differs' || (thing.state === 'missing' && !isApplied);
      return isBlocked || things.some(isLeft) ? 1 : 0;
    },
  };
}

/** One after the other. What exists after all, because somebody was faster, counts as made. */
async function applyAll(things: readonly PlannedThing[]): Promise<Map<PlannedThing, string>> {
  const failed = new Map<PlannedThing, string>();
  for (const thing of things) {
    try {
      for (const { make } of thing.makings ?? []) await make();
    } catch (error) {
      failed.set(thing, whyOf(error));
    }
  }
  return failed;
}

const alreadyThere = new Set([
  ...['ObjectAlreadyExists', 'DispositionAlreadyExists', 'DispositionIsAlreadyAssigned', 'DispositionAlreadyAssigned'],
  ...['ListAlreadyExists', 'ListAlreadyAssigned', 'SkillAlreadyExists'],
]);

/** Runs what creates something, content when Five9 has it already: false then. */
export async function unlessThere(create: () => Promise<void>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (!alreadyThere.has(faultOf(error)?.fault ?? '')) throw error;
    return false;
  }
}

function whyOf(error: unknown): string {
  const hint = error instanceof ConnectorError && error.hint ? ` ${error.hint}` : '';
  return `${messageOf(error)}.${hint}`;
}

function resultOf(
  thing: PlannedThing,
  isApplied: boolean,
  failed: ReadonlyMap<PlannedThing, string>,
): { result: string; detail: string } {
  const why = failed.get(thing);
  if (why !== undefined) return { result: 'failed', detail: why };
  return { result: isApplied && thing.state === 'missing' ? 'created' : thing.state, detail: thing.detail };
}
