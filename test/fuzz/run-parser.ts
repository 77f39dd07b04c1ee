import { messageOf } from '../../src/domain/errors.ts';
import type { Feeding, FuzzedParser } from './parser.ts';

/** What became of the inputs of one parser. */
export interface Tally {
  parser: string;
  inputs: number;
  refused: number;
  slowestMs: number;
  faults: number;
  /** The first ones: how to see them again, and what was said. */
  firstFaults: string[];
}

export interface RunOptions {
  inputs: number;
  seed: number;
  /** No batch is begun after so long. (Default: none is too late) */
  mostMs?: number;
  /** Told before each input that it is on its way: who hangs is known by it. */
  onInput?(parser: string, show: () => string): void;
}

const batch = 100;
const mostTold = 5;
const usualLimitMs = 1000;

/** Feeds one parser. A fault of one input does not end the run. */
export async function runParser(parser: FuzzedParser, { inputs, seed, mostMs, onInput }: RunOptions): Promise<Tally> {
  const tally: Tally = { parser: parser.name, inputs: 0, refused: 0, slowestMs: 0, faults: 0, firstFaults: [] };
  const limitMs = parser.limitMs ?? usualLimitMs;
  const open = await parser.open();
  try {
    const until = performance.now() + (mostMs ?? Number.POSITIVE_INFINITY);
    for (let done = 0; done < inputs && performance.now() < until; done += batch) {
      const left = open.sample(seed + done, Math.min(batch, inputs - done));
      const lane = async () => {
        for (let feeding = left.shift(); feeding; feeding = left.shift()) await feedOne(feeding, seed + done);
      };
      await Promise.all(Array.from({ length: parser.atOnce ?? 1 }, lane));
    }
  } finally {
    await open.stop();
  }
  return tally;

  async function feedOne(feeding: Feeding, batchSeed: number): Promise<void> {
    onInput?.(parser.name, feeding.show);
    tally.inputs += 1;
    const startedAt = performance.now();
    let why = '';
    try {
      if ((await inTime(feeding, limitMs * 5)) === 'refused') tally.refused += 1;
    } catch (error) {
      why = error instanceof RangeError || error instanceof TypeError ? String(error.stack) : messageOf(error);
    }
    const ms = performance.now() - startedAt;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    // A machine that is busy with something else makes a good reader slow once, but not twice.
    if (!why && ms > limitMs && (await isSlowAgain(feeding, limitMs))) why = `it took ${Math.round(ms)} ms`;
    if (!why) return;
    tally.faults += 1;
    if (tally.firstFaults.length < mostTold) tally.firstFaults.push(`seed ${batchSeed}: ${why}\n  ${feeding.show()}`);
  }
}

/** By the processor: on a machine that others use as well, a wait says little. What never answers is a fault anyway. */
async function isSlowAgain(feeding: Feeding, limitMs: number): Promise<boolean> {
  const before = process.cpuUsage();
  await inTime(feeding, limitMs * 5).catch(() => undefined);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 > limitMs / 2;
}

async function inTime(feeding: Feeding, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([feeding.feed(), late]);
  } finally {
    clearTimeout(timer);
  }
}
