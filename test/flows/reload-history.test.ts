import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configHistory } from '../../config/history.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { eventually } from '../support/eventually.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';
import { type CliRun, linesOf, runMain } from '../unit/cli/run-main.ts';

const registry = { dialers: [madeUp], platforms: [sigmamind] };
const carousel = (header: string) => ({
  ...{ type: 'made-up', url: 'http://127.0.0.1:9', headers: [{ name: header, from: 'first_name' }] },
});

let patchbay: ReloadingApp;
beforeEach(async () => {
  patchbay = await startReloadingApp({
    registry,
    dialers: { carousel: carousel('X-first') },
    config: { log: { level: 'silent' } },
  });
});
afterEach(() => patchbay.stop());

const run = (...words: string[]): Promise<CliRun> => runMain(['-c', patchbay.file, ...words], registry);
const inUse = () => patchbay.app.deps.ownProcess.configuration().version;

/** As it is listed, the latest first: who brought it, and which. */
async function listed(): Promise<string[]> {
  return linesOf(await run('config', 'list', '--json')).map(
    ({ by, version, isUsed }) => `${String(version)} ${isUsed ? String(by).split(':')[0] : 'never in use'}`,
  );
}

it('goes back and forth: each way is listed, and what is different is told from where the file is', async () => {
  const first = inUse();
  await patchbay.reload({ dialers: { carousel: carousel('X-second') } });
  const second = inUse();

  const back = await run('config', 'rollback', '--yes');
  const [afterBack, differsBack] = [inUse(), await run('config', 'diff', second)];
  const listedBack = await listed();
  const same = await run('config', 'diff', first);
  const forth = await run('config', 'rollback', '--yes');

  expect([back.exitCode, forth.exitCode]).toEqual([0, 0]);
  expect(afterBack).toBe(first);
  expect(listedBack).toEqual([`${first} cli`, `${second} anna`, `${first} start`]);
  expect(differsBack.out).toMatch(/~ dialers\.carousel\.headers: .*X-second.* → .*X-first/);
  expect(same.out).toContain('Nothing is different.');
  expect(inUse()).toBe(second);
  expect(readFileSync(patchbay.file, 'utf8')).toContain('X-second');
  expect((await listed())[0]).toBe(`${second} cli`);
  expect(await listed()).toHaveLength(4);
  const acts = (await patchbay.app.deps.store.auditLog(10)).filter(({ act }) => act === 'config-rollback');
  expect(acts.map(({ subject, details }) => [subject, details.was])).toEqual([
    [second, first],
    [first, second],
  ]);
}, 120_000);

it('keeps a file that nobody took up before it puts an earlier one in its place', async () => {
  const first = inUse();
  await patchbay.reload({ dialers: { carousel: carousel('X-second') } });
  const written = JSON.stringify({ ...patchbay.raw, dialers: { carousel: carousel('X-third') } });
  writeFileSync(patchbay.file, written);

  const back = await run('config', 'rollback', '--yes');

  // From what runs, and not from what merely lies there.
  expect(back.out).toMatch(/~ dialers\.carousel\.headers: .*X-second.* → .*X-first/);
  expect(inUse()).toBe(first);
  const lines = await eventually(async () => {
    const all = await listed();
    expect(all[0]).toBe(`${first} cli`);
    return all;
  });
  expect(lines[1]).toMatch(/never in use$/);
  const unused = String(lines[1]).split(' ')[0] ?? '';
  expect((await run('config', 'diff', unused)).out).toMatch(/X-third.* → .*X-first/);
  expect((await run('config', 'rollback', unused, '--yes')).exitCode).toBe(0);
  expect(readFileSync(patchbay.file, 'utf8')).toBe(written);
}, 120_000);

const faulty = (raw: { spool?: unknown }): [string, string][] => [
  ['a key that nobody knows', JSON.stringify({ ...raw, dialerz: {} })],
  ['a text that breaks off', JSON.stringify({ spool: raw.spool, ...raw }).slice(0, -20)],
];

it('puts back what was in use where the file has faults, from where the file still says', async () => {
  await patchbay.reload({ dialers: { carousel: carousel('X-second') } });
  const second = inUse();
  const good = readFileSync(patchbay.file, 'utf8');
  for (const [what, text] of faulty(JSON.parse(good))) {
    writeFileSync(patchbay.file, text);

    const back = await run('config', 'rollback', '--yes');

    expect([what, back.exitCode, back.err]).toEqual([what, 0, '']);
    expect(back.out).toContain(`becomes what was in use last: ${second}`);
    expect(readFileSync(patchbay.file, 'utf8')).toBe(good);
    expect(inUse()).toBe(second);
  }
}, 120_000);

it('finds the history of a file of which nothing can be read, where it is told', async () => {
  const good = readFileSync(patchbay.file, 'utf8');
  const { folder } = configHistory(patchbay.app.config);
  writeFileSync(patchbay.file, '}{');

  const lost = await run('config', 'rollback', '--yes');
  const found = await run('config', '--history', folder, 'rollback', '--yes');

  expect(lost.exitCode).toBe(1);
  expect(lost.err).toContain('nothing that was in use is kept in ');
  expect(lost.err).toContain('--history');
  expect(found.exitCode).toBe(0);
  expect(readFileSync(patchbay.file, 'utf8')).toBe(good);
}, 120_000);

it('says where it looked while nothing is kept there', async () => {
  const file = `${patchbay.folder}/other.json`;
  writeFileSync(file, JSON.stringify({ ...patchbay.raw, spool: { folder: `${patchbay.folder}/spool-of-another` } }));

  const { out } = await runMain(['-c', file, 'config', 'list'], registry);

  expect(out).toContain(`Nothing is kept in ${patchbay.folder}/spool-of-another-configurations yet`);
});
