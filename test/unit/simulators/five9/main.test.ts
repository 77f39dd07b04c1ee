import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { api, envelope, post, textOf } from './call-center.ts';

it('runs as a process of its own, on a clock that it shares by a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'five9-simulator-'));
  const clockFile = join(folder, 'clock.json');
  writeFileSync(
    clockFile,
    JSON.stringify({ realMs: Date.now(), simulatedMs: Date.parse('2026-11-25T08:00:00Z'), rate: 1 }),
  );
  const main = fileURLToPath(new URL('../../../simulators/five9/main.ts', import.meta.url));

  const child = spawn(process.execPath, [main, JSON.stringify({ clockFile, users: [api] })]);
  try {
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise<string>((resolve) => lines.once('line', resolve));
    const { ready, url } = JSON.parse(line) as { ready: boolean; url: string };
    const { body } = await post(url, envelope('addNumbersToDnc', '<numbers>7205550101</numbers>'), api);

    expect(ready).toBe(true);
    expect(textOf(body, 'return')).toBe('1');
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
});
