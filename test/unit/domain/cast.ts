import fc from 'fast-check';
import type { Leg } from '../../../src/domain/call.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { decideOutcome } from '../../../src/domain/outcome.ts';
import type { PlanRules } from '../../../src/domain/plan-write-backs.ts';

export interface ToldFact {
  source: string;
  key: string;
  at: string;
  body: FactBody;
}

/** Minutes after the call of Ada began. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 21, 15, minutes)).toISOString();
}

let told = 0;

/** A fact with a key of its own. */
export function tell(minutes: number, body: FactBody, source = 'sigmamind'): ToldFact {
  told += 1;
  return { source, key: `${body.kind}:${told}`, at: at(minutes), body };
}

export const adaAtAcme: Leg = {
  dialer: 'acme',
  callKey: 'A-1',
  campaign: 'Spring',
  list: '101',
  leadKey: '42',
  number: '3035550142',
  phone: '+13035550142',
  agent: '',
  calledAt: at(0),
};
export const adaAtGlobex: Leg = { ...adaAtAcme, dialer: 'globex', callKey: 'G-9', campaign: 'Fresh', leadKey: '77' };

export function registered(leg: Leg, minutes = 0): ToldFact {
  const body = { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} } as const;
  return tell(minutes, body, leg.dialer);
}

export function committed(minutes: number, outcome: string, callbackAt?: string): ToldFact {
  const body: FactBody = { kind: 'committed', outcome, summary: `said ${outcome}`, fields: { intent: outcome } };
  return tell(minutes, callbackAt ? { ...body, callbackAt } : body);
}

export function dispositioned(minutes: number, dialer: string, outcome?: string): ToldFact {
  const body = {
    kind: 'dispositioned',
    dialer,
    disposition: 'AGENT',
    by: 'grace',
    ...(outcome && { outcome }),
  } as const;
  return tell(minutes, body, dialer);
}

export const everyAspect = ['disposition', 'callback', 'dnc', 'fields'] as const;

/** `acme` maps everything but `unknown`; `globex` knows no fields, and mirrors nothing. */
export const rules: PlanRules = {
  dialers: {
    acme: {
      aspects: everyAspect,
      campaigns: {
        '*': {
          dispositions: {
            opt_out: 'DNC',
            sale: 'SALE',
            callback: 'CALLBK',
            qualified: 'QUAL',
            not_interested: 'NI',
            hung_up: 'HU',
          },
          fields: { comments: 'summary', result: 'outcome' },
        },
      },
    },
    globex: {
      aspects: ['disposition', 'callback', 'dnc'],
      campaigns: { Fresh: { dispositions: { sale: 'Sold', callback: 'Call Back' }, fields: {} } },
    },
  },
  technicalEndWaitSec: 60,
  humanWaitSec: 1800,
  handOverOutcomes: ['qualified'],
};

const minutes = fc.integer({ min: 0, max: 6 });
const code = fc.constantFrom('opt_out', 'sale', 'callback', 'qualified', 'not_interested', 'unknown');
const callbackAt = fc.option(fc.constantFrom(at(600), at(700)), { nil: undefined });
const text = fc.constantFrom('', 'a', 'b');
const leg = fc.record({
  dialer: fc.constantFrom('acme', 'globex'),
  callKey: fc.constantFrom('1', '2'),
  campaign: fc.constantFrom('', 'Spring', 'Fresh'),
  list: text,
  leadKey: fc.constantFrom('', '42'),
  number: fc.constant('3035550142'),
  phone: fc.constantFrom('', '+13035550142', '+13035550143'),
  agent: text,
  calledAt: minutes.map(at),
});
const body: fc.Arbitrary<FactBody> = fc.oneof(
  fc.record({
    kind: fc.constant('registered' as const),
    leg,
    via: fc.constant('register' as const),
    route: fc.constant('ai'),
    reason: fc.constant(''),
    fields: fc.constant({}),
  }),
  fc.constant({ kind: 'started' } as const),
  fc.record({
    kind: fc.constant('committed' as const),
    outcome: code,
    summary: text,
    callbackAt,
    fields: fc.dictionary(fc.constantFrom('intent', 'plan'), text, { noNullPrototype: true }),
  }),
  fc.record({ kind: fc.constant('ended' as const), outcome: fc.constantFrom('hung_up', 'busy'), reason: text }),
  fc.record({
    kind: fc.constant('analysed' as const),
    outcome: fc.option(code, { nil: undefined }),
    summary: text,
    fields: fc.dictionary(fc.constantFrom('intent', 'plan'), text, { noNullPrototype: true }),
    recordingUrl: fc.option(fc.webUrl(), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('dispositioned' as const),
    dialer: fc.constantFrom('acme', 'globex'),
    disposition: text,
    by: text,
    outcome: fc.option(code, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('corrected' as const), outcome: code, callbackAt, by: text, why: text }),
  fc.record({ kind: fc.constant('opt-out-undone' as const), by: text, why: text }),
);

/** Any history of one call. Times collide often; the key tells one source's facts apart, as the store sees to. */
export const history: fc.Arbitrary<ToldFact[]> = fc
  .array(fc.record({ source: fc.constantFrom('acme', 'sigmamind'), at: minutes.map(at), body }), { maxLength: 9 })
  .map((facts) => facts.map((fact, index) => ({ ...fact, key: `${fact.body.kind}:${index}` })));

/** A history and the same facts in another order. */
export const twoOrders = history.chain((facts) =>
  fc
    .shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length })
    .map((shuffled) => ({ facts, shuffled })),
);

export function outcomeOf(...facts: ToldFact[]) {
  return decideOutcome(facts);
}
