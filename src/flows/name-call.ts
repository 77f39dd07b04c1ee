import type { Call, CallRef, CallSighting } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import { isCorrelationId, readCorrelationId } from '../domain/correlation-id.ts';
import type { MatchedBy } from '../domain/fact.ts';
import type { ToolCall } from '../domain/platform.ts';
import { callsByMarks } from './calls-by-marks.ts';
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

/**
 * Which call a tool call means. An ID that a language model has written otherwise is read as the check character bears
 * out; one that can't be read gives way to the call's other marks: a dialer's name of it, its lead, its numbers, where
 * exactly one open call has them. One that has ended is refused; a well-formed one that we don't hold yet is kept.
 *
 * @param onSeveral what becomes of a tool call that more than one call can be; it is refused all the same
 */
export async function nameCall(
  deps: Deps,
  told: Pick<ToolCall, 'correlationId' | 'variables'>,
  budgetMs: number,
  onSeveral?: (candidates: readonly Call[]) => Promise<void>,
): Promise<NamedCall | ToolRefusal> {
  const { correlationId, variables } = told;
  if (!isCorrelationId(correlationId)) {
    const read = readCorrelationId(correlationId);
    const found = read ? await findCall(deps, [correlationRef(read)], budgetMs / 2) : null;
    // One in 32 garbled texts has the right check character too: only an ID that we know, or can't look up, is taken.
    if (found && found.kind !== 'unknown') return nameBy(deps, { ...told, correlationId: read }, budgetMs / 2);
  }
  const names = refsFromVariables(deps, correlationId, variables);
  if (names.refs.length > 0) return nameBy(deps, told, budgetMs);

  const isGarbled = correlationId !== '';
  const found = await callsByMarks(deps, variables, budgetMs);
  const [call, ...others] = found;
  if (call && others.length === 0) {
    deps.log.info({ correlationId: call.correlationId, isGarbled }, 'a tool call was matched by its other marks');
    noteMatch(deps, call, variables.lead_id ? 'dialer-name' : 'numbers');
    return { refs: [correlationRef(call.correlationId)], sighting: null, call };
  }
  deps.log.warn({ isGarbled, candidates: found.length }, 'a tool call names no call');
  if (call) await onSeveral?.(found);
  return unknownCall;
}

/** Kept with the call, soon: an operator sees on what its outcome rests. The agent waits for nothing. */
function noteMatch(deps: Deps, { correlationId }: Call, by: MatchedBy): void {
  const body = { kind: 'matched', by } as const;
  const key = `matched:tool:${by}`;
  deps.registrations.add({
    refs: [correlationRef(correlationId)],
    source: ourInstance,
    key,
    at: instantOf(deps.clock),
    body,
  });
}

async function nameBy(
  deps: Deps,
  { correlationId, variables }: Pick<ToolCall, 'correlationId' | 'variables'>,
  budgetMs: number,
): Promise<NamedCall | ToolRefusal> {
  const names = refsFromVariables(deps, correlationId, variables);
  const found = await findCall(deps, names.refs, budgetMs);
  if (found.kind === 'found' && found.call.expiresAt <= instantOf(deps.clock)) {
    deps.log.warn({ correlationId: found.call.correlationId }, 'a tool call came after the correlation ID had ended');
    return unknownCall;
  }
  const call = found.kind === 'found' ? found.call : null;
  if (call && names.refs[0]?.instance !== ourInstance) noteMatch(deps, call, 'dialer-name');
  return { refs: names.refs, sighting: standIn(names, call), call };
}
