import type { Call } from '../../../../src/domain/call.ts';
import type { FactBody, StoredFact } from '../../../../src/domain/fact.ts';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import type { TestCallState } from '../../../../src/domain/test-call.ts';
import type { WriteBack } from '../../../../src/domain/write-back.ts';
import type { Seen } from '../../../../src/flows/call-test/seen.ts';

export const id = 'adacall0000001';
const at = '2026-11-21T15:00:00.000Z';
const leg = {
  dialer: 'carousel',
  callKey: 'mu-1',
  campaign: 'Autumn',
  list: '',
  leadKey: 'r1',
  number: '3035550111',
  phone: '+13035550111',
  agent: '',
  calledAt: at,
};

export const registered = (via: 'register' | 'headers' | 'poll' = 'headers', gate: Partial<FactBody> = {}): FactBody =>
  ({ kind: 'registered', leg, via, route: 'ai', reason: '', fields: {}, ...gate }) as FactBody;
export const started: FactBody = { kind: 'started' };
export const ended: FactBody = { kind: 'ended', outcome: 'hung_up', reason: 'agent_ended_call' };

/** A call of which this was told, and this is wanted. */
export function seenCall(
  bodies: readonly FactBody[],
  more: { call?: Partial<Call>; outcome?: Partial<Outcome>; row?: Partial<WriteBack> } = {},
): NonNullable<Seen['call']> {
  const facts: StoredFact[] = bodies.map((body, index) => ({
    correlationId: id,
    source: body.kind === 'registered' ? 'carousel' : 'sigmamind',
    key: `fact-${index}`,
    at,
    receivedAt: at,
    body,
  }));
  const outcome: Outcome | null = more.outcome
    ? { code: 'sale', basis: 'committed', at, summary: '', fields: {}, ...more.outcome }
    : null;
  return {
    call: {
      correlationId: id,
      dialer: 'carousel',
      campaign: 'Autumn',
      leadKey: 'r1',
      phone: leg.phone,
      route: 'ai',
      reason: '',
      registeredAt: at,
      expiresAt: at,
      isRegistered: true,
      outcome,
      ...more.call,
    },
    refs: [],
    facts,
    writeBacks: more.row ? [rowOf(more.row)] : [],
  };
}

function rowOf(more: Partial<WriteBack>): WriteBack {
  return {
    id: 'row-1',
    correlationId: id,
    dialer: 'carousel',
    aspect: 'disposition',
    revision: 1,
    target: { ...leg },
    desired: { aspect: 'disposition', disposition: 'sold', outcome: 'sale' },
    state: 'pending',
    dueAt: at,
    attempts: 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    createdAt: at,
    settledAt: null,
    ...more,
  };
}

export function dialerSays(stage: TestCallState['stage'], more: Partial<TestCallState> = {}): Partial<Seen> {
  const order = ['waiting', 'dialled', 'answered', 'handed-over', 'over'] as const;
  const dialer = { stage, why: `the dialer says ${stage}`, ...more };
  return { dialer, reached: new Set(order.slice(0, order.indexOf(stage) + 1)) };
}

/** Nothing is known yet, but for this. */
export function seen(...parts: readonly Partial<Seen>[]): Seen {
  const nothing: Seen = {
    dialer: null,
    reached: new Set(),
    call: null,
    headers: null,
    record: null,
    unheard: '',
    hasRecords: true,
    held: null,
    canLook: true,
  };
  return Object.assign(nothing, ...parts) as Seen;
}

export const bothHeaders = [
  { name: 'X-correlation_id', isSent: true },
  { name: 'X-first_name', isSent: true },
];
