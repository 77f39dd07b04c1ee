import { expect, it } from 'vitest';
import { everySec, type History, type Look, type Phase, play, seeded, settings } from './health-world.ts';

/** More of them by the environment: see test/README.md. */
const histories = Number(process.env.PATCHBAY_HEALTH_HISTORIES ?? 2000);
const seed = Number(process.env.PATCHBAY_HEALTH_SEED ?? 1);

/** Waits double from two minutes to half an hour: so often can it turn within an hour, down and up counted. */
const mostTurnsAnHour = 12;
const hourMs = 3_600_000;

const well: Omit<Phase, 'sec'> = { answers: 0.98, firstWordMs: 900, events: 1 };
const dead: Omit<Phase, 'sec'> = { answers: 0, firstWordMs: 900, events: 1 };

it(`never flaps, goes up by proof only and down by cause only, over ${histories} random histories of health`, () => {
  for (let each = 0; each < histories; each += 1) {
    const random = seeded(seed * 1_000_003 + each);
    const gapSec = 1 + 7 * random();
    const history = play(drawn(random), { gapSec, random });

    const faults = faultsOf(history, gapSec);
    expect(faults, `history ${each} of seed ${seed}`).toEqual([]);
  }
}, 600_000);

it('gives every call to an AI that is well, and comes back to that', () => {
  const random = seeded(7);
  const day = play([{ ...well, sec: 4 * 3600 }], { gapSec: 5, random });
  expect(turnsOf(day.looks)).toEqual([]);

  const after = play(
    [
      { ...well, sec: 600 },
      { ...dead, sec: 900 },
      { ...well, sec: 3 * 3600 },
    ],
    { gapSec: 5, random },
  );
  expect(after.looks.at(-1)?.after.step).toBe(settings.steps.length);
});

/** Everything that must never be, in words. */
function faultsOf({ looks, given }: History, gapSec: number): string[] {
  const faults: string[] = [];
  const turns = turnsOf(looks);
  for (const [index, at] of turns.entries()) {
    const within = turns.filter((other) => other >= at && other < at + hourMs).length;
    if (within > mostTurnsAnHour) faults.push(`${within} turns within the hour after turn ${index}`);
  }
  for (const { at, before, after } of looks) {
    const { kind } = after.verdict;
    if (after.step < before.step && kind !== 'dead' && kind !== 'sick') faults.push(`down without cause at ${at}`);
    // From nothing it tries; from there on each step has calls that speak for it.
    if (after.step > before.step && before.step > 0 && kind !== 'well') faults.push(`up without proof at ${at}`);
    if (after.step > before.step + 1) faults.push(`up by two steps at ${at}`);
  }
  return [...faults, ...deadCalls(given, gapSec), ...(isBack(looks) ? [] : ['did not come back'])];
}

/** Calls that went to an AI that had been dead for longer than it may be, but for probes. Rare calls are the proof themselves. */
function deadCalls(given: History['given'], gapSec: number): string[] {
  let lost: number[] = [];
  const faults: string[] = [];
  for (const { at, percent, phase } of given) {
    if (phase.answers > 0) lost = [];
    const isProbe = percent <= (settings.steps[0] ?? 0);
    const sinceMs = at - (lost[0] ?? at);
    const seen = lost.filter((one) => one < at - (settings.answerSec + everySec) * 1000).length;
    const isProven = gapSec <= 4 || seen >= 3;
    if (!isProbe && isProven && sinceMs > settings.maxSickSec * 1000)
      faults.push(`${sinceMs} ms after its death, at ${at}`);
    if (phase.answers === 0) lost.push(at);
  }
  return faults;
}

/** Every history ends with hours of health. */
function isBack(looks: readonly Look[]): boolean {
  return looks.at(-1)?.after.step === settings.steps.length;
}

/** When the direction changed. */
function turnsOf(looks: readonly Look[]): number[] {
  return looks.flatMap(({ at, before, after }) => (before.isRising === after.isRising ? [] : [at]));
}

function drawn(random: () => number): Phase[] {
  const phases: Phase[] = [];
  const count = 2 + Math.floor(random() * 8);
  for (let each = 0; each < count; each += 1) phases.push({ ...kindOf(random), sec: 10 + 600 * random() ** 2 });
  const longest = settings.maxWaitSec + settings.steps.length * settings.stepSec;
  return [...phases, { ...well, answers: 1, sec: longest + 2400 }];
}

function kindOf(random: () => number): Omit<Phase, 'sec'> {
  const kind = Math.floor(random() * 6);
  if (kind === 0) return dead;
  if (kind === 1) return { ...well, firstWordMs: 3000 + 9000 * random() };
  if (kind === 2) return { ...well, answers: random() };
  if (kind === 3) return { ...well, events: random() < 0.5 ? 0 : random() };
  return { ...well, answers: 0.9 + 0.1 * random() };
}
