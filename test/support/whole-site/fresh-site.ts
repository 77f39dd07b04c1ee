import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { editDocument } from '../../../config/edit-document.ts';
import type { Five9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { type CliRun, runMain } from '../../unit/cli/run-main.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { type HealthySigmamind, sigmamindCast, startEmptySigmamind } from '../healthy/sigmamind.ts';
import { startFreshFive9 } from './fresh-five9.ts';
import { type FreshVicidial, startFreshVicidial } from './fresh-vicidial.ts';
import { type Runbook, readRunbook } from './runbook.ts';

const program = fileURLToPath(new URL('../../../src/cli/patchbay.js', import.meta.url));

/** The three systems as they are before anybody has set anything up, and an empty folder for Patchbay. */
export interface FreshSite {
  vicidial: FreshVicidial;
  five9: Five9Simulator;
  sigmamind: HealthySigmamind;
  publicUrl: string;
  configFile: string;
  /** Runs a command with this configuration. */
  run(...args: string[]): Promise<CliRun>;
  write(file: string, text: string): string;
  /** As it was written last. */
  runbook(): Runbook;
  secrets(): Record<string, string>;
  /** Changes the configuration by hand. */
  configure(path: readonly string[], value: unknown): void;
  /** Starts the service as a process of its own. Gives what stops it. */
  serve(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** @param connection how Five9's calls get to the AI (Default: pop) */
export async function startFreshSite(connection?: 'pop' | 'carrier'): Promise<FreshSite> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-fresh-'));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const configFile = join(folder, 'patchbay.yaml');
  const sigmamind = await startEmptySigmamind({ publicUrl, toolsKey: 'not known yet' });
  for (const agentId of Object.values(sigmamindCast.agents)) {
    await sigmamind.ask('PATCH', `/v1/agents/${agentId}`, { status: 'Draft' });
  }
  const aiUrl = sigmamind.simulator.url;
  const [vicidial, five9] = await Promise.all([
    startFreshVicidial({ aiUrl }),
    startFreshFive9({ aiUrl, ...(connection && { connection }) }),
  ]);
  // What nobody is asked, and a machine of its own needs not.
  const beginning = {
    server: { host: '127.0.0.1', port },
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    setup: { journal: join(folder, 'setup.jsonl') },
    log: { level: 'warn' },
    // The test holds at any hour of the day.
    gate: { hours: { enabled: false } },
  };
  const edited = editDocument('# The site of a test\n');
  for (const [key, value] of Object.entries(beginning)) edited.lay([key], value);
  writeFileSync(configFile, edited.text());
  const services = new Set<ChildProcess>();

  return {
    vicidial,
    five9,
    sigmamind,
    publicUrl,
    configFile,
    run: (...args) => runMain(['-c', configFile, ...args]),
    write(file, text) {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    },
    runbook: () => readRunbook(readFileSync(join(folder, 'patchbay.runbook.md'), 'utf8')),
    secrets: () => parseEnv(readFileSync(join(folder, 'patchbay.secrets.env'), 'utf8')) as Record<string, string>,
    configure(path, value) {
      const document = editDocument(readFileSync(configFile, 'utf8'));
      document.lay(path, value);
      writeFileSync(configFile, document.text());
    },
    async serve() {
      const child = spawn(process.execPath, [program, '-c', configFile, 'serve'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      services.add(child);
      let said = '';
      child.stdout.on('data', (text) => (said += text));
      child.stderr.on('data', (text) => (said += text));
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const isReady = eventually(async () => {
        if (child.exitCode !== null) return false;
        const { ok } = await fetch(`${publicUrl}/readyz`);
        if (!ok) throw new Error('serve is not ready');
        return true;
      }, 30_000);
      if (!(await isReady)) throw new Error(`serve ended:\n${said}`);
      return async () => {
        child.kill('SIGTERM');
        await gone;
        services.delete(child);
      };
    },
    async stop() {
      for (const child of services) child.kill('SIGKILL');
      await Promise.all([vicidial.stop(), five9.stop(), sigmamind.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
