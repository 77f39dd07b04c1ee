import type { Clock } from '../domain/clock.ts';

/** Counts the tool calls of agents of the last minute, in memory. */
export interface ToolTally {
  note(isFailure: boolean): void;
  recent(): ToolCount;
}

export interface ToolCount {
  calls: number;
  failures: number;
}

const bucketMs = 10_000;
const buckets = 6;

export function createToolTally(clock: Pick<Clock, 'now'>): ToolTally {
  const counts: (ToolCount & { stretch: number })[] = [];

  return {
    note(isFailure) {
      const stretch = Math.floor(clock.now() / bucketMs);
      let count = counts.at(-1);
      if (count?.stretch !== stretch) {
        count = { stretch, calls: 0, failures: 0 };
        counts.push(count);
        if (counts.length > buckets) counts.shift();
      }
      count.calls += 1;
      count.failures += Number(isFailure);
    },
    recent() {
      const since = Math.floor(clock.now() / bucketMs) - buckets;
      const own = counts.filter(({ stretch }) => stretch > since);
      return {
        calls: own.reduce((sum, { calls }) => sum + calls, 0),
        failures: own.reduce((sum, { failures }) => sum + failures, 0),
      };
    },
  };
}
