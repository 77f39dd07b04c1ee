import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactBody, RegisteredVia } from '../../../src/domain/fact.ts';
import { planWriteBacks } from '../../../src/domain/plan-write-backs.ts';
import { placeOfLead, shadowOf, shownEverywhere, shownMirror } from '../../../src/domain/shadow.ts';
import {
  adaAtAcme,
  at,
  committed,
  dispositioned,
  history,
  mendedRules,
  outcomeOf,
  registered,
  rules,
  tell,
} from './cast.ts';
import { createModel, endOf } from './write-backs-model.ts';

const hashOf = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest();

function inShadow(
  shadow: readonly string[],
  { via = 'register', campaign = 'Spring' }: { via?: RegisteredVia; campaign?: string } = {},
) {
  const fact = registered({ ...adaAtAcme, campaign });
  return { ...fact, body: { ...fact.body, via, shadow } as FactBody };
}

describe('the place of a lead', () => {
  it('never changes, and whoever is live at a stage is live at every higher one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 0, max: 100 }), (dialer, lead, percent) => {
        const place = placeOfLead(hashOf('a'), dialer, lead);

        expect(placeOfLead(hashOf('a'), dialer, lead)).toBe(place);
        expect(place >= 0 && place < 100).toBe(true);
        if (place < percent) expect(place < percent + 1).toBe(true);
      }),
    );
  });

  it.each([5, 10, 50, 90])('lets as many of many leads in as the stage says: %i %%', (percent) => {
    const places = Array.from({ length: 20_000 }, (_, index) => placeOfLead(hashOf('b'), 'acme', String(1000 + index)));

    const live = places.filter((place) => place < percent).length / 200;

    expect(Math.abs(live - percent)).toBeLessThan(1.5);
  });

  it('is another one by another secret, and on another dialer', () => {
    const places = [
      placeOfLead(hashOf('a'), 'acme', '42'),
      placeOfLead(hashOf('b'), 'acme', '42'),
      placeOfLead(hashOf('a'), 'globex', '42'),
    ];

    expect(new Set(places).size).toBe(3);
  });
});

describe('where a call runs in shadow', () => {
  it.each([
    ['nowhere, when nobody says so', [registered(adaAtAcme)], []],
    ['as its registration says', [inShadow(['globex'])], ['globex']],
    ['there too, when of two registrations one says so', [inShadow([]), inShadow(['globex'])], ['globex']],
    ['not by what tells of it afterwards', [inShadow([]), inShadow(['*'], { via: 'event' })], []],
    ['by that, when nothing else tells of it', [inShadow(['*'], { via: 'event' })], ['*']],
    ['by what names its campaign', [inShadow([], { campaign: '' }), inShadow(['*'], { via: 'poll' })], ['*']],
  ] as const)('%s', (_, facts, places) => {
    expect(shadowOf(facts)).toEqual(places);
    expect(shadowOf(facts.toReversed())).toEqual(places);
  });
});

describe('what a call in shadow wants', () => {
  const planned = (facts: readonly ReturnType<typeof tell>[], by = rules) =>
    planWriteBacks('0123456789abcd', facts, outcomeOf(...facts), by).map(
      ({ dialer, desired, shadow }) => `${dialer} ${desired.aspect}${shadow ? ' shown' : ''}`,
    );

  it('is shown everywhere, its opt-out too', () => {
    expect(planned([inShadow([shownEverywhere]), committed(5, 'opt_out')])).toEqual([
      'acme disposition shown',
      'acme fields shown',
      'acme dnc shown',
      'globex dnc shown',
    ]);
  });

  it('keeps its opt-out off the list of a dialer that is only read, and nothing else', () => {
    expect(planned([inShadow(['globex']), committed(5, 'opt_out')])).toEqual([
      'acme disposition',
      'acme fields',
      'acme dnc',
      'globex dnc shown',
    ]);
  });

  it('has its opt-out written where the configuration wants that', () => {
    const facts = [inShadow([shownEverywhere]), committed(5, 'opt_out')];

    expect(planned(facts, { ...rules, shadowOptOuts: 'written' })).toEqual([
      'acme disposition shown',
      'acme fields shown',
      'acme dnc',
      'globex dnc',
    ]);
  });

  it('is shown at the mirror alone, where that is in shadow', () => {
    const leg = { ...adaAtAcme, dialer: 'globex', campaign: 'Fresh' };
    const fact = registered(leg);
    const facts = [{ ...fact, body: { ...fact.body, shadow: [shownMirror] } as FactBody }, committed(5, 'sale')];

    expect(planned(facts, mendedRules(true))).toEqual(['globex disposition', 'acme disposition shown']);
  });

  it('is written for one aspect of one dialer, once a person says so', () => {
    const release: FactBody = { kind: 'released', dialer: 'acme', aspect: 'disposition', by: 'joan' };

    expect(planned([inShadow(['*']), committed(5, 'sale'), tell(9, release)])).toEqual([
      'acme disposition',
      'acme fields shown',
    ]);
  });

  it('is held like any other, where the mapping lacks it', () => {
    const model = createModel();
    for (const fact of [inShadow(['*']), committed(5, 'unknown')]) model.learn(fact);

    expect(model.find('acme', 'disposition').map(({ state }) => state)).toEqual(['held']);
    model.plan(mendedRules(false));
    expect(model.find('acme', 'disposition').at(-1)).toMatchObject({ state: 'shadow' });
  });
});

describe('rows of a call in shadow', () => {
  it('are replaced by what is wanted later, and go when a person was first', () => {
    const model = createModel();
    model.learn(inShadow(['*']));
    model.learn(committed(5, 'sale'));
    model.learn(committed(6, 'callback', at(600)));
    model.learn(dispositioned(8, 'acme'));

    const states = model.rows.map(({ aspect, revision, state }) => `${aspect} r${revision} ${state}`);
    expect(states).toEqual([
      'disposition r1 superseded',
      'fields r1 superseded',
      'disposition r2 cancelled',
      'callback r1 cancelled',
      'fields r2 superseded',
      'fields r3 shadow',
    ]);
  });

  it('that a person has written come in doubt: the dialer is read first', () => {
    const model = createModel();
    model.learn(inShadow(['*']));
    model.learn(committed(5, 'sale'));
    model.learn(tell(90, { kind: 'released', dialer: 'acme', aspect: 'disposition', by: 'joan' }));

    expect(model.find('acme', 'disposition')).toMatchObject([
      { state: 'superseded', inDoubt: false },
      { state: 'pending', inDoubt: true, revision: 2 },
    ]);
  });

  it('end as those of the same call would that is live, whatever is told of it, and none is ever sent', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const [shown, live] = [createModel(), createModel()];
        for (const fact of facts) {
          live.learn(fact);
          const { body } = fact;
          shown.learn(body.kind === 'registered' ? { ...fact, body: { ...body, shadow: ['*'] } } : fact);
          const isTold = facts.slice(0, facts.indexOf(fact) + 1).some((each) => each.body.kind === 'registered');
          if (isTold) expect(shown.rows.filter(({ state }) => state === 'pending')).toEqual([]);
        }

        expect(endOf(shown.rows)).toEqual(endOf(live.rows));
        expect(shown.plan()).toEqual({ insert: [], supersede: [], cancel: [], refresh: [] });
      }),
      { numRuns: 500 },
    );
  });
});
