import { describe, expect, it } from 'vitest';
import { parsers } from '../fuzz/registry.ts';
import { runParser } from '../fuzz/run-parser.ts';

/** Of each parser; `npm run fuzz -- --inputs 100000` feeds more. */
const inputs = Number(process.env.PATCHBAY_FUZZ_INPUTS ?? 60);
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 20_260_302);

describe('every parser of what others write takes or refuses whatever comes', () => {
  it.each(parsers.map((parser) => [parser.name, parser] as const))(
    '%s',
    { timeout: 600_000 },
    async (_name, parser) => {
      const tally = await runParser(parser, { inputs, seed });

      expect(tally.firstFaults).toEqual([]);
      expect(tally.inputs).toBe(inputs);
    },
  );
});
