import { ConnectorError } from '../domain/errors.ts';
import type { RecordedFact, RecordInput } from './store.ts';

type Record = (input: RecordInput) => Promise<RecordedFact[]>;

interface Waiting {
  input: RecordInput;
  resolve(results: RecordedFact[]): void;
  reject(error: unknown): void;
}

/** One transaction holds its locks while it works: more would keep others waiting. */
export const mostTogether = 24;
/** So many transactions at once: enough that a slow flush of one holds up no other. */
const lanes = 3;

/**
 * Who records facts while others are being recorded shares the next transaction with all that wait: one flush for them all,
 * and most of the statements. Nobody waits for company: who is alone is recorded at once. Where they fail together each is
 * tried by itself, so that a fact that can't be kept takes no other with it.
 */
export function gatherFacts(record: Record): Record {
  const waiting: Waiting[] = [];
  let running = 0;

  async function run(): Promise<void> {
    running += 1;
    while (waiting.length > 0) await recordAll(waiting.splice(0, mostTogether));
    running -= 1;
  }

  async function recordAll(group: readonly Waiting[]): Promise<void> {
    try {
      const inputs = group.map(({ input }) => input);
      const results = splitResults(inputs, await record(mergeInputs(inputs)));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] ?? []);
    } catch (error) {
      // A store that does not answer would let each of them wait for as long again.
      const isAway = error instanceof ConnectorError && error.code === 'store_away';
      if (group.length === 1 || isAway) for (const { reject } of group) reject(error);
      else await Promise.all(group.map(({ input, resolve, reject }) => record(input).then(resolve, reject)));
    }
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (running < lanes) void run();
    });
}

export function mergeInputs(inputs: readonly RecordInput[]): RecordInput {
  const facts = inputs.flatMap((input) => input.facts);
  let now = '';
  for (const input of inputs) if (input.now > now) now = input.now;
  return { facts, now };
}

/** To each what it asked for. */
export function splitResults(inputs: readonly RecordInput[], results: readonly RecordedFact[]): RecordedFact[][] {
  let start = 0;
  return inputs.map(({ facts }) => {
    start += facts.length;
    return results.slice(start - facts.length, start);
  });
}
