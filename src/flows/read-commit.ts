import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Fact } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import type { ToolCall } from '../domain/platform.ts';
import { readInstant } from '../domain/wanted-time.ts';
import type { Deps } from './deps.ts';
import type { ToolRefusal } from './tool-answer.ts';

export type Commit = Extract<Fact['body'], { kind: 'committed' }>;

/** What an agent committed; a code that nobody knows and a callback at a time that can't be read are refused with what would do. */
export function readCommit(deps: Deps, platformId: string, told: ToolCall): Commit | ToolRefusal {
  const outcome = normaliseOutcomeCode(told.outcome);
  if (!deps.settings.outcomeCodes.includes(outcome)) {
    // A language model made it up, of whatever it was told: the word itself stands under Attention only.
    const hint = 'See it under Attention: allow it, or mend the prompt of the agent.';
    deps.log.warn({ platform: platformId, hint }, 'an agent committed an outcome that is not known');
    showUnlisted(deps, platformId, outcome, told.correlationId);
    return {
      ok: false,
      error: 'unknown_outcome',
      say: 'That is not one of the outcomes I know. Use one of the allowed ones.',
      allowed: deps.settings.outcomeCodes,
    };
  }
  const callbackAt = told.callbackAt ? readInstant(told.callbackAt) : undefined;
  // An opt-out is not refused for a time that nobody needs.
  if (callbackAt === null && outcome === 'callback') {
    return {
      ok: false,
      error: 'bad_time',
      say: 'I could not read the time of the callback. Give it with its offset from UTC, such as 2026-03-04T15:30:00-05:00.',
    };
  }
  return {
    kind: 'committed',
    outcome,
    summary: told.summary,
    ...(typeof callbackAt === 'number' && { callbackAt: new Date(callbackAt).toISOString() }),
    fields: { ...told.fields },
  };
}

/** The operator may want to add the code, or to mend the agent's prompt. */
function showUnlisted(deps: Deps, platform: string, outcome: string, correlationId: string): void {
  const code = outcome.slice(0, 40);
  deps.board.raise({
    kind: 'unlisted-outcome',
    key: `${platform}:${code}`,
    details: { platform, code },
    ...(isCorrelationId(correlationId) && { correlationId }),
  });
}
