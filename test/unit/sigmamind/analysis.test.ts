import { describe, expect, it } from 'vitest';
import { AnalysisConfig } from '../../../connectors/sigmamind/analysis/config.ts';
import { readAnalysis } from '../../../connectors/sigmamind/analysis/read-analysis.ts';

const insights = {
  qualification: 'Not Interested',
  next_step: 'She would like a call-back, later',
  interest_score: '71.5',
  do_not_call: 'true',
  callback_time: '2026-06-02T10:00:00-04:00',
  conversation_summary: 'Later.',
  respuesta: 'Sí, 2 veces',
  antwort: 'Нет, 2',
};

function outcomeBy(when: unknown, more: object = {}): string | undefined {
  const config = AnalysisConfig.parse({ rules: [{ when, outcome: 'sale', ...more }] });
  return readAnalysis(config, insights).outcome;
}

describe('a condition', () => {
  it.each([
    ['is, whatever the case, blanks and hyphens', { insight: 'Qualification', is: 'not-interested' }, true],
    ['is one of several', { insight: 'qualification', is: ['Interested', 'NOT INTERESTED'] }, true],
    ['is something else', { insight: 'qualification', is: 'Interested' }, false],
    ['is true, as YAML has it', { insight: 'do not call', is: true }, true],
    ['is asked of what is missing', { insight: 'budget', is: 'gold' }, false],
    ['contains words in a row', { insight: 'next step', contains: 'call back' }, true],
    ['contains one of several', { insight: 'next step', contains: ['never', 'later'] }, true],
    ['contains no part of a word', { insight: 'next step', contains: 'late' }, false],
    ['contains no words that stand apart', { insight: 'next step', contains: 'call later' }, false],
    ['contains nothing at all', { insight: 'next step', contains: ' - ' }, false],
    ['is another word in letters of their own', { insight: 'antwort', is: 'Да, 2' }, false],
    ['is that word', { insight: 'antwort', is: 'нет 2' }, true],
    ['contains no word that only lacks its accent', { insight: 'respuesta', contains: 's' }, false],
    ['contains a word with its accent', { insight: 'respuesta', contains: 'SÍ' }, true],
    ['is over', { insight: 'interest score', over: 71 }, true],
    ['is not over its own value', { insight: 'interest score', over: 71.5 }, false],
    ['is over and under', { insight: 'interest score', over: 70, under: 71 }, false],
    ['is no number', { insight: 'qualification', over: -1 }, false],
    ['is missing, so it is not under', { insight: 'budget', under: 5 }, false],
    ['exists', { insight: 'callback time', exists: true }, true],
    ['does not exist', { insight: 'budget', exists: false }, true],
  ])('that %s', (_what, condition, holds) => {
    expect(outcomeBy(condition) === 'sale').toBe(holds);
  });

  it('must all hold, and none of unless', () => {
    const both = [
      { insight: 'do not call', is: true },
      { insight: 'interest score', over: 70 },
    ];

    expect(outcomeBy(both)).toBe('sale');
    expect(outcomeBy([...both, { insight: 'budget', exists: true }])).toBeUndefined();
    expect(outcomeBy(both, { unless: { insight: 'budget', exists: true } })).toBe('sale');
    expect(outcomeBy(both, { unless: { insight: 'qualification', is: 'Not Interested' } })).toBeUndefined();
  });

  it('asks for something', () => {
    expect(AnalysisConfig.safeParse({ rules: [{ when: { insight: 'a' }, outcome: 'sale' }] }).success).toBe(false);
  });
});

describe('the rules', () => {
  it('are asked in their order, before the short form', () => {
    const config = AnalysisConfig.parse({
      rules: [
        { when: { insight: 'budget', exists: true }, outcome: 'qualified' },
        { when: { insight: 'do not call', is: true }, outcome: 'opt_out' },
        { when: { insight: 'interest score', over: 1 }, outcome: 'sale' },
      ],
      outcomeFrom: 'qualification',
      outcomes: { 'not interested': 'not_interested' },
    });

    const { outcome, rules } = readAnalysis(config, insights);
    const short = readAnalysis({ ...config, rules: [] }, insights);

    expect(outcome).toBe('opt_out');
    expect(rules.map(({ rule, hits }) => [rule, hits])).toEqual([
      ['rules[0]', false],
      ['rules[1]', true],
    ]);
    expect(short).toMatchObject({ outcome: 'not_interested', summary: 'Later.' });
  });

  it.each([
    ['2026-06-02T10:00:00-04:00', '2026-06-02T14:00:00.000Z'],
    ['2026-06-02T10:00Z', '2026-06-02T10:00:00.000Z'],
    ['2026-06-02T10:00:00', undefined],
    ['2026-06-02', undefined],
    ['2026-13-45T10:00:00Z', undefined],
    ['tomorrow at three', undefined],
    ['', undefined],
  ])('take "%s" for the time %s', (text, callbackAt) => {
    const rules = [{ when: { insight: 'do not call', is: true }, outcome: 'callback', callbackAt: 'callback time' }];

    const reading = readAnalysis(AnalysisConfig.parse({ rules }), { ...insights, callback_time: text });

    expect(reading.callbackAt).toBe(callbackAt);
    expect(reading.notes).toHaveLength(callbackAt ? 0 : 1);
  });
});
