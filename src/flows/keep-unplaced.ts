import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import { possibleNumbersNote } from '../domain/possible-numbers.ts';
import { namesOfCandidates } from './ambiguous-calls.ts';
import type { Deps } from './deps.ts';
import type { Commit } from './read-commit.ts';
import { recordFacts } from './record-facts.ts';

const nameKind = 'unplaced';
const budgetMs = 500;

/**
 * Shows an outcome that an agent told and several calls can have: the agent is asked again, and if it never finds the ID,
 * somebody knows. An opt-out is kept besides, on a shell of its own: it blocks all of their numbers until a person has
 * chosen.
 */
export async function keepUnplaced(
  deps: Deps,
  platform: string,
  commit: Commit,
  candidates: readonly Call[],
): Promise<void> {
  const ids = candidates.map(({ correlationId }) => correlationId).sort();
  const isOptOut = commit.outcome === 'opt_out';
  const name = { instance: platform, kind: nameKind, key: [commit.outcome, ...ids].join('-') };
  const details = {
    told: commit.outcome,
    ...(isOptOut && { platform, conversation: name.key, nameKind }),
    ...namesOfCandidates(candidates),
  };
  deps.board.raise({ kind: 'ambiguous-call', key: `tool:${name.key}`, details });
  if (!isOptOut) return;

  const at = instantOf(deps.clock);
  const numbers = possibleNumbersNote(candidates.map(({ phone }) => phone).filter(Boolean));
  const facts = [
    { refs: [name], source: ourInstance, key: 'possible-numbers', at, body: numbers },
    { refs: [name], source: platform, key: 'commit', at, body: commit },
  ];
  await recordFacts(deps, facts, { budgetMs });
}
