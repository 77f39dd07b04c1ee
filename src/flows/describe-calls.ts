import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { CallDescription, CallQuery, ConnectorDeps } from '../domain/connector.ts';
import type { Deps } from './deps.ts';

/** What a connector's commands may read of ours: all that is known of some calls, who opted out, and what waits. */
export function operatorReads(
  own: () => Deps,
  dialer: string,
): Pick<ConnectorDeps, 'describeCalls' | 'isOptedOut' | 'backlog'> {
  return {
    describeCalls: (query) => describeCalls(own(), dialer, query),
    backlog: () => own().store.backlog(dialer, instantOf(own().clock)),
    isOptedOut: (phone) => own().store.isOptedOut(phone),
  };
}

/** Calls by their names, those of a number or of one lead, and those of a span of time, newest first; each once. */
async function describeCalls({ store }: Deps, dialer: string, query: CallQuery): Promise<CallDescription[]> {
  const found = new Map<string, Call>();
  for (const ref of query.refs ?? []) {
    const call = await store.callByRef(ref);
    if (call) found.set(call.correlationId, call);
  }
  // A call is found by its number; a lead's calls are those of its numbers.
  const lead = query.leadKey ? await store.leadByKey(dialer, query.leadKey) : null;
  for (const phone of new Set([...(query.phones ?? []), ...(lead?.phones ?? [])])) {
    for (const call of await store.callsByPhone(phone, '')) {
      const isOfLead = !query.leadKey || (call.dialer === dialer && call.leadKey === query.leadKey);
      if (isOfLead) found.set(call.correlationId, call);
    }
  }
  if (query.registered) {
    for (const call of await store.callsRegistered({ dialer, ...query.registered }))
      found.set(call.correlationId, call);
  }

  const calls = [...found.values()].sort((a, b) => (a.registeredAt < b.registeredAt ? 1 : -1));
  return Promise.all(calls.map((call) => describeCall({ store }, call)));
}

/** One call with everything that was told of it and is wanted for it. */
export async function describeCall({ store }: Pick<Deps, 'store'>, call: Call): Promise<CallDescription> {
  return {
    call,
    refs: await store.refsOf(call.correlationId),
    facts: await store.factsOf(call.correlationId),
    writeBacks: await store.writeBacksOf(call.correlationId),
  };
}
