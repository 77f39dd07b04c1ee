import { cpus, totalmem } from 'node:os';
import { contestantNames } from './contestants.ts';
import { operations } from './operations.ts';
import type { Measured } from './run-table.ts';
import { findSummary, median, quantile } from './summary.ts';
import { judgeTargets, titleOf } from './targets.ts';

/** The whole report in Markdown. The machine is named by its cores only. */
export function reportOf(measured: Measured, { rounds, ms }: { rounds: number; ms: number }): string {
  const gb = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores, ${gb} GB, Node ${process.versions.node}`;
  const parts = [`Measured on ${machine}; the median of ${rounds} rounds of ${ms / 1000} s each, taken in turns.`];
  const targets = judgeTargets(measured);
  if (targets.length > 0) {
    const rows = targets.map(({ what, asked, figure, isMet }) => [what, asked, figure, isMet ? 'met' : '**not met**']);
    parts.push('### Targets', table(['what', 'asked', 'came out', ''], rows));
  }
  if (measured.lines.length > 0) parts.push('### Requests', ...requestTables(measured));
  parts.push(...otherTables(measured));
  return parts.join('\n\n');
}

function requestTables({ lines }: Measured): string[] {
  const levels = [...new Set(lines.map(({ connections }) => connections))];
  return operations.flatMap(({ name, title, who, kind }) => {
    if (!lines.some(({ operation }) => operation === name)) return [];
    const isOfLead = kind === 'headers' || kind === 'agi';
    const rows = levels.flatMap((connections) =>
      contestantNames
        .filter((contestant) => who.includes(contestant))
        .flatMap((contestant) => {
          const own = findSummary(lines, name, contestant, connections);
          if (!own) return [];
          const glue = findSummary(lines, name, 'glue', connections);
          const share = glue && contestant !== 'glue' ? `${(own.cpuUs / glue.cpuUs).toFixed(2)}×` : '';
          const numbers = [whole(own.perSecond), own.medianMs.toFixed(2), own.p99Ms.toFixed(2), own.cpuUs.toFixed(0)];
          const poor = isOfLead ? [`${(own.poorShare * 100).toFixed(0)} %`] : [];
          return [[String(connections), titleOf(contestant), ...numbers, share, own.peakMb.toFixed(0), ...poor]];
        }),
    );
    const head = ['at once', 'who', 'a second', 'median ms', 'p99 ms', 'CPU µs', "of the glue's", 'MB'];
    if (isOfLead) head.push('lead late');
    return [`**${title}**`, table(head, rows)];
  });
}

function otherTables({ started, onItsWay, drained, leads }: Measured): string[] {
  const parts: string[] = [];
  if (started.length > 0) {
    const rows = started.map(({ contestant, readyMs, cpuMs, restMb }) => [
      ...[titleOf(contestant), median(readyMs).toFixed(0), Math.max(...readyMs).toFixed(0)],
      ...[cpuMs.toFixed(0), restMb.toFixed(0)],
    ]);
    parts.push('### Start', table(['who', 'ready, median ms', 'longest ms', 'CPU ms', 'MB at rest'], rows));
  }
  if (onItsWay.length > 0) {
    const rows = onItsWay.map(({ contestant, times }) => [
      titleOf(contestant),
      ...[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1)),
    ]);
    const title = "### From the tool call's answer to the dialer's first byte of the write-back";
    parts.push(title, table(['who', 'median ms', 'p95 ms', 'p99 ms'], rows));
  }
  if (drained.length > 0) {
    const rows = drained.map(({ dialer, rows: count, ms, perSecond, cpuUs, dialerCpuUs, peakMb }) => [
      ...[dialer, whole(count), (ms / 1000).toFixed(1), whole(perSecond), cpuUs.toFixed(0)],
      ...[dialerCpuUs.toFixed(0), peakMb.toFixed(0)],
    ]);
    const head = ['dialer', 'rows', 'seconds', 'a second', 'CPU µs a row', "the dialer's", 'MB'];
    parts.push('### Backlog of write-backs, SQLite', table(head, rows));
  }
  if (leads) {
    const row = [whole(leads.leads), whole(leads.perSecond), `${leads.ofBare.toFixed(2)}×`, leads.peakMb.toFixed(0)];
    parts.push('### Lead sync', table(['leads', 'a second', 'of a bare copy', 'MB'], [row]));
  }
  return parts;
}

/** Columns as wide as they must be: the file is read as it lies, too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
