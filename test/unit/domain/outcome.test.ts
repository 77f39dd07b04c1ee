import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bases, decideOutcome } from '../../../src/domain/outcome.ts';
import { at, committed, dispositioned, history, outcomeOf, tell, twoOrders } from './cast.ts';

const silent = tell(10, { kind: 'silent', why: 'nobody tells' }, 'patchbay');
const ended = tell(9, { kind: 'ended', outcome: 'hung_up', reason: 'customer', recordingUrl: 'https://a.example/1' });
const analysed = tell(8, {
  kind: 'analysed',
  outcome: 'not_interested',
  summary: 'analysis',
  fields: { mood: 'bad', intent: 'none' },
});
const sale = committed(5, 'sale');
const callback = committed(4, 'callback', at(600));
const human = dispositioned(3, 'acme', 'wrong_number');
const corrected = tell(2, { kind: 'corrected', outcome: 'qualified', by: 'joan', why: 'heard it' });
const optOut = committed(1, 'opt_out');
const undone = (minutes: number) =>
  tell(minutes, { kind: 'opt-out-undone', by: 'joan', why: 'a mistake' }, 'operator:joan');

describe('a transfer that a dialer was to make true', () => {
  const asked = { ...committed(1, 'transferred'), key: 'transfer:1:sales' };
  const result = (minutes: number, kind: 'done' | 'over' | 'refused') =>
    tell(minutes, {
      ...{ kind: 'steered', act: 'transfer', dialer: 'acme', to: 'group', why: '' },
      ...{ result: kind, commit: 'transfer:1:sales' },
    });

  it.each([
    ['nobody knows how it went', [asked], 'transferred'],
    ['it was done', [asked, result(2, 'done')], 'transferred'],
    ['the customer was gone', [asked, result(2, 'over'), ended], 'hung_up'],
    ['the dialer refused', [asked, result(2, 'refused'), sale], 'sale'],
    ['one of two tries did it', [result(1, 'over'), asked, result(2, 'done'), result(3, 'refused')], 'transferred'],
    [
      'another try failed',
      [asked, { ...committed(0, 'transferred'), key: 'transfer:2:sales' }, result(2, 'over')],
      'transferred',
    ],
  ])('counts as it should when %s, whatever came first', (_when, facts, code) => {
    expect([decideOutcome(facts)?.code, decideOutcome(facts.toReversed())?.code]).toEqual([code, code]);
  });

  it('keeps what the agent said of a call that it could not transfer', () => {
    expect(decideOutcome([asked, result(2, 'over'), ended])?.summary).toBe('said transferred');
  });
});

describe('the precedence', () => {
  // Each list holds one thing more, said earlier than all the rest: strength beats lateness.
  it.each([
    ['silence', 'unknown', [silent]],
    ['technical', 'hung_up', [silent, ended]],
    ['analysis', 'not_interested', [silent, ended, analysed]],
    ['committed', 'sale', [silent, ended, analysed, sale]],
    ['callback', 'callback', [silent, ended, analysed, sale, callback]],
    ['human', 'wrong_number', [silent, ended, analysed, sale, callback, human]],
    ['operator', 'qualified', [silent, ended, analysed, sale, callback, human, corrected]],
    ['opt-out', 'opt_out', [silent, ended, analysed, sale, callback, human, corrected, optOut]],
  ])('%s decides for %s', (basis, code, facts) => {
    const outcome = decideOutcome(facts);

    expect(outcome).toMatchObject({ basis, code, at: facts.at(-1)?.at });
  });

  it('has a line for every basis', () => {
    expect(bases).toHaveLength(8);
  });

  it('is told to operators as it is', () => {
    const page = readFileSync(new URL('../../../docs/outcomes.md', import.meta.url), 'utf8');

    expect([...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, basis]) => basis)).toEqual([...bases]);
  });

  it('takes the later of two words with the same basis', () => {
    expect(outcomeOf(committed(6, 'not_interested'), sale)?.code).toBe('not_interested');
  });

  it('says nothing while nothing is known of the end', () => {
    expect(outcomeOf(tell(1, { kind: 'started' }))).toBeNull();
    expect(outcomeOf(tell(1, { kind: 'analysed', summary: 'no rule matched', fields: {} }))).toBeNull();
  });

  it("calls an agent's disposition unknown when the mapping can not be read backwards", () => {
    expect(outcomeOf(sale, dispositioned(6, 'acme'))).toMatchObject({ code: 'unknown', basis: 'human' });
  });
});

