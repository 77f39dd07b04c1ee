import type { Call, CallRef, CallSighting } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { ToolCall } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { findCall, refsFromVariables, standIn } from './find-call.ts';
import type { ToolRefusal } from './tool-answer.ts';

export interface NamedCall {
  /** Every name that the tool call gave, strongest first; at least one. */
  refs: readonly CallRef[];
  /** What a dialer reads in the variables, where it has to stand in for the call's own registration. */
  sighting: CallSighting | null;
  /** The call as we hold it; null when we don't, or can't tell. */
  call: Call | null;
}

export const unknownCall: ToolRefusal = {
  ok: false,
  error: 'unknown_call',
  say: 'I could not match this call. Repeat the correlation ID exactly as it was given to you.',
};

/** Which call a tool call means. An ID that can't be one, or that has ended, is refused; one that we don't hold yet is kept. */
export async function nameCall(
  deps: Deps,
  told: Pick<ToolCall, 'correlationId' | 'variables'>,
  budgetMs: number,
): Promise<NamedCall | ToolRefusal> {
  const names = refsFromVariables(deps, told.correlationId, told.variables);
  const { refs } = names;
  if (refs.length === 0) {
    const isGarbled = told.correlationId !== '' && !isCorrelationId(told.correlationId);
    deps.log.warn({ isGarbled }, 'a tool call names no call');
    return unknownCall;
  }
  const found = await findCall(deps, refs, budgetMs);
  if (found.kind === 'found' && found.call.expiresAt <= instantOf(deps.clock)) {
    deps.log.warn({ correlationId: found.call.correlationId }, 'a tool call came after the correlation ID had ended');
    return unknownCall;
  }
  const call = found.kind === 'found' ? found.call : null;
  return { refs, sighting: standIn(names, call), call };
}
