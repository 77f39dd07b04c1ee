import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Fact } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { findCall, refsFromVariables } from './find-call.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';

/** What the language model reads: small and speakable. */
export type ToolAnswer =
  | { ok: true; outcome: string; say: string }
  | { ok: false; error: 'unknown_outcome' | 'unknown_call' | 'bad_time'; say: string; allowed?: readonly string[] };

const budgetMs = 1000;

/** The AI agent says how the call ends, before it hangs up or transfers. Durable when it is answered with ok. */
export async function commitOutcome(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const call = platform.readToolCall(body);
  const outcome = normaliseOutcomeCode(call.outcome);
  if (!deps.settings.outcomeCodes.includes(outcome)) {
    deps.log.warn(
      { platform: platform.id, outcome: outcome.slice(0, 40) },
      'an agent committed an outcome that is not known',
    );
    return {
      ok: false,
      error: 'unknown_outcome',
      say: 'That is not one of the outcomes I know. Use one of the allowed ones.',
      allowed: deps.settings.outcomeCodes,
    };
  }
  const callbackAt = call.callbackAt ? Date.parse(call.callbackAt) : undefined;
  if (Number.isNaN(callbackAt)) {
    return {
      ok: false,
      error: 'bad_time',
      say: 'I could not read the time of the callback. Give it as a date and time such as 2026-03-04T15:30:00-05:00.',
    };
  }

  const { refs, sighting } = refsFromVariables(deps, call.correlationId, call.variables);
  const refusal = await refuse(deps, refs, call.correlationId);
  if (refusal) return refusal;

  const at = instantOf(deps.clock);
  const fact: Fact = {
    refs,
    source: platform.id,
    // Each saying is a fact of its own: the last word counts, and a repeated one changes nothing.
    key: `commit:${at}:${deps.newId()}`,
    at,
    body: {
      kind: 'committed',
      outcome,
      summary: call.summary,
      ...(callbackAt !== undefined && { callbackAt: new Date(callbackAt).toISOString() }),
      fields: { ...call.fields },
    },
  };
  const facts = sighting ? [await registeredFromHeader(deps, sighting, 'tool', refs), fact] : [fact];
  await recordFacts(deps, facts, { budgetMs });
  return { ok: true, outcome, say: 'Noted. You can end or transfer the call now.' };
}

/** An ID that can't be one, or that has ended, is refused kindly; one that we don't hold yet is kept. */
async function refuse(
  deps: Deps,
  refs: Fact['refs'],
  correlationId: string,
): Promise<Extract<ToolAnswer, { ok: false }> | null> {
  const unknown = {
    ok: false,
    error: 'unknown_call',
    say: 'I could not match this call. Repeat the correlation ID exactly as it was given to you.',
  } as const;
  if (refs.length === 0) {
    deps.log.warn({ isGarbled: correlationId !== '' && !isCorrelationId(correlationId) }, 'a commit names no call');
    return unknown;
  }
  const found = await findCall(deps, refs, budgetMs / 2);
  if (found.kind === 'found' && found.call.expiresAt <= instantOf(deps.clock)) {
    deps.log.warn({ correlationId: found.call.correlationId }, 'a commit came after the correlation ID had ended');
    return unknown;
  }
  return null;
}
