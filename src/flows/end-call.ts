import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { keepAndJudge, resultOf } from './judge-call.ts';
import { knowCall } from './live-leg.ts';
import { nameCommitted } from './name-committed.ts';
import { readCommit } from './read-commit.ts';
import { steerCall } from './steer-call.ts';
import type { ToolAnswer } from './tool-answer.ts';
import { readTransferTries } from './transfer-tries.ts';

/** Machine time for the whole. */
const budgetMs = 2800;
/** Of it, for each question to our own store. */
const stepMs = 500;

/**
 * The AI agent ends the call: the dialer hangs up, and writes what the call counts as. An outcome that comes along is
 * committed first. A call that is over already is fine, and one that people have, or are about to get, is left to them.
 */
export async function endCall(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const endsAt = performance.now() + budgetMs;
  const told = platform.readToolCall(body);
  const commit = told.outcome ? readCommit(deps, platform.id, told) : null;
  if (commit && 'error' in commit) return commit;
  const named = await nameCommitted(deps, platform.id, told, commit, stepMs);
  if ('error' in named) return named;

  const at = instantOf(deps.clock);
  const judged = commit
    ? await keepAndJudge(
        deps,
        named,
        { refs: named.refs, source: platform.id, key: `commit:${at}:${deps.newId()}`, at, body: commit },
        stepMs,
      )
    : (named.call?.outcome ?? null);
  const outcome = judged?.code ?? 'hung_up';
  const { facts, live } = await knowCall(deps, named, stepMs);
  if (!live?.control) return hangUpYourself(outcome, 'You can hang up now.');
  const transfer = readTransferTries(facts, deps.clock.now());
  if (transfer.isDone) return { ok: true, outcome, say: 'The customer is with people now.', next: 'stop' };
  if (transfer.isUnderWay) return waitForTransfer;

  const result = resultOf(live, judged, outcome);
  const order = { refs: named.refs, source: platform.id, act: 'hang-up' as const, to: '', result, commit: '' };
  const steered = await steerCall(deps, live, order, endsAt - performance.now());
  if (steered.kind === 'done' || steered.kind === 'over') {
    return { ok: true, outcome, say: 'The call is ended.', next: 'stop' };
  }
  return hangUpYourself(outcome, 'The line is still open. Say goodbye, and hang up yourself.');
}

/** A hang-up now would cut off a customer who is on the way to people. */
const waitForTransfer: ToolAnswer = {
  ok: false,
  error: 'not_sure',
  say: 'The customer is being transferred. Wait some seconds, and ask for it again.',
};

/** The agent's own leg ends, and the dialer sees it: the customer is never left on an open line. */
function hangUpYourself(outcome: string, say: string): ToolAnswer {
  return { ok: true, outcome, say, next: 'end_call' };
}
