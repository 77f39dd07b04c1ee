import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';

const program = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-setup-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('prints questions for every system that ships, without a network, and takes the answers where they are complete', async () => {
  writeFileSync(join(folder, 'answers.yaml'), 'patchbay:\n  platforms: []\n  dialers: []\n');
  const [questions, empty, open] = await Promise.all([
    patchbay('setup', '--print-questions'),
    patchbay('setup'),
    patchbay('setup', '--answers', 'answers.yaml'),
  ]);
  const template = parse(questions.out) as Record<string, unknown>;
  writeFileSync(
    join(folder, 'answers.yaml'),
    `patchbay:\n  platforms: []\n  dialers: []\n  publicUrl: \${PUBLIC_URL}\n`,
  );
  const done = await patchbay('setup', '--answers', 'answers.yaml');
  const applied = await patchbay('setup', '--apply');
  const undone = await patchbay('setup', 'undo', '--yes');

  expect([questions.code, questions.err]).toEqual([0, '']);
  expect(questions.out).not.toContain('what else it asks');
  expect(template).toHaveProperty(['patchbay.publicUrl'], null);
  expect([empty.code, empty.err]).toEqual([1, expect.stringContaining('There is no terminal to ask at.')]);
  expect([open.code, open.err]).toEqual([
    1,
    expect.stringContaining('leaves a question open:\n   1. patchbay.publicUrl'),
  ]);
  expect([done.code, done.err]).toEqual([0, '']);
  expect(parse(readFileSync(join(folder, 'config/patchbay.yaml'), 'utf8'))).toMatchObject({
    server: { publicUrl: 'https://patchbay.example.com' },
  });
  expect(readdirSync(join(folder, 'config')).sort()).toEqual([
    'patchbay.runbook.md',
    'patchbay.secrets.env',
    'patchbay.yaml',
  ]);
  expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('Nothing is left to do over the APIs.')]);
  expect([undone.code, undone.out]).toEqual([0, 'Nothing is left to take back.\n']);
}, 120_000);

/** Runs the program in the folder, without a terminal. */
function patchbay(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, PUBLIC_URL: 'https://patchbay.example.com' };
    const child = execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
    );
    child.stdin?.end();
  });
}
