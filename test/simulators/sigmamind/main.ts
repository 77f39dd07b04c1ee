import { fileClock, systemClock } from '../../../src/clock.ts';
import { readOptions } from '../read-options.ts';
import { startSigmamindSimulator } from './sigmamind-simulator.ts';

type Options = Parameters<typeof startSigmamindSimulator>[0] & { clockFile?: string };

/**
 * The simulator as a process: its options by `readOptions`, and `clockFile`, the clock that it shares. Says in one line
 * where it listens and how its assumptions are switched; ends on SIGTERM.
 */
const { clockFile, ...options } = (await readOptions()) as Options;
const simulator = await startSigmamindSimulator({ ...options, clock: clockFile ? fileClock(clockFile) : systemClock });

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    void simulator.stop().finally(() => process.exit(0));
  });
}
process.stdout.write(`${JSON.stringify({ ready: true, url: simulator.url, switches: simulator.switches })}\n`);
