import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Control,
  controlKinds,
  controlsOf,
  everywhere,
  noControls,
  scopeText,
} from '../../../src/domain/controls.ts';
import { aspects } from '../../../src/domain/write-back.ts';

const noon = '2026-11-21T12:00:00.000Z';

function control(kind: Control['kind'], scope: Partial<Control['scope']>, percent = 0): Control {
  return { kind, scope: { ...everywhere, ...scope }, percent, note: '', by: 'cli:ada', at: noon };
}

describe('a pause', () => {
  const { pauseOf, pauseOfCalls } = controlsOf([
    control('pause', { dialer: 'vicidial', campaign: 'SPRING' }),
    control('pause', { dialer: 'five9', aspect: 'callback' }),
    control('pause', { campaign: 'Autumn' }),
  ]);

  it.each([
    ['of a campaign holds for it', 'vicidial', 'SPRING', 'dnc', true],
    ['of a campaign holds for no other', 'vicidial', 'WINTER', 'dnc', false],
    ['of an aspect holds for it in every campaign', 'five9', 'Spring', 'callback', true],
    ['of an aspect holds for no other', 'five9', 'Spring', 'disposition', false],
    ['of a campaign on every dialer holds for each', 'five9', 'Autumn', 'fields', true],
  ] as const)('%s', (_what, dialer, campaign, aspect, isPaused) => {
    expect(pauseOf(dialer, campaign, aspect) !== undefined).toBe(isPaused);
  });

  it('of one aspect stops no calls', () => {
    expect(pauseOfCalls('five9', 'Spring')).toBeUndefined();
    expect(pauseOfCalls('five9', 'Autumn')?.scope.campaign).toBe('Autumn');
  });

  it('is named by the widest that holds', () => {
    const both = controlsOf([control('pause', { dialer: 'five9', campaign: 'Spring' }), control('pause', {})]);

    expect(both.pauseOf('five9', 'Spring', 'dnc')?.scope).toEqual(everywhere);
  });
});

describe('a stage or a share', () => {
  it('is that of the campaign, else of its dialer, else of everywhere', () => {
    const { stageOf, shareOf } = controlsOf([
      control('stage', {}, 1),
      control('stage', { dialer: 'five9' }, 2),
      control('stage', { dialer: 'five9', campaign: 'Spring' }, 3),
    ]);

    expect(stageOf('five9', 'Spring')?.percent).toBe(3);
    expect(stageOf('five9', 'Autumn')?.percent).toBe(2);
    expect(stageOf('vicidial', 'Spring')?.percent).toBe(1);
    expect(shareOf('five9', 'Spring')).toBeUndefined();
  });

  it('of a campaign on every dialer stands above that of a dialer', () => {
    const { stageOf } = controlsOf([
      control('stage', { dialer: 'five9' }, 100),
      control('stage', { campaign: 'Spring' }),
    ]);

    expect(stageOf('five9', 'Spring')?.percent).toBe(0);
    expect(stageOf('five9', 'Autumn')?.percent).toBe(100);
  });

  it('of one aspect is none: they hold for whole calls', () => {
    const { stageOf } = controlsOf([control('stage', {}, 1), control('stage', { aspect: 'dnc' }, 2)]);

    expect(stageOf('five9', 'Spring')?.percent).toBe(1);
  });
});

const name = (own: string) => fc.constantFrom('', own, 'other');
const anyControl = fc.record({
  kind: fc.constantFrom(...controlKinds),
  scope: fc.record({
    dialer: name('five9'),
    campaign: name('Spring'),
    aspect: fc.constantFrom('' as const, ...aspects),
  }),
  percent: fc.integer({ min: 0, max: 100 }),
  note: fc.constant(''),
  by: fc.constant('cli:ada'),
  at: fc.constant(noon),
});

describe('whatever is set', () => {
  it('pauses what a pause covers, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyControl, { maxLength: 8 }), fc.constantFrom(...aspects), (all, aspect) => {
        const covers = all.some(
          ({ kind, scope }) =>
            kind === 'pause' &&
            ['', 'five9'].includes(scope.dialer) &&
            ['', 'Spring'].includes(scope.campaign) &&
            ['', aspect].includes(scope.aspect),
        );

        expect(controlsOf(all).pauseOf('five9', 'Spring', aspect) !== undefined).toBe(covers);
      }),
    );
  });

  it('means the same in any order, where each scope is set once', () => {
    const once = fc.uniqueArray(anyControl, {
      maxLength: 8,
      selector: ({ kind, scope }) => `${kind} ${scopeText(scope)}`,
    });
    fc.assert(
      fc.property(once, (all) => {
        const [one, other] = [controlsOf(all), controlsOf(all.toReversed())];

        expect(one.stageOf('five9', 'Spring')).toEqual(other.stageOf('five9', 'Spring'));
        expect(one.pauseOf('five9', 'Spring', 'dnc')).toEqual(other.pauseOf('five9', 'Spring', 'dnc'));
        expect(one.pauseOfCalls('five9', 'Spring')).toEqual(other.pauseOfCalls('five9', 'Spring'));
      }),
    );
  });

  it('holds nothing where nothing is set', () => {
    expect(noControls.pauseOf('five9', 'Spring', 'dnc')).toBeUndefined();
    expect(noControls.all).toEqual([]);
  });
});

it.each([
  [{}, 'everywhere'],
  [{ dialer: 'vicidial' }, 'vicidial'],
  [{ dialer: 'vicidial', campaign: 'SPRING' }, 'vicidial / SPRING'],
  [{ campaign: 'SPRING' }, '* / SPRING'],
  [{ dialer: 'vicidial', aspect: 'dnc' }, 'vicidial / dnc'],
  [{ aspect: 'dnc' }, 'dnc'],
] as const)('a scope %j reads "%s"', (scope, words) => {
  expect(scopeText({ ...everywhere, ...scope })).toBe(words);
});
