import { z } from 'zod';
import { fileClock } from '../../../src/clock.ts';
import { readOptions } from '../read-options.ts';
import { startFive9Simulator } from './five9-simulator.ts';
import { Five9SimulatorOptions } from './options.ts';

/** Its options by `readOptions`, with `clockFile`; prints one line when it is ready. */
const Options = Five9SimulatorOptions.extend({ clockFile: z.string() });

const { clockFile, ...options } = Options.parse(await readOptions());
const simulator = await startFive9Simulator({ ...options, clock: fileClock(clockFile) });
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.stop().finally(() => process.exit(0));
  });
}
process.stdout.write(`${JSON.stringify({ ready: true, url: simulator.url })}\n`);
