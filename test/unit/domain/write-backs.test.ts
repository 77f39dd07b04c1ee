import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLegs } from '../../../src/domain/legs.ts';
import type { PlanRules } from '../../../src/domain/plan-write-backs.ts';
import { canonicalDesired } from '../../../src/domain/write-back.ts';
import {
  adaAtAcme,
  adaAtGlobex,
  at,
  committed,
  dispositioned,
  history,
  registered,
  rules,
  tell,
  twoOrders,
} from './cast.ts';
import { createModel, endOf, endOfPlan, type Model, waits } from './write-backs-model.ts';

function callOfAda(...facts: Parameters<Model['learn']>[0][]): Model {
  const model = createModel();
  for (const fact of [registered(adaAtAcme), ...facts]) model.learn(fact);
  return model;
}

const undone = tell(9, { kind: 'opt-out-undone', by: 'joan', why: 'a mistake' }, 'operator:joan');

describe('the plan', () => {
  it('wants the mapped disposition, the callback and the fields at the dialer that had the call', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));

    expect(model.rows.map(({ dialer, desired, state }) => [dialer, desired, state])).toEqual([
      ['acme', { aspect: 'disposition', disposition: 'CALLBK', outcome: 'callback', callbackAt: at(600) }, 'pending'],
      ['acme', { aspect: 'callback', at: at(600), note: 'said callback' }, 'pending'],
      ['acme', { aspect: 'fields', fields: { comments: 'said callback', result: 'callback' } }, 'pending'],
    ]);
  });

  it('wants an opt-out on the DNC list of every dialer, also of one that never had the call', () => {
    const model = callOfAda(committed(3, 'opt_out'));

    expect(model.find('acme', 'dnc')[0]?.desired).toEqual({ aspect: 'dnc', phones: [adaAtAcme.phone], listed: true });
    expect(model.find('globex', 'dnc')[0]).toMatchObject({
      desired: { listed: true },
      target: { leadKey: '', number: '' },
    });
  });

  it('wants every number on the list that anybody told of the call, whichever leg was the first', () => {
    const second = { ...adaAtAcme, callKey: 'A-0', phone: '+13035550143', calledAt: at(-1) };
    const model = callOfAda(committed(3, 'opt_out'), registered(second, 4));

    expect(model.find('acme', 'dnc').at(-1)?.desired).toMatchObject({ phones: [adaAtAcme.phone, second.phone] });
  });

  it('lets nobody wait for a human who has spoken', () => {
    const model = callOfAda(registered(adaAtGlobex), dispositioned(4, 'globex', 'qualified'));

    expect(model.find('acme', 'disposition')).toMatchObject([{ desired: { disposition: 'QUAL' }, dueAt: at(0) }]);
  });

  it('holds an opt-out whose number is not known, and lets it go when the number is told', () => {
    const model = createModel();
    model.learn(registered({ ...adaAtAcme, phone: '', number: '' }));
    model.learn(committed(3, 'opt_out'));
    const held = model.find('acme', 'dnc').map((row) => row.state);

    model.learn(registered(adaAtAcme, 4));

    expect(held).toEqual(['held']);
    expect(model.find('acme', 'dnc').at(-1)).toMatchObject({
      state: 'pending',
      desired: { phones: [adaAtAcme.phone] },
    });
  });

  it('holds all of a call of which only the name is known, and lets it go when the registration comes out of a spool', () => {
    const model = createModel();
    model.learn(registered({ ...adaAtAcme, campaign: '', list: '', leadKey: '', number: '', phone: '' }, 2));
    model.learn(committed(3, 'callback', at(600)));
    const held = model.rows.map(({ aspect, state }) => [aspect, state]);

    model.learn(registered(adaAtAcme, 1));

    expect(held).toEqual([
      ['disposition', 'held'],
      ['callback', 'held'],
      ['fields', 'held'],
    ]);
    const last = ['disposition', 'callback', 'fields'].map((aspect) => model.find('acme', aspect).at(-1));
    for (const row of last) {
      expect(row).toMatchObject({ state: 'pending', target: { leadKey: adaAtAcme.leadKey, phone: adaAtAcme.phone } });
    }
  });

  it('holds a disposition that the mapping lacks, and lets it go when the mapping is mended', () => {
    const model = callOfAda(committed(3, 'wrong_number'));
    const acme = rules.dialers.acme;
    const mended: PlanRules = {
      ...rules,
      dialers: {
        ...rules.dialers,
        ...(acme && { acme: { ...acme, campaigns: { '*': { dispositions: { wrong_number: 'WN' }, fields: {} } } } }),
      },
    };

    const held = model.find('acme', 'disposition').map((row) => row.state);
    model.plan(mended);

    expect(held).toEqual(['held']);
    expect(model.find('acme', 'disposition').map((row) => [row.state, row.desired])).toEqual([
      ['superseded', expect.anything()],
      ['pending', { aspect: 'disposition', disposition: 'WN', outcome: 'wrong_number' }],
    ]);
  });

  it('lets a technical end wait for a better word, and a hand-over for the human', () => {
    const ended = callOfAda(tell(3, { kind: 'ended', outcome: 'hung_up', reason: '' }));
    const handedOver = callOfAda(committed(3, 'qualified'));

    expect(ended.find('acme', 'disposition')[0]?.dueAt).toBe(at(4));
    expect(handedOver.find('acme', 'disposition')[0]?.dueAt).toBe(at(33));
  });

  it('lets what waits go at once when the better word wants the same', () => {
    const model = callOfAda(tell(3, { kind: 'ended', outcome: 'hung_up', reason: '' }), committed(2, 'hung_up'));

    expect(model.find('acme', 'disposition')).toMatchObject([{ state: 'pending', dueAt: at(0) }]);
  });

  it('mirrors to another dialer by number, unless that dialer had the call itself', () => {
    const globex = rules.dialers.globex;
    if (!globex) throw new Error('the cast lacks globex');
    const mirroring: PlanRules = {
      ...rules,
      dialers: {
        ...rules.dialers,
        globex: {
          ...globex,
          campaigns: {
            Fresh: { dispositions: { sale: 'Sold' }, fields: {}, mirror: { dialer: 'acme', campaign: 'Spring' } },
          },
        },
      },
    };
    const alone = createModel();
    alone.learn(registered(adaAtGlobex));
    alone.learn(committed(3, 'sale'));
    const both = callOfAda(registered(adaAtGlobex), committed(3, 'sale'));

    alone.plan(mirroring);
    both.plan(mirroring);

    expect(alone.find('acme', 'disposition')).toMatchObject([
      { target: { leadKey: '', callKey: '', phone: adaAtGlobex.phone } },
    ]);
    expect(both.find('acme', 'disposition')).toMatchObject([{ target: { leadKey: '42', callKey: 'A-1' } }]);
  });
});

