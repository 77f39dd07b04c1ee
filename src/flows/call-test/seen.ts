import type { CallDescription } from '../../domain/connector.ts';
import type { HeldState } from '../../domain/dialer.ts';
import type { FactBody, FactKind, StoredFact } from '../../domain/fact.ts';
import type { TestCallState } from '../../domain/test-call.ts';

export interface Judgement {
  status: 'waiting' | 'done' | 'failed';
  /** What was seen, or what is waited for. Free of personal data. */
  found: string;
  /** What to change; of a stage that is done, what could be better. */
  fix?: string;
  /** True when nothing that comes later can come any more. */
  endsTest?: true;
}

/** What is known of a test call at one moment. */
export interface Seen {
  /** What the dialer says of it now; null when it could not be asked. */
  dialer: TestCallState | null;
  /** Every stage that the dialer named so far: a call may be over before anybody looked. */
  reached: ReadonlySet<TestCallState['stage']>;
  /** Null while Patchbay knows of no such call. */
  call: CallDescription | null;
  /** The headers that the configuration and the lead make for this call; null while it is not known. */
  headers: readonly SentHeader[] | null;
  /** What the platform's own record of the conversation shows; null while there is none, or where it has no records. */
  record: { variables: readonly string[]; isOver: boolean } | null;
  /** A conversation of this number that the platform lists, and that no event told to be this call; empty for none. */
  unheard: string;
  /** False where the platform can't be asked for the record of a call. */
  hasRecords: boolean;
  /** What the dialer holds of what was written, once it confirmed it; null while that was not looked at. */
  held: HeldState | null;
  /** False where the dialer can't be looked at. */
  canLook: boolean;
}

/** A header as it goes onto the leg to the platform. */
export interface SentHeader {
  /** `X-first_name`. */
  name: string;
  /** False when it has no value, or did not fit the budget. */
  isSent: boolean;
}

export function factsOf({ call }: Pick<Seen, 'call'>, kind: FactKind): StoredFact[] {
  return (call?.facts ?? []).filter(({ body }) => body.kind === kind);
}

/** What the dialer's legs told of the call, oldest first. */
export function registrations({ call }: Seen): Extract<FactBody, { kind: 'registered' }>[] {
  return (call?.facts ?? []).flatMap(({ body }) => (body.kind === 'registered' ? [body] : []));
}

/** The AI spoke: its conversation began, or it said something that only comes out of one. */
export function hasPickedUp({ call }: Pick<Seen, 'call'>): boolean {
  return (call?.facts ?? []).some(({ body }) =>
    body.kind === 'ended'
      ? !notConnected.includes(body.outcome)
      : body.kind === 'started' || body.kind === 'committed' || body.kind === 'analysed',
  );
}

const notConnected: readonly string[] = ['failed', 'no_answer', 'busy'];
