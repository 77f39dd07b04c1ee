import type { Fact } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import type { ToolCall } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import type { ToolRefusal } from './tool-answer.ts';

export type Commit = Extract<Fact['body'], { kind: 'committed' }>;

/** What an agent committed; a code that nobody knows and a time that can't be read are refused with what would do. */
export function readCommit(deps: Deps, platformId: string, told: ToolCall): Commit | ToolRefusal {
  const outcome = normaliseOutcomeCode(told.outcome);
  if (!deps.settings.outcomeCodes.includes(outcome)) {
    deps.log.warn(
      { platform: platformId, outcome: outcome.slice(0, 40) },
      'an agent committed an outcome that is not known',
    );
    return {
      ok: false,
      error: 'unknown_outcome',
      say: 'That is not one of the outcomes I know. Use one of the allowed ones.',
      allowed: deps.settings.outcomeCodes,
    };
  }
  const callbackAt = told.callbackAt ? Date.parse(told.callbackAt) : undefined;
  if (Number.isNaN(callbackAt)) {
    return {
      ok: false,
      error: 'bad_time',
      say: 'I could not read the time of the callback. Give it as a date and time such as 2026-03-04T15:30:00-05:00.',
    };
  }
  return {
    kind: 'committed',
    outcome,
    summary: told.summary,
    ...(callbackAt !== undefined && { callbackAt: new Date(callbackAt).toISOString() }),
    fields: { ...told.fields },
  };
}
