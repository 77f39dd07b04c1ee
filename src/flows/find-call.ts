import type { Call, CallRef, CallSighting } from '../domain/call.ts';
import { correlationRef, type Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Deps } from './deps.ts';

export type FoundCall =
  | { kind: 'found'; call: Call }
  | { kind: 'unknown'; why: string }
  /** The store is away and memory doesn't hold it. */
  | { kind: 'away'; why: string };

/** Finds a call by its names, strongest first; from memory while the store is away. */
export async function findCall(deps: Deps, refs: readonly CallRef[], budgetMs: number): Promise<FoundCall> {
  if (refs.length === 0) return { kind: 'unknown', why: 'no name of a call was given' };
  const answer = await deps.gate.read(budgetMs, async () => {
    for (const ref of refs) {
      const call = await deps.store.callByRef(ref);
      if (call) return { call, ref };
    }
    return null;
  });
  if (answer.kind === 'answer' && answer.value) {
    const { call, ref } = answer.value;
    deps.memory.rememberCall(call, [ref]);
    return { kind: 'found', call };
  }
  for (const ref of refs) {
    const call = deps.memory.callByRef(ref);
    if (call) return { kind: 'found', call };
  }
  if (answer.kind === 'away') return { kind: 'away', why: answer.why };
  return { kind: 'unknown', why: 'no call has this name' };
}

/**
 * The names that foreign variables give a call: our ID, else what exactly one dialer recognises. Next to an ID of ours a
 * dialer's own name is not believed: a language model may have mixed two calls up.
 */
export function refsFromVariables(
  deps: Deps,
  correlationId: string,
  variables: Variables,
): { refs: CallRef[]; sighting: CallSighting | null } {
  if (isCorrelationId(correlationId)) return { refs: [correlationRef(correlationId)], sighting: null };
  const sightings: CallSighting[] = [];
  for (const dialer of deps.dialers.values()) {
    const sighting = dialer.recogniseCall?.(variables);
    if (sighting) sightings.push(sighting);
  }
  const [first, ...others] = sightings;
  const sighting = first && others.length === 0 ? first : null;
  return { refs: sighting ? [...sighting.refs] : [], sighting };
}
