import { z } from 'zod';
import { fileClock } from '../../../src/clock.ts';
import { readOptions } from '../read-options.ts';
import { CallRequest } from './live-call.ts';
import type { VicidialSeed } from './seed.ts';
import { startVicidialSimulator } from './vicidial-simulator.ts';

const Options = z.strictObject({
  /** The clock that all processes share. */
  clockFile: z.string(),
  database: z.strictObject({
    host: z.string(),
    port: z.number(),
    user: z.string(),
    password: z.string(),
    name: z.string(),
  }),
  serverZone: z.string(),
  headersUrl: z.url().optional(),
  agiUrl: z.url().optional(),
  aiUrl: z.url().optional(),
  seed: z.custom<VicidialSeed>((value) => typeof value === 'object').optional(),
  serverIp: z.string().optional(),
  servers: z.array(z.strictObject({ ip: z.string(), clockOffsetSec: z.number().optional() })).optional(),
  noticeSec: z.number().optional(),
  carrierSec: z.number().optional(),
  dialCallbacks: z.boolean().optional(),
  dialHopper: CallRequest.omit({ leadId: true, campaign: true }).partial().optional(),
});

/** The simulator as a process of its own: its options as `readOptions` has them, one JSON line when it is ready. */
async function main(): Promise<void> {
  const { clockFile, ...options } = Options.parse(await readOptions());
  const simulator = await startVicidialSimulator({ ...options, clock: fileClock(clockFile) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
  }
  process.stdout.write(`${JSON.stringify({ ready: true, url: simulator.url, controlUrl: simulator.controlUrl })}\n`);
}

await main();
