import type { Call, CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { PlatformEvent } from '../domain/platform.ts';
import type { NumbersOfCall } from './calls-by-numbers.ts';
import type { Deps } from './deps.ts';
import { numbersOf } from './match-event.ts';

/** Shows a conversation that several calls can be: nothing is written until somebody has chosen. */
export function raiseAmbiguous(deps: Deps, platform: string, event: PlatformEvent, candidates: readonly Call[]): void {
  const [conversation] = event.refs;
  if (!conversation) return;
  deps.log.warn({ platform, candidates: candidates.length }, 'a conversation fits several calls: somebody must choose');
  const details = {
    platform,
    conversation: conversation.key,
    startedAt: event.startedAt ?? '',
    ...numbersOf(deps, event),
    ...namesOfCandidates(candidates),
  };
  deps.board.raise({ kind: 'ambiguous-call', key: keyOf(platform, conversation), details });
}

/** Its own name came later: nobody has to choose any more. Never waits and never throws. */
export function settleAmbiguous(deps: Deps, platform: string, conversation: CallRef, by: string): void {
  const item = { kind: 'ambiguous-call', key: keyOf(platform, conversation) } as const;
  const settlement = `matched by ${by}`;
  deps.store
    .settleAttention({ ...item, by: ourInstance, settlement, now: instantOf(deps.clock) })
    .catch((error: unknown) =>
      deps.log.warn({ platform, reason: messageOf(error) }, 'a matched call stays on the list'),
    );
}

function keyOf(platform: string, conversation: CallRef): string {
  return `${platform}:${conversation.key}`;
}

/** A conversation was taken for one call, and then named another: what was written for the first may be wrong. */
export function raiseContradiction(
  deps: Deps,
  platform: string,
  conversation: CallRef,
  calls: readonly [before: Call, named: Call],
): void {
  deps.log.error(
    { platform, correlationId: calls[0].correlationId },
    'a conversation was taken for another call before',
  );
  const why = 'It was taken for the first of these calls, and then named the second. See what the first was written.';
  const details = { platform, conversation: conversation.key, why, ...namesOfCandidates(calls) };
  deps.board.raise({ kind: 'finding', key: `two-calls:${keyOf(platform, conversation)}`, details });
}

/** Shows a call that is about to come in and could be several: its conversation has no name yet. */
export function raiseAmbiguousQuestion(
  deps: Deps,
  platform: string,
  { customer, own, at }: NumbersOfCall,
  candidates: readonly Call[],
): void {
  const number = deps.hashNumber(customer || own);
  deps.log.warn({ platform, number, candidates: candidates.length }, 'an inbound call fits several registered calls');
  const details = { platform, askedAt: new Date(at).toISOString(), customer, own, ...namesOfCandidates(candidates) };
  deps.board.raise({ kind: 'ambiguous-call', key: `${platform}:asked:${number}`, details });
}

/** `candidate1` …: correlation ID, when it was registered, dialer and campaign. */
export function namesOfCandidates(candidates: readonly Call[]): Record<string, string> {
  return Object.fromEntries(
    candidates.map(({ correlationId, registeredAt, dialer, campaign }, index) => [
      `candidate${index + 1}`,
      `${correlationId} ${registeredAt} ${dialer} ${campaign}`.trim(),
    ]),
  );
}
