import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import type { Platform } from '../domain/platform.ts';
import { customerOf, offersFrom, refusalOf } from './callback-times.ts';
import type { Deps } from './deps.ts';
import { leadOfCall } from './lead-of-call.ts';
import type { NamedCall } from './name-call.ts';
import { nameCommitted } from './name-committed.ts';
import { type Commit, readCommit } from './read-commit.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';
import type { ToolAnswer } from './tool-answer.ts';

const budgetMs = 1000;
/** For the call's facts, and for its lead. */
const stepMs = 400;
const lookMs = 700;

/** The AI agent says how the call ends, before it hangs up or transfers. Durable when it is answered with ok. */
export async function commitOutcome(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const told = platform.readToolCall(body);
  const commit = readCommit(deps, platform.id, told);
  if ('error' in commit) return commit;
  const named = await nameCommitted(deps, platform.id, told, commit, budgetMs / 2);
  if ('error' in named) return named;

  const { refs, sighting } = named;
  const at = instantOf(deps.clock);
  // Each saying is a fact of its own: the last word counts, and a repeated one changes nothing.
  const fact: Fact = { refs, source: platform.id, key: `commit:${at}:${deps.newId()}`, at, body: commit };
  const facts = sighting ? [await registeredFromHeader(deps, sighting, 'tool', refs), fact] : [fact];
  const kept = await recordFacts(deps, facts, { budgetMs });
  const better = kept.kind === 'recorded' ? await betterTimes(deps, named, commit) : null;
  const noted = { ok: true, outcome: commit.outcome, say: 'Noted. You can end or transfer the call now.' } as const;
  return better ? { ...noted, ...better } : noted;
}

/**
 * What was said is kept whatever the hour, or it would be lost. But at a forbidden time nobody will call: while the
 * customer is on the line there is still somebody to ask for another. Null where the time will do.
 */
async function betterTimes(deps: Deps, named: NamedCall, { outcome, callbackAt }: Commit) {
  if (outcome !== 'callback' || !callbackAt) return null;
  const customer = customerOf(deps, await leadOfCall(deps, named, stepMs, lookMs));
  const at = Date.parse(callbackAt);
  const refusal = refusalOf(deps, at, customer);
  if (!refusal) return null;
  return {
    say: `Noted, but: ${refusal.say} Then commit it once more with that time.`,
    offers: offersFrom(deps, { kind: 'time', at }, customer),
  };
}
