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
const code = fc.constantFrom('opt_out', 'sale', 'callback', 'callback', 'qualified', 'not_interested', 'unknown');
const callbackAt = fc.option(fc.constantFrom(at(600), at(700)), { nil: undefined });
const text = fc.constantFrom('', 'a', 'b');
const leg: fc.Arbitrary<Leg> = fc
  .record({
    dialer: fc.constantFrom('acme', 'globex'),
    callKey: fc.constantFrom('1', '2'),
    campaign: fc.constantFrom('', 'Spring', 'Fresh'),
    list: text,
    leadKey: fc.constantFrom('', '42'),
    number: fc.constant('3035550142'),
    phone: fc.constantFrom('', '+13035550142', '+13035550143'),
    agent: text,
    calledAt: minutes.map(at),
  })
  // A mirror goes by the number: where one is configured, it is told with every leg.
  .map((one) => (one.dialer === 'globex' && !one.phone ? { ...one, phone: '+13035550142' } : one));
const body: fc.Arbitrary<FactBody> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('registered' as const),
      leg,
      via: fc.constant('register' as const),
      route: fc.constant('ai'),
      reason: fc.constant(''),
      fields: fc.constant({}),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'started' } as const) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('committed' as const),
      outcome: code,
      summary: text,
      callbackAt,
      fields: fc.dictionary(fc.constantFrom('intent', 'plan'), text, { noNullPrototype: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ended' as const),
      outcome: fc.constantFrom('hung_up', 'busy'),
      reason: text,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('analysed' as const),
      outcome: fc.option(code, { nil: undefined }),
      callbackAt,
      summary: text,
      fields: fc.dictionary(fc.constantFrom('intent', 'plan'), text, { noNullPrototype: true }),
      recordingUrl: fc.option(fc.webUrl(), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('dispositioned' as const),
      dialer: fc.constantFrom('acme', 'globex'),
      disposition: text,
      by: text,
      outcome: fc.option(code, { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('corrected' as const), outcome: code, callbackAt, by: text, why: text }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('opt-out-undone' as const), by: text, why: text }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'silent', why: 'nobody tells' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'matched', by: 'numbers' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'noted', event: 'odd', text: '' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'handed-over', to: '' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leg-record' as const),
      dialer: fc.constantFrom('acme', 'globex'),
      recordingUrls: fc.constant([]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('steered' as const),
      dialer: fc.constantFrom('acme', 'globex'),
      act: fc.constantFrom('transfer' as const, 'hang-up' as const),
      to: text,
      result: fc.constantFrom('done' as const, 'over' as const, 'refused' as const),
      why: text,
      commit: fc.constantFrom('', 'committed:0', 'committed:1', 'committed:2', 'committed:3'),
    }),
  },
);

/** Any history of one call. Times collide often; the key tells one source's facts apart, as the store sees to. */
export const history: fc.Arbitrary<ToldFact[]> = fc
  .array(fc.record({ source: fc.constantFrom('acme', 'sigmamind'), at: minutes.map(at), body }), { maxLength: 9 })
  .map((facts) => facts.map((fact, index) => inTurn({ ...fact, key: `${fact.body.kind}:${index}` }, index)));

/** A dialer's clock goes on between two words of people: with one time, ours could come between them unseen. */
function inTurn(fact: ToldFact, index: number): ToldFact {
  if (fact.body.kind !== 'dispositioned') return fact;
  return { ...fact, at: new Date(Date.parse(fact.at) + index * 1000).toISOString() };
}

const word = { summary: '', fields: {} };
const by = { by: 'joan', why: '' };
const changeOfMind: fc.Arbitrary<FactBody> = fc.constantFrom<FactBody[]>(
  { kind: 'committed', outcome: 'callback', callbackAt: at(600), ...word },
  { kind: 'committed', outcome: 'callback', callbackAt: at(700), ...word },
  { kind: 'committed', outcome: 'sale', ...word },
  { kind: 'committed', outcome: 'opt_out', ...word },
  { kind: 'corrected', outcome: 'callback', callbackAt: at(600), ...by },
  { kind: 'corrected', outcome: 'sale', ...by },
  { kind: 'corrected', outcome: 'opt_out', ...by },
  { kind: 'opt-out-undone', ...by },
);

