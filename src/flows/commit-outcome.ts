import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { nameCall } from './name-call.ts';
import { readCommit } from './read-commit.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';
import type { ToolAnswer } from './tool-answer.ts';

const budgetMs = 1000;

/** The AI agent says how the call ends, before it hangs up or transfers. Durable when it is answered with ok. */
export async function commitOutcome(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const told = platform.readToolCall(body);
  const commit = readCommit(deps, platform.id, told);
  if ('error' in commit) return commit;
  const named = await nameCall(deps, told, budgetMs / 2);
  if ('error' in named) return named;

  const { refs, sighting } = named;
  const at = instantOf(deps.clock);
  // Each saying is a fact of its own: the last word counts, and a repeated one changes nothing.
  const fact: Fact = { refs, source: platform.id, key: `commit:${at}:${deps.newId()}`, at, body: commit };
  const facts = sighting ? [await registeredFromHeader(deps, sighting, 'tool', refs), fact] : [fact];
  await recordFacts(deps, facts, { budgetMs });
  return { ok: true, outcome: commit.outcome, say: 'Noted. You can end or transfer the call now.' };
}
