import type { Call } from '../domain/call.ts';
import type { Dialer } from '../domain/dialer.ts';
import { variableOfHeader } from '../domain/sip-headers.ts';
import { raiseAmbiguousQuestion } from './ambiguous-calls.ts';
import { noteAnswer } from './call-notes.ts';
import { callsByNumbers, withoutConversation } from './calls-by-numbers.ts';
import type { Deps } from './deps.ts';

/** Milliseconds for everything: the platform keeps the customer ringing meanwhile, and the contract is a second. */
const budgetMs = 500;

/**
 * What to tell the agent about a call that comes in: the correlation ID and lead fields of the one registered call that
 * it can be. By the customer's number; when the dialer shows its own number instead, by the number that was called. Two
 * candidates: none is chosen, and both are shown to the people in charge. What is told is remembered: a conversation
 * between these numbers that brings no ID of ours is that call. Never rejects.
 *
 * @param from the calling number as E.164, empty when it can't be read
 * @param to the called number as E.164, empty when it can't be read
 */
export async function answerInboundCall(
  deps: Deps,
  platform: string,
  from: string,
  to = '',
): Promise<Record<string, string>> {
  const numbers = { customer: from, own: to, at: deps.clock.now(), isWaiting: true };
  const endsAt = performance.now() + budgetMs;
  const leftMs = () => Math.max(1, endsAt - performance.now());
  const found = await callsByNumbers(deps, numbers, leftMs() * 0.6);
  // A call that the AI is in already is not the one that comes in. Of one customer's only call the store need not be asked.
  const [first] = found.calls;
  const isFirstFree = first !== undefined && !deps.memory.conversationOf(first.correlationId);
  const isCertain = found.calls.length === 1 && isFirstFree && first.phone === from;
  const free = isCertain ? found : await withoutConversation(deps, found.calls, null, leftMs() / 2, 2);
  const [call, ...others] = free.calls;
  if (!call || (others.length === 0 && !isCertain && !free.isSure)) return {};
  if (others.length > 0) {
    raiseAmbiguousQuestion(deps, platform, numbers, free.calls);
    return {};
  }
  noteAnswer(deps, platform, call, numbers);
  return tellOf(deps, call, leftMs() / 2);
}

async function tellOf(deps: Deps, call: Call, tellMs: number): Promise<Record<string, string>> {
  const dialer: Dialer | undefined = deps.dialers.get(call.dialer);
  const lead = call.leadKey
    ? await deps.gate.read(tellMs, () => deps.store.leadByKey(call.dialer, call.leadKey))
    : { kind: 'answer' as const, value: null };
  const held = lead.kind === 'answer' ? lead.value : deps.memory.lead(call.dialer, call.leadKey);
  const variables: Record<string, string> = { correlation_id: call.correlationId };
  for (const { name, from } of dialer?.settings.headers ?? []) {
    const value = from === 'lead_id' ? call.leadKey : (held?.fields[from] ?? '');
    if (value) variables[variableOfHeader(name)] = value;
  }
  return { ...variables, correlation_id: call.correlationId };
}
