import type { ChaosResult } from './run-chaos.ts';

/** What a run did and came to, to be read by people. */
export function writeTable(result: ChaosResult): string {
  const { live, longestRecoveryMs } = result;
  const rows: (readonly [string, string | number])[] = [
    ['calls', `${result.calls}, ${result.handedToAi} of them handed to the AI`],
    ['write-backs', `${result.writeBacks}, ${result.dead} of them dead or refused`],
    ...Object.entries(result.faults),
    ['kills', result.kills],
    ...Object.entries(result.killsByPoint).map(([point, count]) => [`  ${point}`, count] as const),
    ['fail points not met', result.pointsLeft.join(', ') || 'none'],
    ['ends that nobody wanted', result.crashes.join(', ') || 'none'],
    ['live requests', `${live.asked}, ${live.whileDown} while a Patchbay was down`],
    ['  late', `${live.late} (99 % within ${live.p99Ms} ms, longest ${live.maxMs} ms)`],
    ['longest recovery', `${longestRecoveryMs.healToDrained} ms from heal to drained`],
    ['', `${longestRecoveryMs.killToReady} ms from kill to ready`],
    ['lost', result.lost],
    ['double', result.double],
    ['wrong', result.wrong],
    ...(result.evidence ? [['evidence', result.evidence] as const] : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}
