import { vi } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import { main } from '../../../src/cli/main.ts';

export interface CliRun {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs the command line in this process, and takes what it prints. */
export async function runMain(args: readonly string[], registry?: ConnectorRegistry): Promise<CliRun> {
  const run: CliRun = { exitCode: 0, out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    run.out += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    run.err += String(text);
    return true;
  });
  try {
    run.exitCode = await main(args, registry);
    return run;
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

/** The JSON lines that were printed. */
export function linesOf({ out }: CliRun): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
