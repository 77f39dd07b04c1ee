import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Dialers, layOutSite, loginOf, type Open, startOwnDatabase, startService } from './contestants.ts';
import { memoryMb, processorUs } from './processes.ts';

/** How a service comes up, and what it holds when nothing is asked of it. */
export interface Started {
  contestant: 'patchbay-sqlite' | 'patchbay-mariadb';
  /** From the start of the process to its line that it is ready, of each start. */
  readyMs: number[];
  cpuMs: number;
  restMb: number;
}

const starts = 5;
const restMs = 10_000;

/** Starts the service again and again over a store that is there, as a restart does; the last one is left alone for a while. */
export async function measureStart(folder: string, dialers: Dialers, open: Open): Promise<Started[]> {
  const database = await startOwnDatabase(open);
  const started: Started[] = [];
  for (const contestant of ['patchbay-sqlite', 'patchbay-mariadb'] as const) {
    const login = contestant === 'patchbay-mariadb' ? loginOf(database, 'own') : null;
    const { configFile } = await layOutSite(join(folder, `start-${contestant}`), dialers, login, 'nothing');
    const own: Started = { contestant, readyMs: [], cpuMs: 0, restMb: 0 };
    // The first start keeps what it compiled.
    for (let start = 0; start <= starts; start += 1) {
      const startedAt = performance.now();
      const service = await startService(configFile);
      if (start > 0) own.readyMs.push(performance.now() - startedAt);
      own.cpuMs = processorUs([service.pid]) / 1000;
      if (start === starts) {
        await wait(restMs);
        own.restMb = memoryMb(service.pid).now;
      }
      await service.stop();
    }
    started.push(own);
  }
  return started;
}
