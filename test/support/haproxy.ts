import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const shippedFile = fileURLToPath(new URL('../../deploy/haproxy.cfg', import.meta.url));

/** The HAProxy of the machine: PATCHBAY_HAPROXY, else the first of PATH; null where there is none. */
export function findHaproxy(): string | null {
  const told = process.env.PATCHBAY_HAPROXY;
  if (told) return told;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'haproxy')).find(isExecutable) ?? null;
}

/** What HAProxy itself says of the file that ships; rejects when it would not start with it. */
export async function checkHaproxy(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr } = await run(program, ['-c', '-f', shippedFile], { env: { ...process.env, ...env } });
  return stdout + stderr;
}

/** Starts it with the file that ships. */
export function startHaproxy(program: string, env: Record<string, string>) {
  const child = spawn(program, ['-db', '-f', shippedFile], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (part: Buffer) => said.push(part.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    said: () => said.join(''),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
