import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDesired } from '../../../src/domain/write-back.ts';
import { adaAtAcme, at, committed, dispositioned, history, registered, rules } from './cast.ts';
import { createModel, type Model } from './write-backs-model.ts';

function callOfAda(...facts: Parameters<Model['learn']>[0][]): Model {
  const model = createModel();
  for (const fact of [registered(adaAtAcme), ...facts]) model.learn(fact);
  return model;
}

const stateOf = (model: Model, aspect: string) => model.find('acme', aspect).map(({ state }) => state);

describe('what a person took back', () => {
  it('is not planned again by the same facts, nor by others that want the same', () => {
    const model = callOfAda(committed(3, 'qualified'));
    model.takeBack('acme', 'disposition');

    model.plan();
    model.learn(committed(4, 'qualified'));

    expect(stateOf(model, 'disposition')).toEqual(['cancelled']);
  });

  it('gives way to something else that is wanted, and may come back after it', () => {
    const model = callOfAda(committed(3, 'qualified'));
    model.takeBack('acme', 'disposition');

    model.learn(committed(4, 'not_interested'));
    model.deliver('acme', 'disposition');
    model.learn(committed(5, 'qualified'));

    expect(stateOf(model, 'disposition')).toEqual(['cancelled', 'confirmed', 'pending']);
  });

  it('leaves what was delivered before it as it is', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.deliver('acme', 'callback');
    model.learn(committed(4, 'callback', at(700)));
    model.takeBack('acme', 'callback');

    model.plan();

    expect(stateOf(model, 'callback')).toEqual(['confirmed', 'cancelled']);
  });

  it('stays taken back when it was to take a callback away', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.deliver('acme', 'callback');
    model.learn(dispositioned(4, 'acme'));
    model.takeBack('acme', 'callback');

    model.plan();

    expect(stateOf(model, 'callback')).toEqual(['confirmed', 'cancelled']);
  });

  it('is undone in doubt when it may have taken effect and is not wanted any more', () => {
    const model = callOfAda(committed(3, 'callback', at(600)));
    model.doubt('acme', 'callback');
    model.takeBack('acme', 'callback');

    model.learn(dispositioned(4, 'acme'));

    expect(model.find('acme', 'callback').at(-1)).toMatchObject({
      state: 'pending',
      inDoubt: true,
      desired: { at: null },
    });
  });

  it('stays so when it had no disposition, and the mapping is mended', () => {
    const model = callOfAda(committed(3, 'wrong_number'));
    model.takeBack('acme', 'disposition');
    const acme = rules.dialers.acme;
    if (!acme) throw new Error('the cast has no acme');
    const campaigns = { '*': { dispositions: { wrong_number: 'WRONG' }, fields: {} } };

    model.plan({ ...rules, dialers: { ...rules.dialers, acme: { ...acme, campaigns } } });

    expect(stateOf(model, 'disposition')).toEqual(['cancelled']);
  });

  it('gives way to another outcome that has no disposition either', () => {
    const model = callOfAda(committed(3, 'wrong_number'));
    model.takeBack('acme', 'disposition');

    model.learn(committed(4, 'language'));

    expect(stateOf(model, 'disposition')).toEqual(['cancelled', 'held']);
  });

  it('never follows itself, in any history', () => {
    const fates = fc.array(fc.constantFrom('wait', 'doubt', 'confirmed', 'claimed', 'dead', 'take back'), {
      minLength: 9,
      maxLength: 9,
    });
    fc.assert(
      fc.property(history, fates, (facts, fate) => {
        const model = createModel();
        for (const [index, fact] of facts.entries()) {
          model.learn(fact);
          for (const row of model.rows) {
            const fateOfRow = fate[index] ?? 'wait';
            if (fateOfRow === 'take back' && row.aspect !== 'dnc') model.takeBack(row.dialer, row.aspect);
            else if (row.state !== 'pending') continue;
            else if (fateOfRow === 'doubt') row.inDoubt = true;
            else if (fateOfRow !== 'wait' && fateOfRow !== 'take back') row.state = fateOfRow as typeof row.state;
          }
          expect(model.plan()).toMatchObject({ insert: [], supersede: [], cancel: [] });
        }

        for (const taken of model.rows.filter(({ cancelledBy }) => cancelledBy)) {
          const next = model.find(taken.dialer, taken.aspect).find(({ revision }) => revision === taken.revision + 1);
          if (next) expect(canonicalDesired(next.desired)).not.toBe(canonicalDesired(taken.desired));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
