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
  /** Told before each input that it is on its way: who hangs is known by it. */
  onInput?(parser: string, show: () => string): void;
}

const batch = 100;
const mostTold = 5;
const usualLimitMs = 1000;

/** Feeds one parser. A fault of one input does not end the run. */
export async function runParser(parser: FuzzedParser, { inputs, seed, onInput }: RunOptions): Promise<Tally> {
  const tally: Tally = { parser: parser.name, inputs: 0, refused: 0, slowestMs: 0, faults: 0, firstFaults: [] };
  const limitMs = parser.limitMs ?? usualLimitMs;
  const open = await parser.open();
  try {
    for (let done = 0; done < inputs; done += batch) {
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

async function isSlowAgain(feeding: Feeding, limitMs: number): Promise<boolean> {
  const startedAt = performance.now();
  await inTime(feeding, limitMs * 5).catch(() => undefined);
  return performance.now() - startedAt > limitMs;
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
