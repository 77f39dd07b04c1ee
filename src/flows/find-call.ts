import type { Call, CallRef, CallSighting } from '../domain/call.ts';
import { correlationRef, ourInstance, type Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Deps } from './deps.ts';
import { freshIdOf } from './record-facts.ts';

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

export interface NamesOfCall {
  /** Strongest first. */
  refs: CallRef[];
  /** What a dialer reads in the variables, where it is believed. */
  sighting: CallSighting | null;
}

/**
 * The names that foreign variables give a call: our ID, else what exactly one dialer recognises. Next to an ID of ours a
 * dialer's own name is believed only when that ID follows from it: a language model may have mixed two calls up.
 */
export function refsFromVariables(deps: Deps, correlationId: string, variables: Variables): NamesOfCall {
  const sightings: CallSighting[] = [];
  for (const dialer of deps.dialers.values()) {
    const sighting = dialer.recogniseCall?.(variables);
    if (sighting) sightings.push(sighting);
  }
  const [first, ...others] = sightings;
  const sighting = first && others.length === 0 ? first : null;
  if (!isCorrelationId(correlationId)) return { refs: sighting ? [...sighting.refs] : [], sighting };

  const own = correlationRef(correlationId);
  const isProven = sighting !== null && freshIdOf(deps, sighting.refs) === correlationId;
  return isProven ? { refs: [own, ...sighting.refs], sighting } : { refs: [own], sighting: null };
}

/**
 * The sighting that has to stand in for the call's own registration. With our ID that is only where we hold none: it was
 * lost with the process that gave the headers (docs/decisions/0011-headers-before-the-store.md).
 */
export function standIn({ refs, sighting }: NamesOfCall, call: Call | null): CallSighting | null {
  const hasOwnId = refs.some(({ instance, kind }) => instance === ourInstance && kind === 'correlation');
  return hasOwnId && call?.isRegistered ? null : sighting;
}