describe('an opt-out', () => {
  it('stands, whoever said it, against a later word of anyone but an operator who undoes it', () => {
    const outcome = outcomeOf(optOut, committed(6, 'sale'), dispositioned(7, 'acme', 'sale'), corrected);

    expect(outcome).toMatchObject({ code: 'opt_out', optedOutAt: optOut.at });
  });

  it('is taken back by an operator, and stands again when it is said again', () => {
    expect(outcomeOf(optOut, sale, undone(6))).toEqual(outcomeOf(optOut, sale, undone(6)));
    expect(outcomeOf(optOut, sale, undone(6))).toMatchObject({ code: 'sale' });
    expect(outcomeOf(optOut, sale, undone(6))?.optedOutAt).toBeUndefined();
    expect(outcomeOf(optOut, undone(6), committed(7, 'opt_out'))).toMatchObject({ code: 'opt_out', optedOutAt: at(7) });
  });

  it('counts from the first time that it was said', () => {
    expect(outcomeOf(committed(7, 'opt_out'), optOut)?.optedOutAt).toBe(optOut.at);
  });
});

describe('what goes with an outcome', () => {
  it('is what was said in the call, then what analysis adds', () => {
    const outcome = outcomeOf(analysed, sale, ended);

    expect(outcome).toMatchObject({
      summary: 'said sale',
      fields: { intent: 'sale', mood: 'bad' },
      recordingUrl: 'https://a.example/1',
    });
  });

  it('is not taken away by an empty value that comes later', () => {
    const early = tell(1, { kind: 'analysed', summary: 'early', fields: { plan: 'gold', mood: 'good' } });
    const late = tell(2, { kind: 'analysed', summary: '', fields: { plan: '', mood: 'bad' } });

    expect(outcomeOf(ended, early, late)).toMatchObject({ summary: 'early', fields: { plan: 'gold', mood: 'bad' } });
  });

  it('has a time to call back only for a callback', () => {
    expect(outcomeOf(callback)?.callbackAt).toBe(at(600));
    expect(outcomeOf(committed(4, 'sale', at(600)))?.callbackAt).toBeUndefined();
  });

  it('keeps the time of a callback that is said once more without it, and takes one that the analysis found', () => {
    const found = tell(7, { kind: 'analysed', outcome: 'callback', callbackAt: at(700), summary: '', fields: {} });

    expect(outcomeOf(callback, committed(6, 'callback'), found)?.callbackAt).toBe(at(600));
    expect(outcomeOf(committed(6, 'callback'), found)?.callbackAt).toBe(at(700));
    expect(outcomeOf(callback, dispositioned(8, 'acme', 'callback'))?.callbackAt).toBeUndefined();
  });
});

describe('any history', () => {
  it('gives the same outcome in any order', () => {
    fc.assert(
      fc.property(twoOrders, ({ facts, shuffled }) => {
        expect(decideOutcome(shuffled)).toEqual(decideOutcome(facts));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same outcome when facts are told twice', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(8), { maxLength: 4 }), (facts, again) => {
        const doubled = again.flatMap((index) => facts[index] ?? []);

        expect(decideOutcome([...doubled, ...facts])).toEqual(decideOutcome(facts));
      }),
      { numRuns: 1000 },
    );
  });

  it('holds an opt-out until an operator undoes it', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const kept = facts.filter((fact) => fact.body.kind !== 'opt-out-undone');

        expect(decideOutcome([...kept, optOut])).toMatchObject({ code: 'opt_out' });
      }),
    );
  });
});
