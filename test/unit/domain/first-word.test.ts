import { describe, expect, it } from 'vitest';
import type { FactBody, RegisteredVia } from '../../../src/domain/fact.ts';
import { firstWord } from '../../../src/domain/first-word.ts';

const at = (seconds: number) => new Date(Date.parse('2026-03-04T19:00:00.000Z') + seconds * 1000).toISOString();
const fact = (seconds: number, body: FactBody) => ({ at: at(seconds), body });
const started = (seconds: number) => fact(seconds, { kind: 'started' });
const record = (answered?: number) =>
  fact(90, {
    kind: 'leg-record',
    dialer: 'vicidial',
    ...(answered !== undefined && { answeredAt: at(answered) }),
    recordingUrls: [],
  });
const leg = {
  ...{ dialer: 'vicidial', callKey: 'V1', campaign: '', list: '', leadKey: '7', number: '', phone: '', agent: '' },
  calledAt: at(0),
};
const registered = (seconds: number, via: RegisteredVia) =>
  fact(seconds, { kind: 'registered', leg, via, route: 'ai', reason: '', fields: {} });

describe("the AI's first word", () => {
  it.each([
    ["the dialer's answer", [registered(2, 'headers'), started(4), record(1)], 'measured', 3, 'dialer'],
    ['the moment in which the dialer asked', [registered(2, 'headers'), started(4)], 'measured', 2, 'estimate'],
    [
      'what it asked when its record is without times',
      [registered(2, 'register'), started(4), record()],
      'measured',
      2,
      'estimate',
    ],
    ['the first of several conversations', [record(0), started(30), started(5)], 'measured', 5, 'dialer'],
    ['the first of several answers', [record(3), record(1), started(5)], 'measured', 4, 'dialer'],
    ['both at once', [record(0), started(0)], 'measured', 0, 'dialer'],
    ['a minute', [record(0), started(60)], 'measured', 60, 'dialer'],
    ['more than a minute', [record(0), started(60.001)], 'unusable', 60.001, 'dialer'],
    ['a word before the answer', [record(10), started(9.9)], 'unusable', -0.1, 'dialer'],
  ])('counts from %s', (_what, facts, kind, seconds, answer) => {
    expect(firstWord(facts)).toMatchObject({ kind, answer });
    expect(firstWord([...facts].reverse())).toEqual(firstWord(facts));
    expect(firstWord(facts)).toHaveProperty('seconds', expect.closeTo(seconds, 3));
  });

  it.each([
    ['nothing', []],
    ['no conversation', [record(0), registered(1, 'headers')]],
    ['no answer', [started(3)]],
    ['only what was told later', [started(3), registered(40, 'tool'), registered(41, 'event'), registered(42, 'poll')]],
  ])('is not known from %s', (_what, facts) => {
    expect(firstWord(facts)).toEqual({ kind: 'unknown' });
  });
});
