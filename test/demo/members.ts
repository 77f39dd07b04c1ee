import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningProcess, startProcess } from './processes.ts';

/** One process of Patchbay in the world. */
export interface Member {
  url: string;
  agiPort: number;
  configFile: string;
  /** The one that runs, or that ran last. */
  process(): RunningProcess;
  /** Starts it again after it ended. Gives the milliseconds of the machine until it was ready. */
  start(): Promise<number>;
  /** Signal 9; it stays down. */
  kill(): Promise<void>;
  /** Signal TERM, and started again when it has ended: one step of a rolling restart. */
  restart(): Promise<number>;
  /** Its `/readyz` says 200. */
  isReady(): Promise<boolean>;
}

const here = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Lays the configuration down and starts the process.
 *
 * @param place `version` is the folder of the Patchbay that is started first; each later start is this one's. (Default: this one)
 */
export async function startMember(
  name: string,
  place: { folder: string; port: number; agiPort: number; clockFile: string; version?: string | undefined },
  config: object,
): Promise<Member> {
  const configFile = `${place.folder}/${name}.json`;
  writeFileSync(configFile, JSON.stringify(config, null, 2));
  const url = `http://127.0.0.1:${place.port}`;
  const run = (version = here) =>
    startProcess(name, [join(version, 'src/cli/patchbay.js'), 'serve'], {
      env: { PATCHBAY_CONFIG: configFile, PATCHBAY_CLOCK_FILE: place.clockFile },
      isReady: (line) => line.msg === 'patchbay is ready',
    });
  let current = await run(place.version);

  async function start(): Promise<number> {
    const startedAt = performance.now();
    current = await run();
    return Math.round(performance.now() - startedAt);
  }

  return {
    url,
    agiPort: place.agiPort,
    configFile,
    process: () => current,
    start,
    kill: () => current.stop('SIGKILL'),
    async restart() {
      await current.stop();
      return await start();
    },
    async isReady() {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) }).catch(() => null);
      return answer?.status === 200;
    },
  };
}
