import type { Instant } from './call.ts';
import type { RegisteredVia, StoredFact } from './fact.ts';

/**
 * How long the customer waited for the AI's first word. Both ends are the nearest that systems tell: the conversation's
 * start on the platform stands for the word; the answer is the dialer's own (`dialer`), else the moment in which it asked
 * us about the call (`estimate`). `unusable`: the clocks of the two systems do not agree.
 */
export type FirstWord =
  | { kind: 'measured'; seconds: number; answeredAt: Instant; startedAt: Instant; answer: 'dialer' | 'estimate' }
  | { kind: 'unusable'; seconds: number; answeredAt: Instant; startedAt: Instant; answer: 'dialer' | 'estimate' }
  /** One side told nothing. */
  | { kind: 'unknown' };

const mostSeconds = 60;
/** What a dialer asks within the call, right after the customer's answer; a tool call or an event comes any time later. */
const atTheAnswer: readonly RegisteredVia[] = ['register', 'headers', 'start'];

/** Pure: the same facts in any order give the same. With several conversations or legs the first of each counts. */
export function firstWord(facts: readonly Pick<StoredFact, 'at' | 'body'>[]): FirstWord {
  const startedAt = earliest(facts.flatMap(({ at, body }) => (body.kind === 'started' ? [at] : [])));
  const told = earliest(
    facts.flatMap(({ body }) => (body.kind === 'leg-record' && body.answeredAt ? [body.answeredAt] : [])),
  );
  const asked = earliest(
    facts.flatMap(({ at, body }) => (body.kind === 'registered' && atTheAnswer.includes(body.via) ? [at] : [])),
  );
  const answeredAt = told ?? asked;
  if (!startedAt || !answeredAt) return { kind: 'unknown' };

  const seconds = (Date.parse(startedAt) - Date.parse(answeredAt)) / 1000;
  const kind = seconds >= 0 && seconds <= mostSeconds ? 'measured' : 'unusable';
  return { kind, seconds, answeredAt, startedAt, answer: told ? 'dialer' : 'estimate' };
}

function earliest(instants: readonly Instant[]): Instant | undefined {
  return instants.reduce<Instant | undefined>(
    (first, at) => (first === undefined || at < first ? at : first),
    undefined,
  );
}