describe('a newer wish', () => {
  it('replaces one that waits', () => {
    const model = callOfAda(committed(3, 'not_interested'), committed(4, 'sale'));

    expect(model.find('acme', 'disposition').map(({ state, revision }) => [state, revision])).toEqual([
      ['superseded', 1],
      ['pending', 2],
    ]);
  });

  it('follows one that was delivered, and goes back to it without a further write', () => {
    const model = callOfAda(committed(3, 'not_interested'));
    model.deliver('acme', 'disposition');
    const outcome = committed(4, 'sale');

    model.learn(outcome);
    model.learn(tell(5, { kind: 'corrected', outcome: 'not_interested', by: 'joan', why: '' }));

    expect(model.find('acme', 'disposition').map(({ state }) => state)).toEqual(['confirmed', 'superseded']);
  });

  it('goes back to what stands with a further write where another value may have got through', () => {
    const model = callOfAda(committed(3, 'not_interested'));
    model.deliver('acme', 'disposition');
    model.learn(committed(4, 'sale'));
    model.doubt('acme', 'disposition');

    model.learn(tell(5, { kind: 'corrected', outcome: 'not_interested', by: 'joan', why: '' }));

    expect(model.find('acme', 'disposition').map(({ state, inDoubt }) => [state, inDoubt])).toEqual([
      ['confirmed', false],
      ['superseded', true],
      ['pending', true],
    ]);
  });

  it('is not written again when it is already there', () => {
    const model = callOfAda(committed(3, 'sale'));
    model.deliver('acme', 'disposition');

    const diff = model.learn(committed(4, 'sale'));

    expect(diff.insert.filter(({ wanted }) => wanted.desired.aspect === 'disposition')).toEqual([]);
  });
});

describe('what may still be on its way', () => {
  const callback = (minutes: number) =>
    tell(minutes, { kind: 'corrected', outcome: 'callback', callbackAt: at(600), by: 'joan', why: '' });
  const sale = (minutes: number) => tell(minutes, { kind: 'corrected', outcome: 'sale', by: 'joan', why: '' });

  it('is the doubt of the next revision, also where the row was given up', () => {
    const model = callOfAda(callback(3));
    model.doubt('acme', 'disposition');
    model.deliver('acme', 'disposition', 'dead');

    model.learn(sale(4));

    expect(model.find('acme', 'disposition').at(-1)).toMatchObject({ state: 'pending', inDoubt: true });
  });

  it('is the doubt of the next revision, also where the row was cancelled', () => {
    const model = callOfAda(committed(3, 'opt_out'));
    model.doubt('acme', 'disposition');
    model.learn(undone);

    model.learn(sale(10));

    expect(model.find('acme', 'disposition').map(({ state, inDoubt }) => [state, inDoubt])).toEqual([
      ['cancelled', true],
      ['pending', true],
    ]);
  });

  it('is taken back, also where the row was given up', () => {
    const model = callOfAda(callback(3));
    model.doubt('acme', 'callback');
    model.deliver('acme', 'callback', 'dead');

    model.learn(sale(4));

    expect(model.find('acme', 'callback').at(-1)).toMatchObject({
      state: 'pending',
      inDoubt: true,
      desired: { at: null },
    });
  });

  it('is looked for before a value is written that an earlier revision had set', () => {
    const model = callOfAda(callback(3));
    model.deliver('acme', 'callback');
    model.learn(sale(4));
    model.deliver('acme', 'callback', 'dead');

    model.learn(callback(5));

    expect(model.find('acme', 'callback').at(-1)).toMatchObject({
      state: 'pending',
      inDoubt: true,
      desired: { at: at(600) },
    });
  });
});

