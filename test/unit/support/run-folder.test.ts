import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runFolder } from '../../support/run-folder.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'patchbay-place-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

const folderOf = (pid: number) => join(place, `patchbay-tests-${process.getuid?.() ?? 0}-${pid}-abcdef`);

it('clears away what a killed run left in memory, and leaves a run beside it alone', async () => {
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const left = folderOf(gone);
  const inUse = folderOf(process.ppid);
  for (const folder of [left, inUse]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'store.sqlite'), '');
  }

  await runFolder(place);

  expect([existsSync(left), existsSync(inUse)]).toEqual([false, true]);
});

it('is none where there is no memory for files, or too little of it', async () => {
  expect(await runFolder(join(place, 'missing'))).toBeNull();
  expect(await runFolder(place, Number.MAX_SAFE_INTEGER)).toBeNull();
});
