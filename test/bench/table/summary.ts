import type { ContestantName } from './contestants.ts';
import type { Line } from './run-table.ts';
import type { Turn } from './turn.ts';

/** The middle of a line's rounds, figure by figure; the most memory of them all. */
export type Summary = Pick<Turn, 'poorShare' | 'perSecond' | 'medianMs' | 'p99Ms' | 'cpuUs' | 'peakMb'>;

export function summaryOf({ turns }: Line): Summary {
  return {
    poorShare: median(turns.map(({ poorShare }) => poorShare)),
    perSecond: median(turns.map(({ perSecond }) => perSecond)),
    medianMs: median(turns.map(({ medianMs }) => medianMs)),
    p99Ms: median(turns.map(({ p99Ms }) => p99Ms)),
    cpuUs: median(turns.map(({ cpuUs }) => cpuUs)),
    peakMb: Math.max(0, ...turns.map(({ peakMb }) => peakMb)),
  };
}

/** Undefined where it was not measured. */
export function findSummary(
  lines: readonly Line[],
  operation: string,
  contestant: ContestantName,
  connections: number,
): Summary | undefined {
  const line = lines.find(
    (each) => each.operation === operation && each.contestant === contestant && each.connections === connections,
  );
  return line && summaryOf(line);
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** @param sorted from the least to the most */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}
