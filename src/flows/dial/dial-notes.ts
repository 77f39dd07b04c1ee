import type { CallRef, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import type { DialRequest, DialResult } from '../../domain/dialling.ts';
import type { Fact, FactKind, StoredFact } from '../../domain/fact.ts';

/** Where a lead's call stands, by our own notes and by what was heard of it. */
export type DialState =
  | { kind: 'free'; attempt: number }
  | { kind: 'in-doubt'; attempt: number; batch: string; since: Instant }
  | { kind: 'dialled' };

/** With these somebody told of the call itself. */
const heardOf: readonly FactKind[] = ['started', 'ended', 'committed', 'analysed', 'dispositioned'];

/** The name that makes one call of a lead and a purpose, however often it is asked for. */
export function dialRef(platform: string, { lead, purpose }: Pick<DialRequest, 'lead' | 'purpose'>): CallRef {
  return { instance: platform, kind: 'dial', key: JSON.stringify([purpose, lead.dialer, lead.key]) };
}

/** That the lead is about to be dialled. Whoever's note is added first may dial; another's is a duplicate. */
export function attemptNote(platform: string, request: DialRequest, attempt: number, at: Instant): Fact {
  return {
    refs: [dialRef(platform, request)],
    source: platform,
    key: `dialling:${attempt}`,
    at,
    body: { kind: 'noted', event: 'dialling', text: request.batch },
  };
}

/** What became of it. */
export function resultNote(platform: string, result: DialResult, at: Instant): Fact {
  const { correlationId, attempt, isPlaced, callKey, why = '' } = result;
  const event = isPlaced ? 'dialled' : 'not-dialled';
  return {
    refs: [correlationRef(correlationId), ...(callKey ? [{ instance: platform, kind: 'call-id', key: callKey }] : [])],
    source: platform,
    key: `${event}:${attempt}`,
    at,
    body: { kind: 'noted', event, text: why },
  };
}

/** The same facts in any order give the same state. */
export function readDialState(platform: string, facts: readonly StoredFact[]): DialState {
  if (facts.some(({ body }) => heardOf.includes(body.kind))) return { kind: 'dialled' };
  const keys = new Set(facts.filter(({ source }) => source === platform).map(({ key }) => key));
  let attempt = 0;
  while (keys.has(`dialling:${attempt + 1}`)) {
    attempt += 1;
    if (keys.has(`dialled:${attempt}`)) return { kind: 'dialled' };
  }
  if (attempt === 0 || keys.has(`not-dialled:${attempt}`)) return { kind: 'free', attempt: attempt + 1 };
  const note = facts.find(({ source, key }) => source === platform && key === `dialling:${attempt}`);
  const batch = note?.body.kind === 'noted' ? note.body.text : '';
  return { kind: 'in-doubt', attempt, batch, since: note?.at ?? '' };
}
