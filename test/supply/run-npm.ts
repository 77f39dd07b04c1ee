import { spawn } from 'node:child_process';

export interface NpmRun {
  code: number;
  out: string;
  err: string;
}

/** Runs the npm that runs us, else the one on the PATH, in a folder. */
export function runNpm(args: readonly string[], folder: string, env: Record<string, string> = {}): Promise<NpmRun> {
  const own = process.env.npm_execpath;
  const [program, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const child = spawn(program, [...first, ...args], { cwd: folder, env: { ...process.env, ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, out, err }));
  });
}
