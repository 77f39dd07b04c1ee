import { firstWordSteps } from './call-marks.ts';
import { leastSample } from './shares.ts';

/** How soon the AI spoke, of many calls. Times are upper ends of steps: the calls themselves are not looked at. */
export interface FirstWordTimes {
  /** How many calls were measured. */
  calls: number;
  /** Half of the calls took at most so long. Null: too few to say. */
  median: StepTime | null;
  p95: StepTime | null;
}

/** At most so many milliseconds, or longer than the last step ends. */
export interface StepTime {
  kind: 'at most' | 'longer than';
  ms: number;
}

/** @param counts how many calls fell into each step */
export function firstWordTimes(counts: readonly number[]): FirstWordTimes {
  const calls = counts.reduce((sum, count) => sum + count, 0);
  const isTold = calls >= leastSample;
  return {
    calls,
    median: isTold ? stepAt(counts, calls / 2) : null,
    p95: isTold ? stepAt(counts, calls * 0.95) : null,
  };
}

/** Counts of two spans, or of two campaigns, together. */
export function addSteps(one: readonly number[], other: readonly number[]): number[] {
  return Array.from({ length: firstWordSteps.length + 1 }, (_, step) => (one[step] ?? 0) + (other[step] ?? 0));
}

/** `at most 1.25 s`, with a blank that does not break. */
export function stepWords({ kind, ms }: StepTime): string {
  return `${kind} ${ms / 1000}\u00A0s`;
}

function stepAt(counts: readonly number[], rank: number): StepTime {
  let sum = 0;
  for (const [step, count] of counts.entries()) {
    sum += count;
    const ms = firstWordSteps[step];
    if (sum >= rank && ms !== undefined) return { kind: 'at most', ms };
  }
  return { kind: 'longer than', ms: firstWordSteps.at(-1) ?? 0 };
}
