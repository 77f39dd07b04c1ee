import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whileAlone } from '../../../../src/flows/setup/lock.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-lock-'));
  file = join(folder, 'journal.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('lets one in at a time, and the next one after it, whatever became of it', async () => {
  const inside = Promise.withResolvers<void>();
  const first = whileAlone(file, () => inside.promise);
  await expect.poll(() => existsSync(file)).toBe(true);

  await expect(whileAlone(file, async () => 'in')).rejects.toThrow(/another set-up is at work \(process \d+ on/);
  inside.resolve();
  await first;
  await expect(whileAlone(file, () => Promise.reject(new Error('it failed')))).rejects.toThrow('it failed');
  expect(await whileAlone(file, async () => 'in')).toBe('in');
  expect(existsSync(file)).toBe(false);
});

it('takes over what a dead process left', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  writeFileSync(file, JSON.stringify({ pid: child.pid, host: hostname(), since: new Date().toISOString() }));

  const held = await whileAlone(file, async () => JSON.parse(readFileSync(file, 'utf8')) as { pid: number });

  expect(held.pid).toBe(process.pid);
});

it('says what to do where it can not be written', async () => {
  writeFileSync(join(folder, 'var'), 'a file, where a folder is to be');

  const held = whileAlone(join(folder, 'var', 'journal.lock'), async () => 'in');

  await expect(held).rejects.toMatchObject({ code: 'bad_request', hint: expect.stringContaining('setup.journal') });
});

it('does not judge a process of another machine', async () => {
  writeFileSync(file, JSON.stringify({ pid: 1, host: 'elsewhere', since: new Date().toISOString() }));

  await expect(whileAlone(file, async () => 'in')).rejects.toThrow(/on elsewhere/);
});
