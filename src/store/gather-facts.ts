import { gather } from './gather.ts';
import type { RecordedFact, RecordInput } from './store.ts';

type Record = (input: RecordInput) => Promise<RecordedFact[]>;

/** One transaction holds its locks while it works: more would keep others waiting. */
export const mostTogether = 24;

/** Who records facts in one moment, or while others are being recorded, shares a transaction and most of its statements. */
export function gatherFacts(record: Record): Record {
  return gather(async (inputs) => splitResults(inputs, await record(mergeInputs(inputs))), mostTogether);
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