describe('a human agent', () => {
  it("cancels the AI's disposition and callback that wait", () => {
    const model = callOfAda(committed(3, 'callback', at(600)), dispositioned(4, 'acme', 'sale'));

    expect(model.find('acme', 'disposition').map(({ state }) => state)).toEqual(['cancelled']);
    expect(model.find('acme', 'callback').map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('has a delivered callback taken back, once', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.deliver('acme', 'callback');

    model.learn(dispositioned(4, 'acme', 'sale'));
    model.deliver('acme', 'callback');
    model.learn(dispositioned(5, 'acme', 'not_interested'));

    expect(model.find('acme', 'callback').map(({ desired }) => desired)).toMatchObject([{ at: at(600) }, { at: null }]);
  });

  it('has a callback taken back that may be there', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.doubt('acme', 'callback');

    model.learn(dispositioned(4, 'acme', 'sale'));

    expect(model.find('acme', 'callback')).toMatchObject([
      { state: 'cancelled' },
      { state: 'pending', desired: { at: null }, inDoubt: true },
    ]);
  });

  it('has the callback that stands taken back, also when a later one was refused', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.deliver('acme', 'callback');
    model.learn(committed(4, 'callback', at(700)));
    model.deliver('acme', 'callback', 'refused');

    model.learn(dispositioned(5, 'acme', 'sale'));

    expect(model.find('acme', 'callback').at(-1)).toMatchObject({ state: 'pending', desired: { at: null } });
  });

  it('has nothing taken back that the dialer never took', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.deliver('acme', 'callback', 'refused');

    model.learn(dispositioned(5, 'acme', 'sale'));

    expect(model.find('acme', 'callback').map(({ state }) => state)).toEqual(['refused']);
  });

  it('is told to the other dialers of the call, whatever came first', () => {
    const human = dispositioned(4, 'acme', 'sale');
    const early = callOfAda(registered(adaAtGlobex), human, committed(3, 'callback', at(600)));
    const late = callOfAda(registered(adaAtGlobex), committed(3, 'callback', at(600)), human);

    for (const model of [early, late]) {
      expect(model.find('globex', 'disposition').at(-1)).toMatchObject({
        state: 'pending',
        desired: { disposition: 'Sold' },
      });
    }
  });

  it('leaves the other dialers what was known without it where it stands for no outcome, but no callback', () => {
    const sold = callOfAda(registered(adaAtGlobex), committed(3, 'sale'), dispositioned(4, 'acme'));
    const calledBack = callOfAda(registered(adaAtGlobex), committed(3, 'callback', at(600)), dispositioned(4, 'acme'));

    expect(sold.find('globex', 'disposition')).toMatchObject([{ state: 'pending', desired: { outcome: 'sale' } }]);
    expect(calledBack.find('globex', 'disposition').at(-1)).toMatchObject({
      state: 'held',
      desired: { outcome: 'unknown' },
    });
    expect(calledBack.find('globex', 'callback').map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('has no callback made behind a later word, though an operator had corrected the call before', () => {
    const corrected = tell(3, {
      ...{ kind: 'corrected', outcome: 'callback', callbackAt: at(600), by: 'joan', why: '' },
    });

    const model = callOfAda(corrected, dispositioned(4, 'acme', 'sale'));

    expect(model.find('acme', 'callback').map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('is written over for an operator, who is told to the dialer to stand above it, also after an opt-out', () => {
    const human = dispositioned(4, 'acme', 'sale');
    const corrected = tell(5, { kind: 'corrected', outcome: 'not_interested', by: 'joan', why: '' });
    const model = callOfAda(committed(3, 'not_interested'));
    model.deliver('acme', 'disposition');

    model.learn(human);
    model.learn(corrected);
    const overruling = model.find('acme', 'disposition').at(-1);
    model.learn(committed(6, 'opt_out'));

    expect(overruling).toMatchObject({ inDoubt: true, desired: { overrules: human.at } });
    expect(model.find('acme', 'disposition').at(-1)?.desired).toMatchObject({
      disposition: 'DNC',
      overrules: human.at,
    });
  });

  it('is overruled by an operator afterwards only', () => {
    const before = callOfAda(
      tell(3, { kind: 'corrected', outcome: 'sale', by: 'joan', why: '' }),
      dispositioned(4, 'acme'),
    );
    const after = callOfAda(
      dispositioned(4, 'acme'),
      tell(5, { kind: 'corrected', outcome: 'sale', by: 'joan', why: '' }),
    );

    expect(before.find('acme', 'disposition').some((row) => row.state === 'pending')).toBe(false);
    expect(after.find('acme', 'disposition').some((row) => row.state === 'pending')).toBe(true);
  });
});

describe('an opt-out that an operator undid', () => {
  it('is taken off the lists that have it, and never put on those that do not', () => {
    const model = callOfAda(committed(3, 'opt_out'));
    model.deliver('acme', 'dnc');

    model.learn(undone);

    expect(model.find('acme', 'dnc').map(({ desired, state }) => [desired, state])).toMatchObject([
      [{ listed: true }, 'confirmed'],
      [{ listed: false }, 'pending'],
    ]);
    expect(model.find('globex', 'dnc').map(({ state }) => state)).toEqual(['cancelled']);
  });
});

describe('any history', () => {
  it('ends in the same rows in any order', () => {
    fc.assert(
      fc.property(twoOrders, ({ facts, shuffled }) => {
        const one = createModel();
        const other = createModel();
        for (const fact of facts) one.learn(fact);
        for (const fact of shuffled) other.learn(fact);

        expect(endOf(one.rows)).toEqual(endOfPlan(one.wanted()));
        expect(endOf(other.rows)).toEqual(endOf(one.rows));
      }),
      { numRuns: 1000 },
    );
  });

  it('ends as the plan has it, whatever was delivered in between', () => {
    const fates = fc.array(fc.constantFrom('wait', 'doubt', 'confirmed', 'claimed', 'submitted', 'refused', 'dead'), {
      minLength: 9,
      maxLength: 9,
    });
    fc.assert(
      fc.property(history, fates, (facts, fate) => {
        const model = createModel();
        for (const [index, fact] of facts.entries()) {
          model.learn(fact);
          const state = fate[index] ?? 'wait';
          for (const row of model.rows)
            if (state === 'doubt' && row.state === 'pending') row.inDoubt = true;
            else if (state !== 'wait' && row.state === 'pending') row.state = state as typeof row.state;
        }

        const end = endOf(model.rows);
        const plan = endOfPlan(model.wanted());
        expect(end).toMatchObject(plan);
        for (const [key, value] of Object.entries(end)) {
          const isUnwanted = !(key in plan) && /callback|dnc/.test(key);
          const [dialer = '', aspect = ''] = key.split(' ');
          const mayStand = model
            .find(dialer, aspect)
            .every((row) => ['refused', 'dead', 'cancelled', 'superseded'].includes(row.state) && !row.inDoubt);
          if (isUnwanted && !mayStand) expect(value).toMatch(/^\["callback",null\]|^\["dnc",false/);
        }
        for (const key of Object.keys(end)) {
          const [dialer = '', aspect = ''] = key.split(' ');
          const rows = model.find(dialer, aspect);
          expect(rows.filter((row) => waits.includes(row.state)).length).toBeLessThan(2);
          expect(new Set(rows.map((row) => row.revision)).size).toBe(rows.length);
        }
        const again = model.plan();
        expect(again).toEqual({ insert: [], supersede: [], cancel: [], refresh: [] });
      }),
      { numRuns: 1000 },
    );
  });

  it('has one leg per dialer, the same in any order', () => {
    fc.assert(
      fc.property(twoOrders, ({ facts, shuffled }) => {
        expect(firstLegs(shuffled)).toEqual(firstLegs(facts));
      }),
    );
  });
});

describe('the canonical text of a desired value', () => {
  it('does not depend on the order of keys or numbers', () => {
    const one = canonicalDesired({ aspect: 'fields', fields: { b: '2', a: '1' } });
    const other = canonicalDesired({ aspect: 'fields', fields: { a: '1', b: '2' } });

    expect(one).toBe(other);
    expect(canonicalDesired({ aspect: 'dnc', phones: ['+2', '+1'], listed: true })).toBe(
      canonicalDesired({ aspect: 'dnc', phones: ['+1', '+2'], listed: true }),
    );
  });

  it('differs when the value does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.dictionary(fc.string(), fc.string()), (one, other) => {
        const isEqual =
          canonicalDesired({ aspect: 'fields', fields: one }) === canonicalDesired({ aspect: 'fields', fields: other });
        const entries = (fields: object) => JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

        expect(isEqual).toBe(entries(one) === entries(other));
      }),
    );
  });
});