/** A call at one dialer, of which those who know better say the same few things again and again, mostly in their order. */
export const changesOfMind: fc.Arbitrary<ToldFact[]> = fc
  .array(changeOfMind, { minLength: 2, maxLength: 6 })
  .map((bodies) => [
    { ...registered(adaAtAcme), key: 'registered' },
    ...bodies.map((body, index) => ({ source: 'sigmamind', key: `${body.kind}:${index}`, at: at(1 + index), body })),
  ]);

const turn: fc.Arbitrary<FactBody> = fc.oneof(
  fc.constantFrom<FactBody[]>(
    { kind: 'committed', outcome: 'callback', callbackAt: at(600), ...word },
    { kind: 'committed', outcome: 'callback', ...word },
    { kind: 'committed', outcome: 'qualified', ...word },
    { kind: 'analysed', outcome: 'callback', callbackAt: at(700), ...word },
    { kind: 'corrected', outcome: 'callback', callbackAt: at(700), ...by },
    { kind: 'corrected', outcome: 'sale', ...by },
    { kind: 'committed', outcome: 'opt_out', ...word },
  ),
  fc.record({
    kind: fc.constant('dispositioned' as const),
    dialer: fc.constantFrom('acme', 'globex'),
    disposition: fc.constantFrom('SOLD', 'DEAD'),
    by: fc.constant('grace'),
    outcome: fc.option(fc.constantFrom('sale', 'callback', 'opt_out'), { nil: undefined }),
  }),
);

/** A call that was on both dialers, or on one: what the AI, people and operators say of it crosses. */
export const handOvers: fc.Arbitrary<ToldFact[]> = fc
  .tuple(
    fc.constantFrom([adaAtAcme, adaAtGlobex], [adaAtAcme], [adaAtGlobex]),
    fc.array(fc.tuple(minutes, turn), { minLength: 2, maxLength: 7 }),
  )
  .map(([legs, turns]) => [
    ...legs.map((leg, index) => ({ ...registered(leg), key: `registered:${index}` })),
    ...turns.map(([minute, body], index) =>
      inTurn({ source: 'sigmamind', key: `${body.kind}:${index}`, at: at(minute), body }, index),
    ),
  ]);

/** `acme` and `globex` map everything, once the operator has mended it; with the mirror, globex tells acme. */
export function mendedRules(hasMirror: boolean): PlanRules {
  const codes = ['opt_out', 'sale', 'callback', 'qualified', 'not_interested', 'hung_up', 'busy', 'unknown'];
  const dispositions = (prefix: string) => Object.fromEntries(codes.map((each) => [each, `${prefix} ${each}`]));
  const fields = { comments: 'summary', result: 'outcome', plan: 'plan', tape: 'recording_url' };
  const mirror = { dialer: 'acme', campaign: 'Spring' };
  return {
    ...rules,
    dialers: {
      acme: {
        aspects: everyAspect,
        campaigns: {
          '*': { dispositions: dispositions('any'), fields },
          Spring: { dispositions: { ...dispositions('spring'), sale: 'spring qualified' }, fields },
        },
      },
      globex: {
        aspects: ['disposition', 'callback', 'dnc'],
        campaigns: { '*': { dispositions: dispositions('globex'), fields: {}, ...(hasMirror && { mirror }) } },
      },
    },
  };
}

/** A history and the same facts in another order. */
export const twoOrders = history.chain((facts) =>
  fc
    .shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length })
    .map((shuffled) => ({ facts, shuffled })),
);

export function outcomeOf(...facts: ToldFact[]) {
  return decideOutcome(facts);
}
