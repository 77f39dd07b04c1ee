import type { ContestantName } from './contestants.ts';
import type { Measured } from './run-table.ts';
import { findSummary, median } from './summary.ts';

/** What is asked, what came out, and whether that will do. */
export interface Target {
  what: string;
  asked: string;
  figure: string;
  isMet: boolean;
}

type Ours = Extract<ContestantName, `patchbay-${string}`>;

/** Processor time for a request, of the glue script's in the same run. */
const cpuTargets: readonly { operation: string; what: string; most: Record<Ours, number> }[] = [
  { operation: 'register', what: 'register', most: { 'patchbay-sqlite': 0.8, 'patchbay-mariadb': 1 } },
  { operation: 'outcome', what: 'outcome (there)', most: { 'patchbay-sqlite': 0.6, 'patchbay-mariadb': 0.6 } },
  { operation: 'webhook', what: 'webhook', most: { 'patchbay-sqlite': 0.8, 'patchbay-mariadb': 0.8 } },
];
const p99Most = 1.2;
const p99Operations = ['register', 'outcome', 'webhook', 'headers'];
const most = { dueMs: 20, readyMs: 1500, restMb: 200, peakMb: 350 };
const least: Record<string, number> = { five9: 2000, vicidial: 400 };
export const ours: readonly Ours[] = ['patchbay-sqlite', 'patchbay-mariadb'];
/** At which processor time is compared: what `runtime.md` of the design speaks of. */
const comparedAt = 20;

/** Every target of which something was measured. */
export function judgeTargets(measured: Measured): Target[] {
  return [...cpu(measured), ...p99(measured), ...others(measured), ...memory(measured)];
}

function cpu({ lines }: Measured): Target[] {
  return cpuTargets.flatMap(({ operation, what, most: limits }) =>
    ours.flatMap((name) => {
      const own = findSummary(lines, operation, name, comparedAt);
      const glue = findSummary(lines, operation, 'glue', comparedAt);
      if (!own || !glue) return [];
      const share = own.cpuUs / glue.cpuUs;
      return target({
        what: `${what}, ${titleOf(name)}: processor time of the glue's, at ${comparedAt}`,
        asked: `≤ ${limits[name].toFixed(1)}×`,
        figure: `${share.toFixed(2)}× (${own.cpuUs.toFixed(0)} of ${glue.cpuUs.toFixed(0)} µs)`,
        isMet: share <= limits[name],
      });
    }),
  );
}

function p99({ lines }: Measured): Target[] {
  return p99Operations.flatMap((operation) =>
    ours.flatMap((name) =>
      [20, 100].flatMap((connections) => {
        const own = findSummary(lines, operation, name, connections);
        const glue = findSummary(lines, operation, 'glue', connections);
        if (!own || !glue) return [];
        const share = own.p99Ms / glue.p99Ms;
        return target({
          what: `${operation}, ${titleOf(name)}: p99 of the glue's, at ${connections}`,
          asked: `≤ ${p99Most}×`,
          figure: `${share.toFixed(2)}× (${own.p99Ms.toFixed(1)} of ${glue.p99Ms.toFixed(1)} ms)`,
          isMet: share <= p99Most,
        });
      }),
    ),
  );
}

function others({ onItsWay, drained, started }: Measured): Target[] {
  return [
    ...onItsWay.map(({ contestant, times }) => {
      const ms = median(times);
      const what = `a write-back that is due, ${titleOf(contestant)}: on its way, median`;
      return target({ what, asked: `≤ ${most.dueMs} ms`, figure: `${ms.toFixed(1)} ms`, isMet: ms <= most.dueMs });
    }),
    ...drained.map(({ dialer, rows, perSecond }) => {
      const asked = least[dialer] ?? 0;
      return target({
        what: `a backlog of ${rows} write-backs to ${dialer}`,
        asked: `≥ ${asked} a second`,
        figure: `${perSecond.toFixed(0)} a second`,
        isMet: perSecond >= asked,
      });
    }),
    ...started.map(({ contestant, readyMs }) => {
      const ms = median(readyMs);
      const what = `ready after the start, ${titleOf(contestant)}, median`;
      return target({ what, asked: `≤ ${most.readyMs} ms`, figure: `${ms.toFixed(0)} ms`, isMet: ms <= most.readyMs });
    }),
  ];
}

function memory({ lines, started, drained }: Measured): Target[] {
  const resting = started.map(({ contestant, restMb }) =>
    target({
      what: `memory at rest, ${titleOf(contestant)}`,
      asked: `≤ ${most.restMb} MB`,
      figure: `${restMb.toFixed(0)} MB`,
      isMet: restMb <= most.restMb,
    }),
  );
  const peaks = ours.flatMap((name) => {
    const turns = lines.filter(({ contestant }) => contestant === name).flatMap((line) => line.turns);
    const drains = name === 'patchbay-sqlite' ? drained : [];
    const all = [...turns, ...drains].map(({ peakMb }) => peakMb);
    if (all.length === 0) return [];
    const peak = Math.max(...all);
    const what = `most memory in any benchmark, ${titleOf(name)}`;
    return target({ what, asked: `≤ ${most.peakMb} MB`, figure: `${peak.toFixed(0)} MB`, isMet: peak <= most.peakMb });
  });
  return [...resting, ...peaks];
}

function target(each: Target): Target {
  return each;
}

export function titleOf(name: ContestantName): string {
  const titles = {
    'patchbay-sqlite': 'Patchbay, SQLite',
    'patchbay-mariadb': 'Patchbay, MariaDB',
    glue: 'glue script',
    bare: 'bare `node:http`',
  };
  return titles[name];
}
