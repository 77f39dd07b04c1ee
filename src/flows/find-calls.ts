import type { Call, CallRef } from '../domain/call.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Deps } from './deps.ts';

/**
 * The calls that an operator may mean by a name: our ID, a dialer's or the platform's own, a caller code, or a number (then
 * the latest ten). Newest first; for a terminal, never for a live call.
 */
export async function findCalls(deps: Deps, name: string): Promise<Call[]> {
  const named = await findByName(deps, name);
  if (named.length > 0) return named;
  const found = new Map<string, Call>();
  const countries = new Set([...deps.dialers.values()].map(({ settings }) => settings.country));
  for (const country of countries) {
    const phone = deps.readPhone(name, country);
    for (const call of phone ? await deps.store.callsByPhone(phone, '') : []) found.set(call.correlationId, call);
  }
  return [...found.values()].sort((a, b) => (a.registeredAt < b.registeredAt ? 1 : -1));
}

/** Those of them that have it as a name in some system. */
export async function findByName(deps: Pick<Deps, 'store' | 'dialers' | 'platforms'>, name: string): Promise<Call[]> {
  const found = new Map<string, Call>();
  for (const ref of refsOf(deps, name)) {
    const call = await deps.store.callByRef(ref);
    if (call) found.set(call.correlationId, call);
  }
  return [...found.values()];
}

function refsOf({ dialers, platforms }: Pick<Deps, 'dialers' | 'platforms'>, name: string): CallRef[] {
  const instances = [...dialers.keys(), ...platforms.keys()];
  const recognised = [...dialers.values()].flatMap(({ recogniseCall }) => {
    const sighting = recogniseCall?.({ caller_code: name, call_id: name });
    return sighting?.refs ?? [];
  });
  return [
    correlationRef(name),
    ...instances.map((instance) => ({ instance, kind: 'call-id', key: name })),
    ...recognised,
  ];
}
