import type { Call, CallRef, Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import type { Fact, FactBody } from '../domain/fact.ts';
import type { FoundCalls, NumbersOfCall } from './calls-by-numbers.ts';
import type { Deps } from './deps.ts';

const inboundEvent = 'inbound-call';
const ambiguousEvent = 'ambiguous-call';
/** How long after our answer the conversation begins, at most. */
const beginsWithinMs = 2 * 60_000;
const skewMs = 30_000;
const repeatMs = 60_000;

/** Our own note on a conversation that it could be several calls. */
export function ambiguousNote(conversation: CallRef, at: Instant): Fact {
  const body = { kind: 'noted', event: ambiguousEvent, text: '' } as const;
  return { refs: [conversation], source: ourInstance, key: `${ambiguousEvent}:${conversation.key}`, at, body };
}

export function isAmbiguousNote(body: FactBody): boolean {
  return body.kind === 'noted' && body.event === ambiguousEvent;
}

/** Keeps with the call, soon and for good, that we told a platform of it when it asked about these numbers. */
export function noteAnswer(deps: Deps, platform: string, call: Call, { customer, own }: NumbersOfCall): void {
  const at = instantOf(deps.clock);
  const key = answerKey(platform, customer, own);
  const last = deps.memory.answersTo(key).at(-1);
  // A platform asks again when an answer is late: once is enough.
  const isNoted = last?.correlationId === call.correlationId && Date.parse(at) - Date.parse(last.at) < repeatMs;
  if (isNoted) return;
  deps.memory.rememberAnswer(key, { correlationId: call.correlationId, at });
  deps.registrations.add({
    refs: [correlationRef(call.correlationId)],
    source: platform,
    key: `${inboundEvent}:${at}`,
    at,
    body: { kind: 'noted', event: inboundEvent, text: JSON.stringify({ customer, own }) },
  });
}

/**
 * The calls of which we told the platform when it asked about these numbers, shortly before the conversation began.
 * Not sure when of one the store can't say so: it may be the one that was told of last.
 */
export async function answeredInbound(
  deps: Deps,
  platform: string,
  numbers: NumbersOfCall,
  candidates: readonly Call[],
  budgetMs: number,
): Promise<FoundCalls> {
  const { customer, own, at } = numbers;
  if (!customer) return { calls: [], isSure: true };
  const endsAt = performance.now() + budgetMs;
  let isSure = true;
  const isNear = (instant: string) => isBetween(Date.parse(instant), at - beginsWithinMs, at + skewMs);
  const found = new Map<string, Call>();
  for (const answer of deps.memory.answersTo(answerKey(platform, customer, own))) {
    const call = deps.memory.call(answer.correlationId);
    if (call && isNear(answer.at)) found.set(call.correlationId, call);
  }
  for (const call of candidates) {
    const leftMs = Math.max(1, endsAt - performance.now());
    const answer = await deps.gate.read(leftMs, () => deps.store.factsOf(call.correlationId));
    if (answer.kind === 'away') isSure = false;
    const facts = answer.kind === 'answer' ? answer.value : [];
    const text = JSON.stringify({ customer, own });
    const isTold = facts.some(
      ({ source, at: told, body }) =>
        source === platform &&
        body.kind === 'noted' &&
        body.event === inboundEvent &&
        body.text === text &&
        isNear(told),
    );
    if (isTold) found.set(call.correlationId, call);
  }
  return { calls: [...found.values()], isSure };
}

function answerKey(platform: string, customer: string, own: string): string {
  return `${platform} ${customer} ${own}`;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
