import fc from 'fast-check';
import { ConnectorError } from '../../src/domain/errors.ts';

/** `refused`: the input was turned away in words that are meant for it. Anything else that happens is a fault, and thrown. */
export type Verdict = 'taken' | 'refused';

/** One input, ready to be fed; `show` tells it again, for whoever has to mend the parser. */
export interface Feeding {
  show(): string;
  feed(): Promise<Verdict> | Verdict;
}

export interface OpenParser {
  /** The same seed gives the same inputs. */
  sample(seed: number, count: number): Feeding[];
  stop(): Promise<void>;
}

/** Something that reads what others write. */
export interface FuzzedParser {
  name: string;
  /** The files whose readers it feeds, from the root of the project. A house test wants every reader in one of them. */
  covers: readonly string[];
  /** It is fed over a socket, which takes longer. */
  isDoor?: boolean;
  /** So many inputs are under way together. (Default: 1) */
  atOnce?: number;
  /** One input may take so long. (Default: 1000) */
  limitMs?: number;
  open(): Promise<OpenParser>;
}

/** A parser with what it needs around it: a service over HTTP, a socket. */
export function door<Input>(
  parts: Pick<FuzzedParser, 'name' | 'covers' | 'atOnce' | 'limitMs'> & {
    open(): Promise<{
      arbitrary: fc.Arbitrary<Input>;
      feed(input: Input): Promise<Verdict>;
      stop(): Promise<void>;
    }>;
  },
): FuzzedParser {
  return {
    ...parts,
    isDoor: true,
    async open() {
      const { arbitrary, feed, stop } = await parts.open();
      return { sample: (seed, count) => feedings(arbitrary, feed, seed, count), stop };
    },
  };
}

/** A parser that is a function. What it gives is taken; null, and a ConnectorError, are refusals. */
export function reader<Input>(
  name: string,
  covers: readonly string[],
  arbitrary: fc.Arbitrary<Input>,
  read: (input: Input) => unknown,
): FuzzedParser {
  return {
    name,
    covers,
    async open() {
      const sample = (seed: number, count: number) =>
        feedings(arbitrary, (input) => politely(() => read(input)), seed, count);
      return { sample, stop: async () => {} };
    },
  };
}

/** Reads, and takes the refusals that are meant for an operator as such. */
export async function politely(read: () => unknown): Promise<Verdict> {
  try {
    const value = await read();
    return value === null || value === undefined ? 'refused' : 'taken';
  } catch (error) {
    if (error instanceof ConnectorError && error.message !== '') return 'refused';
    throw error;
  }
}

function feedings<Input>(
  arbitrary: fc.Arbitrary<Input>,
  feed: (input: Input) => Promise<Verdict>,
  seed: number,
  count: number,
): Feeding[] {
  const inputs = fc.sample(arbitrary, { seed, numRuns: count });
  return inputs.map((input) => ({ show: () => shown(input), feed: () => feed(input) }));
}

const mostShown = 600;

function shown(input: unknown): string {
  const text = input instanceof Uint8Array ? `base64 ${Buffer.from(input).toString('base64')}` : fc.stringify(input);
  return text.length > mostShown ? `${text.slice(0, mostShown)}… (${text.length} characters)` : text;
}
