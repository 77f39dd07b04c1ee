import { describe, expect, it } from 'vitest';
import { admit, newAdmission } from '../../../src/domain/admission.ts';
import type { HealthSignals } from '../../../src/domain/ai-health.ts';
import { type LineBook, type LineGroup, planLines } from '../../../src/domain/ai-lines.ts';
import {
  restingState,
  shareOfStep,
  stepAutopilot,
  stepOfShare,
  takenOver,
  waitMs,
} from '../../../src/domain/autopilot.ts';
import { type Phase, play, seeded, settings } from './health-world.ts';

const well: Phase = { sec: 600, answers: 1, firstWordMs: 900, events: 1 };
const random = seeded(3);

/** The shares in the order in which they held. */
function shares(...phases: Phase[]): number[] {
  const { looks } = play(phases, { gapSec: 2, random });
  const all = looks.map(({ after }) => shareOfStep(settings, after.step));
  return all.filter((share, index) => share !== all[index - 1]);
}

describe('the autopilot', () => {
  it('takes every call from an AI that died, and gives them back step by step', () => {
    expect(shares(well, { ...well, answers: 0, sec: 60 }, { ...well, sec: 900 })).toEqual([100, 0, 5, 25, 50, 100]);
  });

  it('tries a dead AI with a probe now and then, less and less often', () => {
    const { looks } = play([well, { ...well, answers: 0, sec: 3600 }], { gapSec: 2, random });
    const probes = looks.filter(({ before, after }) => before.step === 0 && after.step === 1).map(({ at }) => at);
    const gaps = probes.slice(1).map((at, index) => at - (probes[index] ?? 0));

    expect(probes.length).toBeGreaterThan(2);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  });

  it('gives an AI that is slow fewer calls in steps, each after its time', () => {
    const seen = shares(well, { ...well, firstWordMs: 9000, sec: 200 });

    expect(seen.slice(0, 4)).toEqual([100, 50, 25, 5]);
  });

  it('waits twice as long after each relapse, up to a limit', () => {
    expect([1, 2, 3, 4, 5, 9].map((falls) => waitMs(falls, settings) / 1000)).toEqual([120, 240, 480, 960, 1800, 1800]);
  });

  it('sends no customer to try a platform that answers us nothing either, and needs no such answer once it tries', () => {
    const [quiet, away] = [false, true].map((isPlatformAway) => ({
      ...{ at: 10_000_000, calls: [], tools: { calls: 0, failures: 0 }, spooled: 0 },
      isPlatformAway,
    }));
    const fallen = { ...restingState(settings, 0), step: 0, isRising: false, falls: 1 };
    const trying = { ...fallen, step: 1, isRising: true };

    const waits = stepAutopilot(fallen, away as HealthSignals, settings);
    expect(waits).toMatchObject({ step: 0, since: 0, verdict: { kind: 'sick', signal: 'platform' } });
    expect(stepAutopilot(waits, quiet as HealthSignals, settings).step).toBe(1);
    expect(stepAutopilot(trying, away as HealthSignals, settings)).toMatchObject({ step: 1, verdict: { signal: '' } });
  });

  it('goes on from where a person left off, and waits before it goes up', () => {
    const held = takenOver(restingState(settings, 0), 30, 5000, settings);

    expect(held).toMatchObject({ step: 2, since: 5000, isRising: false, falls: 1 });
    expect(stepOfShare(settings, 0)).toBe(0);
    expect(takenOver(held, 100, 9000, settings)).toMatchObject({ step: 4, isRising: true });
  });
});

describe('a share of the calls', () => {
  it.each([
    [0, 0],
    [5, 6],
    [25, 26],
    [50, 51],
    [75, 76],
    [100, 100],
  ])('of %i %% lets %i of 100 calls of one second through', (percent, most) => {
    const admission = newAdmission(percent, 0);
    const given = Array.from({ length: 100 }, (_, index) => admit(admission, index * 10)).filter(Boolean).length;

    expect(given).toBeGreaterThanOrEqual(Math.min(percent, most));
    expect(given).toBeLessThanOrEqual(most);
  });

  it('begins with the first call, and lets one a minute through where calls are rare', () => {
    const admission = newAdmission(5, 0);

    const given = Array.from({ length: 10 }, (_, index) => admit(admission, index * 61_000));
    expect(given).toEqual(given.map(() => true));
  });
});

describe('lines', () => {
  const ten: LineGroup = { key: '7001', campaign: 'SPRING', isOn: true, lines: 10 };
  const off: LineGroup = { key: '7101', campaign: 'SPRING', isOn: false, lines: 4 };

  /** What the dialer holds after a plan was carried out. */
  function carriedOut(groups: readonly LineGroup[], sets: ReturnType<typeof planLines>['sets']): LineGroup[] {
    return groups.map((group) => ({ ...group, ...sets.find(({ key }) => key === group.key)?.to }));
  }

  it('go down with the share, and come back to exactly what was there; what was off stays off', () => {
    let groups = [ten, off];
    let book: LineBook = {};
    const seen: string[] = [];
    for (const percent of [25, 0, 5, 50, 100, 100]) {
      const plan = planLines(book, groups, () => percent);
      groups = carriedOut(groups, plan.sets);
      book = plan.book;
      seen.push(groups.map(({ isOn, lines }) => (isOn ? lines : 'off')).join(' '));
    }

    expect(seen).toEqual(['2 off', 'off off', '1 off', '5 off', '10 off', '10 off']);
    expect(groups).toEqual([ten, off]);
    expect(book).toEqual({});
  });

  it('are set again when nobody knows whether they were', () => {
    const first = planLines({}, [ten], () => 0);
    const again = planLines(first.book, [ten], () => 0);
    const back = planLines(first.book, carriedOut([ten], first.sets), () => 100);

    expect(again.sets).toEqual(first.sets);
    expect(back.sets).toEqual([{ key: '7001', to: { isOn: true, lines: 10 } }]);
  });

  it('are left to the person who changed them meanwhile, until all calls go to the AI again', () => {
    const down = planLines({}, [ten], () => 25);
    const byHand = [{ ...ten, lines: 7 }];
    const seen = planLines(down.book, byHand, () => 0);
    const later = planLines(seen.book, byHand, () => 5);
    const over = planLines(later.book, byHand, () => 100);

    expect([seen.left, seen.sets, later.left, later.sets, over.sets, over.book]).toEqual([
      ['7001'],
      [],
      [],
      [],
      [],
      {},
    ]);
  });
});
