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
      if (call) return call;
    }
    return null;
  });
  if (answer.kind === 'answer' && answer.value) {
    deps.memory.rememberCall(answer.value, refs.slice(0, 1));
    return { kind: 'found', call: answer.value };
  }
  for (const ref of refs) {
    const call = deps.memory.callByRef(ref);
    if (call) return { kind: 'found', call };
  }
  if (answer.kind === 'away') return { kind: 'away', why: answer.why };
  return { kind: 'unknown', why: 'no call has this name' };
}

/** The names that foreign variables give a call: our ID first, then what exactly one dialer recognises. */
export function refsFromVariables(
  deps: Deps,
  correlationId: string,
  variables: Variables,
): { refs: CallRef[]; sighting: CallSighting | null; isAmbiguous: boolean } {
  const refs: CallRef[] = isCorrelationId(correlationId) ? [correlationRef(correlationId)] : [];
  const sightings: CallSighting[] = [];
  for (const dialer of deps.dialers.values()) {
    const sighting = dialer.recogniseCall?.(variables);
    if (sighting) sightings.push(sighting);
  }
  const [first, ...others] = sightings;
  const sighting = first && others.length === 0 ? first : null;
  if (sighting) refs.push(...sighting.refs);
  return { refs, sighting, isAmbiguous: others.length > 0 };
}
