import { LRUCache } from 'lru-cache';
import type { Call, CallRef, Instant, Leg } from '../domain/call.ts';
import type { Lead } from '../domain/lead.ts';
import { createCallIndex, type Span } from './call-index.ts';

/** What this process remembers, to answer a live call while the store or a dialer is away. */
export interface CallMemory {
  call(correlationId: string): Call | undefined;
  callByRef(ref: CallRef): Call | undefined;
  rememberCall(call: Call, refs?: readonly CallRef[]): void;
  /** Registered calls of a number, of a lead, or about a span of time of a campaign; in no order. */
  callsOfPhone(phone: string): Call[];
  callsOfLead(dialer: string, leadKey: string): Call[];
  callsOfCampaign(dialer: string, campaign: string, span: Span): Call[];
  /** The name of the platform's conversation that was found to be this call; undefined when none was here. */
  conversationOf(correlationId: string): CallRef | undefined;
  rememberConversation(correlationId: string, conversation: CallRef): void;
  /** Which calls a platform was told of when it asked by a key, the latest last. */
  answersTo(key: string): readonly InboundAnswer[];
  rememberAnswer(key: string, answer: InboundAnswer): void;
  /** The leg of a call that a dialer last told of; undefined when none did here. */
  leg(correlationId: string): Leg | undefined;
  rememberLeg(correlationId: string, leg: Leg): void;
  /** When (epoch ms) a dialer's script last asked for the outcome: it has the customer back by then. */
  takenBackAt(correlationId: string): number | undefined;
  rememberTakenBack(correlationId: string, at: number): void;
  /** True for the first time that a script is given this answer for a call. */
  isFirstAnswer(correlationId: string, status: string): boolean;
  /** What the agent of a call has looked people up by: the caller adds to it. */
  lookUps(correlationId: string): Set<string>;
  isOptedOut(phone: string): boolean;
  rememberOptOut(phone: string): void;
  forgetOptOut(phone: string): void;
  /** Puts the whole list in the place of what was remembered. */
  replaceOptOuts(phones: ReadonlySet<string>): void;
  lead(dialer: string, key: string): Lead | undefined;
  rememberLead(lead: Lead): void;
}

export interface InboundAnswer {
  correlationId: string;
  at: Instant;
}

/** @param maxCalls how many calls and leads are kept, the least recently used go first. (Default: 10,000) */
export function createCallMemory(maxCalls = 10_000): CallMemory {
  const index = createCallIndex();
  const calls = new LRUCache<string, Call>({
    max: maxCalls,
    // What takes its place under the same ID is put into the index with it.
    noDisposeOnSet: true,
    dispose: (call) => index.drop(call),
  });
  const conversations = new LRUCache<string, CallRef>({ max: maxCalls });
  const ids = new LRUCache<string, string>({ max: maxCalls * 3 });
  const answers = new LRUCache<string, readonly InboundAnswer[]>({ max: maxCalls });
  const legs = new LRUCache<string, Leg>({ max: maxCalls });
  const leads = new LRUCache<string, Lead>({ max: maxCalls });
  const takenBack = new LRUCache<string, number>({ max: maxCalls });
  const given = new LRUCache<string, true>({ max: maxCalls });
  const lookUps = new LRUCache<string, Set<string>>({ max: maxCalls });
  let optOuts = new Set<string>();
  /** Remembered since the list was last put in place: a list that was read meanwhile may lack them. */
  let recent = new Set<string>();

  function registered(correlationIds: readonly string[]): Call[] {
    const found = correlationIds.flatMap((id) => calls.peek(id) ?? []);
    return found.filter(({ isRegistered }) => isRegistered);
  }

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
    rememberCall(told, refs = []) {
      const before = calls.peek(told.correlationId);
      // The store may hold no more than a shell of it yet: its registration is on the way.
      const call = before?.mapping && !told.mapping ? { ...told, mapping: before.mapping } : told;
      calls.set(call.correlationId, call);
      index.add(call, before);
      for (const ref of refs) ids.set(keyOf(ref), call.correlationId);
      if (call.outcome?.optedOutAt && call.phone) rememberOptOut(call.phone);
    },
    callsOfPhone: (phone) => registered(index.ofPhone(phone)),
    callsOfLead: (dialer, leadKey) => registered(index.ofLead(dialer, leadKey)),
    callsOfCampaign: (dialer, campaign, span) => registered(index.ofCampaign(dialer, campaign, span)),
    conversationOf: (correlationId) => conversations.get(correlationId),
    rememberConversation: (correlationId, conversation) => {
      conversations.set(correlationId, conversation);
    },
    answersTo: (key) => answers.get(key) ?? [],
    rememberAnswer: (key, answer) => {
      answers.set(key, [...(answers.get(key) ?? []).slice(-9), answer]);
    },
    leg: (correlationId) => legs.get(correlationId),
    rememberLeg: (correlationId, leg) => {
      legs.set(correlationId, leg);
    },
    takenBackAt: (correlationId) => takenBack.get(correlationId),
    rememberTakenBack: (correlationId, at) => {
      takenBack.set(correlationId, at);
    },
    isFirstAnswer(correlationId, status) {
      const name = `${correlationId} ${status}`;
      const isFirst = !given.has(name);
      given.set(name, true);
      return isFirst;
    },
    lookUps(correlationId) {
      const known = lookUps.get(correlationId) ?? new Set();
      lookUps.set(correlationId, known);
      return known;
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
