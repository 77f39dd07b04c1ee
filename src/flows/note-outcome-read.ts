import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import type { FactBody } from '../domain/fact.ts';
import type { Deps } from './deps.ts';

const readEvent = 'outcome-read';

/**
 * Keeps with the call, soon and for good, that a dialer's script asked for the outcome and what it was told: whoever looks
 * at the call later sees whether the customer was taken back. Each answer once: a script asks again while it waits.
 */
export function noteOutcomeRead(
  deps: Pick<Deps, 'clock' | 'memory' | 'registrations'>,
  dialer: string,
  answer: { correlationId: string; status: 'done' | 'pending'; outcome: string; route: string },
): void {
  const { correlationId, status, outcome, route } = answer;
  if (!deps.memory.isFirstAnswer(correlationId, status)) return;
  deps.registrations.add({
    refs: [correlationRef(correlationId)],
    source: dialer,
    key: `${readEvent}:${status}`,
    at: instantOf(deps.clock),
    body: { kind: 'noted', event: readEvent, text: [status, outcome, `route ${route}`].filter(Boolean).join(', ') },
  });
}

export function isOutcomeReadNote(body: FactBody): body is Extract<FactBody, { kind: 'noted' }> {
  return body.kind === 'noted' && body.event === readEvent;
}
