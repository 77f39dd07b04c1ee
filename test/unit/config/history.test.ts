import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ConfigHistory, configHistory } from '../../../config/history.ts';

let folder: string;
let history: ConfigHistory;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-history-'));
  history = configHistory({ history: { keep: 3 }, spool: { folder: join(folder, 'spool') } });
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (version: string, at: number) => ({
  ...{ version, at: `2026-11-22T12:00:0${at}.000Z`, by: 'cli:anna', text: `text of ${version}`, isUsed: true },
});

it('keeps the latest ones beside the spool, for this user alone, and the same one once', async () => {
  for (const [index, version] of ['z', 'b', 'a', 'c', 'c'].entries()) await history.keep(entry(version, index));

  const kept = await history.list();
  const own = join(folder, 'spool-configurations');
  const files = readdirSync(own).map((name) => join(own, name));
  expect(kept.map(({ version }) => version)).toEqual(['c', 'a', 'b']);
  expect(kept[0]).toEqual(entry('c', 3));
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
});

it('passes over what is no file of its own', async () => {
  await history.keep(entry('a', 1));
  writeFileSync(join(folder, 'spool-configurations', '2027.json'), '{');

  expect((await history.list()).map(({ version }) => version)).toEqual(['a']);
  expect(await configHistory({ history: { keep: 3, folder: join(folder, 'none') }, spool: { folder } }).list()).toEqual(
    [],
  );
});

it('is of one service, though the spool of another lies beside', async () => {
  const other = configHistory({ history: { keep: 3 }, spool: { folder: `${join(folder, 'other')}/` } });

  await history.keep(entry('a', 1));
  await other.keep(entry('b', 2));

  expect((await history.list()).map(({ version }) => version)).toEqual(['a']);
  expect((await other.list()).map(({ version }) => version)).toEqual(['b']);
});
