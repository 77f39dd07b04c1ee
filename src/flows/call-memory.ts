import { LRUCache } from 'lru-cache';
import type { Call, CallRef, Leg } from '../domain/call.ts';
import type { Lead } from '../domain/lead.ts';

/** What this process remembers, to answer a live call while the store or a dialer is away. */
export interface CallMemory {
  call(correlationId: string): Call | undefined;
  callByRef(ref: CallRef): Call | undefined;
  rememberCall(call: Call, refs?: readonly CallRef[]): void;
  /** The leg of a call that a dialer last told of; undefined when none did here. */
  leg(correlationId: string): Leg | undefined;
  rememberLeg(correlationId: string, leg: Leg): void;
  /** When (epoch ms) a dialer's script last asked for the outcome: it has the customer back by then. */
  takenBackAt(correlationId: string): number | undefined;
  rememberTakenBack(correlationId: string, at: number): void;
  isOptedOut(phone: string): boolean;
  rememberOptOut(phone: string): void;
  forgetOptOut(phone: string): void;
  /** Puts the whole list in the place of what was remembered. */
  replaceOptOuts(phones: ReadonlySet<string>): void;
  lead(dialer: string, key: string): Lead | undefined;
  rememberLead(lead: Lead): void;
}

/** @param maxCalls how many calls and leads are kept, the least recently used go first. (Default: 20,000) */
export function createCallMemory(maxCalls = 20_000): CallMemory {
  const calls = new LRUCache<string, Call>({ max: maxCalls });
  const ids = new LRUCache<string, string>({ max: maxCalls * 3 });
  const legs = new LRUCache<string, Leg>({ max: maxCalls });
  const leads = new LRUCache<string, Lead>({ max: maxCalls });
  const takenBack = new LRUCache<string, number>({ max: maxCalls });
  let optOuts = new Set<string>();
  /** Remembered since the list was last put in place: a list that was read meanwhile may lack them. */
  let recent = new Set<string>();

  function rememberOptOut(phone: string): void {
    optOuts.add(phone);
    recent.add(phone);
  }

  return {
    call: (correlationId) => calls.get(correlationId),
    callByRef(ref) {
      const id = ids.get(keyOf(ref));
      return id === undefined ? undefined : calls.get(id);
    },
    rememberCall(call, refs = []) {
      calls.set(call.correlationId, call);
      for (const ref of refs) ids.set(keyOf(ref), call.correlationId);
      if (call.outcome?.optedOutAt && call.phone) rememberOptOut(call.phone);
    },
    leg: (correlationId) => legs.get(correlationId),
    rememberLeg: (correlationId, leg) => {
      legs.set(correlationId, leg);
    },
    takenBackAt: (correlationId) => takenBack.get(correlationId),
    rememberTakenBack: (correlationId, at) => {
      takenBack.set(correlationId, at);
    },
    isOptedOut: (phone) => optOuts.has(phone),
    rememberOptOut,
    forgetOptOut: (phone) => {
      optOuts.delete(phone);
      recent.delete(phone);
    },
    replaceOptOuts(phones) {
      optOuts = phones.union(recent);
      recent = new Set();
    },
    lead: (dialer, key) => leads.get(`${dialer} ${key}`),
    rememberLead: (lead) => {
      leads.set(`${lead.dialer} ${lead.key}`, lead);
    },
  };
}

function keyOf(ref: CallRef): string {
  return `${ref.instance} ${ref.kind} ${ref.key}`;
}
