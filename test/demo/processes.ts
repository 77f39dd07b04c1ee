import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningProcess {
  name: string;
  pid: number;
  /** The first line of its output that is JSON and says that it is ready. */
  ready: Record<string, unknown>;
  /** Resolves with the exit code, or the signal's name. */
  ended: Promise<number | string>;
  /** The last lines that it wrote, for a report of what went wrong. */
  tail(): string[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const mostLines = 2000;
const pidFolder = join(tmpdir(), 'patchbay-demo-pids');

/** Starts a Node program of this checkout and waits until it says that it is ready. */
export async function startProcess(
  name: string,
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    /** What it reads on its standard input. (Default: nothing) */
    input?: string;
    readyWithinMs?: number;
    isReady: (line: Record<string, unknown>) => boolean;
  },
): Promise<RunningProcess> {
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // One that ends before it has read says so by its end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const tail: string[] = [];
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
  });
  note(child);
  const ready = await waitUntilReady(name, child, tail, options);
  return {
    name,
    pid: child.pid ?? 0,
    ready,
    ended,
    tail: () => tail,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(force);
      forget(child);
    },
  };
}

function waitUntilReady(
  name: string,
  child: ChildProcess,
  tail: string[],
  options: { readyWithinMs?: number; isReady: (line: Record<string, unknown>) => boolean },
): Promise<Record<string, unknown>> {
  // A start takes some two seconds of the processor: half a minute, where thirty programs share two.
  const withinMs = options.readyWithinMs ?? 90_000;
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      // Nobody would stop it later, and its output would keep this process.
      child.kill('SIGKILL');
      reject(new Error(`${name} ${why}\n${tail.join('\n')}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${withinMs} ms`), withinMs);
    child.once('exit', (code) => fail(`ended with ${code} before it was ready`));
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line);
        if (tail.length > mostLines) tail.shift();
        const parsed = parseLine(line);
        if (parsed && options.isReady(parsed)) {
          clearTimeout(timer);
          resolve(parsed);
        }
      });
    }
  });
}

function parseLine(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** A pid file per child names its owner, so that a later demo can end what a killed one left behind. */
function note(child: ChildProcess): void {
  mkdirSync(pidFolder, { recursive: true });
  if (child.pid)
    writeFileSync(join(pidFolder, String(child.pid)), JSON.stringify({ owner: process.pid, args: child.spawnargs }));
}

function forget(child: ChildProcess): void {
  if (child.pid) rmSync(join(pidFolder, String(child.pid)), { force: true });
}

/** Ends children of demos that are gone. Only processes that a demo started, and whose command line still says so. */
export function reapLeftOvers(): number {
  let count = 0;
  let names: string[] = [];
  try {
    names = readdirSync(pidFolder);
  } catch {
    return 0;
  }
  for (const name of names) {
    const path = join(pidFolder, name);
    try {
      const { owner, args } = JSON.parse(readFileSync(path, 'utf8')) as { owner: number; args: string[] };
      if (isAlive(owner)) continue;
      if (isAlive(Number(name)) && commandLine(Number(name)).includes(args[1] ?? '\0')) {
        process.kill(Number(name), 'SIGKILL');
        count += 1;
      }
      rmSync(path, { force: true });
    } catch {
      rmSync(path, { force: true });
    }
  }
  return count;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
