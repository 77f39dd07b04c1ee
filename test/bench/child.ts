import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface DatabaseLogin {
  host: string;
  port: number;
  user: string;
  password: string;
  name: string;
}

/** One measured run in a process of its own. */
export interface Measured {
  leads: number;
  ms: number;
  /** The most memory that the process held. */
  peakBytes: number;
}

/** Runs a script of this folder in a process of its own, and gives what it printed as JSON. */
export async function measureIn<Task extends object>(script: string, task: Task): Promise<Measured> {
  const path = new URL(script, import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [path, JSON.stringify(task)], { maxBuffer: 1e7 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
}

/** The other end: what the script was asked to do. */
export function taskOf<Task>(): Task {
  return JSON.parse(process.argv[2] ?? '{}') as Task;
}

export function report(leads: number, startedAt: number): void {
  const measured: Measured = {
    leads,
    ms: performance.now() - startedAt,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
