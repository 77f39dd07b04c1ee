import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startProcess } from '../../demo/processes.ts';
import { type Contestant, scriptAt } from './contestants.ts';
import type { Loaded, Plan } from './load.ts';
import { forgetPeak, memoryMb, processorUs } from './processes.ts';

/** What one turn of one contestant came to. */
export interface Turn {
  count: number;
  faults: number;
  /** Of the answers, those that lack what only the lead has. */
  poorShare: number;
  perSecond: number;
  medianMs: number;
  p99Ms: number;
  /** Processor time for one request, of all its server processes. */
  cpuUs: number;
  /** The most memory that the answering process held meanwhile. */
  peakMb: number;
}

/** What was answered already is kept within this time: registrations that nobody waits for are gathered. */
const lateWorkMs = 250;
let firstCall = 0;
/** New calls of one turn never meet those of another. */
const callsPerTurn = 1_000_000;

/**
 * Lets the load process ask a contestant, and measures both sides.
 *
 * @param mayFail true while it warms up: a live call's budget may end before all is compiled
 */
export async function takeTurn(
  contestant: Contestant,
  folder: string,
  asked: Pick<Plan, 'kind' | 'connections' | 'ms'> & Partial<Plan>,
  mayFail = false,
): Promise<Turn> {
  firstCall += callsPerTurn;
  const port = asked.kind === 'agi' ? contestant.agiPort : contestant.port;
  const idsFile = asked.kind === 'register' ? join(folder, 'ids.json') : '';
  const plan: Plan = {
    ...{ port, count: callsPerTurn, perSecond: 0, first: firstCall, names: [], isRepeated: false, idsFile },
    ...asked,
  };
  const planFile = join(folder, 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan));

  forgetPeak(contestant.pid);
  const before = processorUs(contestant.pids);
  const load = await startProcess('the load', [scriptAt('load.ts'), planFile], {
    isReady: (line) => typeof line.medianUs === 'number',
    readyWithinMs: plan.ms + 120_000,
  });
  await load.ended;
  await wait(lateWorkMs);
  const cpuUs = processorUs(contestant.pids) - before;

  const { count, faults, poor, ms, medianUs, p99Us } = load.ready as unknown as Loaded;
  if (count === 0 || (!mayFail && faults > count / 100)) {
    throw new Error(`${contestant.name} failed ${faults} of ${count} ${plan.kind}: ${String(load.ready.firstFault)}`);
  }
  // One by one: a stack does not hold a hundred thousand.
  for (const id of idsFile ? (JSON.parse(readFileSync(idsFile, 'utf8')) as string[]) : []) contestant.calls.push(id);
  return {
    count,
    faults,
    poorShare: poor / count,
    perSecond: (1000 * count) / ms,
    medianMs: medianUs / 1000,
    p99Ms: p99Us / 1000,
    cpuUs: cpuUs / count,
    peakMb: memoryMb(contestant.pid).peak,
  };
}

/** So many registered calls that nothing was asked about yet; they are used up. */
export async function takeCalls(contestant: Contestant, folder: string, count: number): Promise<string[]> {
  if (contestant.name === 'bare') return Array.from({ length: count }, () => contestant.calls[0] ?? '');
  const lacking = count - contestant.calls.length;
  if (lacking > 0) {
    // Not measured: a call that its script was told of from memory is in the store soon after.
    await takeTurn(contestant, folder, { kind: 'register', connections: 20, ms: 120_000, count: lacking }, true);
  }
  return contestant.calls.splice(0, count);
}
