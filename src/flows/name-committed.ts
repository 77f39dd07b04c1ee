import type { ToolCall } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { keepUnplaced } from './keep-unplaced.ts';
import { type NamedCall, nameCall } from './name-call.ts';
import type { Commit } from './read-commit.ts';
import type { ToolRefusal } from './tool-answer.ts';

/** Told otherwise each time, though it is the same thing. */
const saying = ['outcome', 'summary'];

/**
 * Which call a tool call means that may commit an outcome. What can be of several calls is shown; an opt-out of a call that
 * can't be found is too, for when the agent never finds the ID, nobody else would know.
 */
export async function nameCommitted(
  deps: Deps,
  platform: string,
  told: Pick<ToolCall, 'correlationId' | 'variables'>,
  commit: Commit | null,
  budgetMs: number,
): Promise<NamedCall | ToolRefusal> {
  let hasCandidates = false;
  const named = await nameCall(deps, told, budgetMs, async (candidates) => {
    hasCandidates = true;
    if (commit) await keepUnplaced(deps, platform, commit, candidates);
  });
  if ('error' in named && !hasCandidates && commit?.outcome === 'opt_out') showUnplaced(deps, platform, told);
  return named;
}

function showUnplaced(deps: Deps, platform: string, { variables }: Pick<ToolCall, 'variables'>): void {
  const marks = Object.entries(variables).filter(([name, value]) => value !== '' && !saying.includes(name));
  const details = Object.fromEntries(marks.map(([name, value]) => [name, value.slice(0, 200)]));
  const key = `${platform}:${deps.hashNumber(JSON.stringify(marks))}`;
  const hint =
    'Find the call, then: patchbay outcome correct <id> opt_out. Else list the number in the dialers by hand.';
  deps.board.raise({ kind: 'unplaced-opt-out', key, details: { ...details, platform, hint } });
}
