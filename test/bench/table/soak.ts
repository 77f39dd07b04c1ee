import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, layOutSite, type Open, startDialers, startService } from './contestants.ts';
import { memoryMb } from './processes.ts';
import { table } from './report.ts';
import { manyLeads, phoneOf } from './requests.ts';
import { say } from './run-table.ts';
import { median } from './summary.ts';
import { type Turn, takeTurn } from './turn.ts';
import { writeFigures } from './write-docs.ts';

/** One minute of it. */
interface Minute extends Turn {
  /** At its end. */
  restMb: number;
}

const connections = 20;
/** The top rate is that of the second minute at full load: in the first one, what its calls leave to write back is yet to come. */
const fullLoadMs = 60_000;
const requestsOfCall = 4;
/** The first minutes warm up, and are left out of the judgement. */
const leftOut = 2;
/** The last third beside the first: more than this is a slope. */
const flat = { p99: 1.25, memory: 1.1 };

/**
 * Whole calls (register, commit, outcome, the conversation's end; written back to a simulated dialer) at half of the rate
 * that the machine can do, for a long time: latency and memory minute by minute.
 *
 * @param args `--minutes 30`, `--json`
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '30' }, json: { type: 'boolean', default: false } },
  });
  const count = Number(values.minutes);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const open: Open = [];
  try {
    const patchbay = await startPatchbay(folder, open);
    const fullLoad = { kind: 'call', connections, ms: fullLoadMs } as const;
    const calls = callAfterCall();
    const begin = calls.upTo(await takeTurn(patchbay, folder, { ...fullLoad, first: calls.next() }));
    const top = calls.upTo(await takeTurn(patchbay, folder, { ...fullLoad, first: calls.next() }));
    const perSecond = top.perSecond / requestsOfCall / 2;
    say(
      `top rate ${top.perSecond.toFixed(0)} requests a second (${begin.perSecond.toFixed(0)} in the minute before); the soak makes ${perSecond.toFixed(0)} calls a second`,
    );
    const minutes: Minute[] = [];
    for (let minute = 1; minute <= count; minute += 1) {
      const load = { kind: 'call', connections, ms: 60_000, perSecond, first: calls.next() } as const;
      const turn = calls.upTo(await takeTurn(patchbay, folder, load));
      minutes.push({ ...turn, restMb: memoryMb(patchbay.pid).now });
      say(`${minute}: ${rowOf(minutes.at(-1) as Minute).join('  ')}`);
    }
    const verdict = judge(minutes);
    const report = reportOf(minutes, perSecond, verdict);
    process.stdout.write(values.json ? `${JSON.stringify({ bench: 'soak', verdict, minutes })}\n` : `${report}\n`);
    if (count >= 10) writeFigures('soak', report);
    if (!verdict.isFlat) process.exitCode = 1;
  } finally {
    for (const part of open.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each turn goes on where the last one ended, so that no lead is called again before all others were. */
function callAfterCall() {
  let next = 0;
  return {
    next: () => next,
    upTo(turn: Turn): Turn {
      next += Math.ceil(turn.count / requestsOfCall) + turn.faults + connections;
      return turn;
    },
  };
}

async function startPatchbay(folder: string, open: Open): Promise<Contestant> {
  const dialers = await startDialers(open);
  const contacts = Array.from({ length: manyLeads }, (_, index) => ({
    fields: { number1: phoneOf(index) },
    lists: ['Spring list'],
  }));
  dialers.five9.seed({ contacts });
  const site = await layOutSite(join(folder, 'soak'), dialers, null, 'dispositions');
  const service = await startService(site.configFile);
  open.push(service);
  const { port, agiPort } = site;
  return { name: 'patchbay-sqlite', port, agiPort, pid: service.pid, pids: [service.pid], calls: [], decided: [] };
}

interface Verdict {
  isFlat: boolean;
  /** The last third's median of the first third's. */
  p99: number;
  memory: number;
}

function judge(minutes: readonly Minute[]): Verdict {
  const counted = minutes.slice(minutes.length > leftOut * 3 ? leftOut : 0);
  const third = Math.max(1, Math.floor(counted.length / 3));
  const slope = (of: (minute: Minute) => number) =>
    median(counted.slice(-third).map(of)) / median(counted.slice(0, third).map(of));
  const [p99, memory] = [slope((minute) => minute.p99Ms), slope((minute) => minute.restMb)];
  return { p99, memory, isFlat: p99 <= flat.p99 && memory <= flat.memory };
}

function reportOf(minutes: readonly Minute[], perSecond: number, { isFlat, p99, memory }: Verdict): string {
  const head = ['minute', 'requests a second', 'median ms', 'p99 ms', 'CPU µs a request', 'MB'];
  const rows = minutes.map((minute, index) => [String(index + 1), ...rowOf(minute)]);
  return [
    `${perSecond.toFixed(0)} calls a second (${(perSecond * requestsOfCall).toFixed(0)} requests), half of the top rate (that of the second minute at full load), for ${minutes.length} minutes.`,
    `${isFlat ? 'Flat' : '**Not flat**'}: the median of the last third of the minutes is ${p99.toFixed(2)}× that of the first third for the p99 (at most ${flat.p99}×), ${memory.toFixed(2)}× for the memory (at most ${flat.memory}×); the first ${leftOut} minutes are left out.`,
    table(head, rows),
  ].join('\n\n');
}

function rowOf({ perSecond, medianMs, p99Ms, cpuUs, restMb }: Minute): string[] {
  return [perSecond.toFixed(0), medianMs.toFixed(2), p99Ms.toFixed(2), cpuUs.toFixed(0), restMb.toFixed(0)];
}
