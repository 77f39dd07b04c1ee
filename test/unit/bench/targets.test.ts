import { describe, expect, it } from 'vitest';
import { reportOf } from '../../bench/table/report.ts';
import type { Line, Measured } from '../../bench/table/run-table.ts';
import { judgeTargets } from '../../bench/table/targets.ts';
import type { Turn } from '../../bench/table/turn.ts';

const turn = (changes: Partial<Turn>): Turn => ({
  ...{ count: 1000, faults: 0, poorShare: 0, perSecond: 500, medianMs: 2, p99Ms: 10, cpuUs: 100, peakMb: 180 },
  ...changes,
});

function measured(ours: Partial<Turn>, glue: Partial<Turn>): Measured {
  const line = (contestant: Line['contestant'], each: Partial<Turn>): Line => ({
    ...{ operation: 'register', connections: 20, contestant },
    turns: [turn(each), turn(each)],
  });
  return {
    lines: [line('patchbay-sqlite', ours), line('glue', glue)],
    started: [{ contestant: 'patchbay-sqlite', readyMs: [1400, 1490, 1700], cpuMs: 1200, restMb: 199 }],
    onItsWay: [{ contestant: 'patchbay-sqlite', times: [2, 3, 90] }],
    drained: [{ dialer: 'five9', rows: 10, ms: 10, perSecond: 1999, cpuUs: 1, dialerCpuUs: 1, peakMb: 351 }],
    leads: null,
    failed: [],
  };
}

describe('the targets of the table', () => {
  it('are judged beside the glue script of the same run', () => {
    const verdicts = judgeTargets(measured({ cpuUs: 79, p99Ms: 12.1 }, { cpuUs: 100, p99Ms: 10 }));

    expect(verdicts.map(({ figure, isMet }) => [figure, isMet])).toEqual([
      ['0.79× (79 of 100 µs)', true],
      ['1.21× (12.1 of 10.0 ms)', false],
      ['3.0 ms', true],
      ['1999 a second', false],
      ['1490 ms', true],
      ['199 MB', true],
      ['351 MB', false],
    ]);
  });

  it('stand in the report with what was missed', () => {
    const report = reportOf(measured({}, {}), { rounds: 2, ms: 1000 });

    expect(report).toContain('register, Patchbay, SQLite: processor time of the glue');
    expect(report).toMatch(/1999 a second\s+\| \*\*not met\*\*/);
  });
});
