import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSpool, type Spool } from '../../../src/store/spool.ts';
import { eventually } from '../../support/eventually.ts';

let folder: string;
let opened: Spool[];
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-spool-'));
  opened = [];
  warnings = [];
});
afterEach(async () => {
  await Promise.all(opened.map((spool) => spool.close()));
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Spool> {
  const spool = await openSpool({ folder, onWarning: (message) => warnings.push(message) });
  opened.push(spool);
  return spool;
}

async function appendMany(spool: Spool, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, number) => spool.append({ number })));
}

/** Drains and gives the batches. */
async function drained(spool: Spool): Promise<{ number: number }[][]> {
  const batches: { number: number }[][] = [];
  await spool.drain(async (entries) => {
    batches.push(entries as { number: number }[]);
  });
  return batches;
}

it('gives back what was appended, oldest first, at most 200 at once, and then nothing', async () => {
  const spool = await open();
  await appendMany(spool, 450);

  const size = spool.size();
  const batches = await drained(spool);

  expect(size).toBe(450);
  expect(batches.every((batch) => batch.length <= 200)).toBe(true);
  expect(batches.flat().map(({ number }) => number)).toEqual(Array.from({ length: 450 }, (_, number) => number));
  expect(spool.size()).toBe(0);
  expect(await drained(spool)).toEqual([]);
});

it('keeps a batch whose handling failed, and hands it out again', async () => {
  const spool = await open();
  await appendMany(spool, 250);
  const handled: object[] = [];

  const failing = spool.drain(async (entries) => {
    if (handled.length > 0) throw new Error('the store is away');
    handled.push(...entries);
  });

  await expect(failing).rejects.toThrow('the store is away');
  expect(handled.length + spool.size()).toBe(250);
  await spool.append({ number: 250 });
  const rest = (await drained(spool)).flat().map(({ number }) => number);
  expect(rest).toEqual(Array.from({ length: 251 - handled.length }, (_, index) => handled.length + index));
});

it('takes entries in while it is drained', async () => {
  const spool = await open();
  await appendMany(spool, 3);

  const first = await spool.drain(async () => {
    await spool.append({ number: 3 });
  });

  expect(first).toBe(3);
  expect((await drained(spool)).flat()).toEqual([{ number: 3 }]);
});

it('gives what an earlier one left to the next', async () => {
  const earlier = await open();
  await appendMany(earlier, 3);
  await earlier.close();

  const next = await open();

  expect(next.size()).toBe(3);
  expect((await drained(next)).flat()).toHaveLength(3);
  await expect(earlier.append({})).rejects.toMatchObject({ code: 'store_away' });
});

it('leaves the live file of another one alone', async () => {
  const [one, other] = [await open(), await open()];
  await appendMany(one, 3);

  const taken = await drained(other);

  expect(taken).toEqual([]);
  expect((await drained(one)).flat()).toHaveLength(3);
});

it('hands each entry to one of two that drain at once', async () => {
  const earlier = await open();
  await appendMany(earlier, 1000);
  await earlier.close();
  const [one, other] = [await open(), await open()];

  const batches = await Promise.all([drained(one), drained(other)]);

  const numbers = batches.flat(2).map(({ number }) => number);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, number) => number));
});

it('leaves a torn last line out with a warning, and keeps an unreadable one for a human', async () => {
  const earlier = await open();
  await appendMany(earlier, 2);
  await earlier.close();
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.ready'));
  appendFileSync(join(folder, file ?? ''), 'not json\n{"number":2}\n{"numb');

  const entries = (await drained(await open())).flat();

  expect(entries).toEqual([{ number: 0 }, { number: 1 }, { number: 2 }]);
  const bad = readdirSync(join(folder, 'bad')).map((name) => readFileSync(join(folder, 'bad', name), 'utf8'));
  expect(bad).toEqual(['not json\n']);
  expect(warnings).toHaveLength(2);
});

it('takes over the files of an owner that went silent, not those of one that is still heard', async () => {
  const place = (name: string) => join(folder, name);
  writeFileSync(place('000000000000000001-aa.live.elsewhere_1_gone'), '{"number":0}\n');
  writeFileSync(place('000000000000000002-bb.live.elsewhere_1_here'), '{"number":1}\n');
  writeFileSync(place('owner.elsewhere_1_here'), '');

  const entries = (await drained(await open())).flat();

  expect(entries).toEqual([{ number: 0 }]);
});

it('takes nothing from a container that has its host name and its pid', async () => {
  await open();
  const [ours] = readdirSync(folder).filter((name) => name.startsWith('owner.'));
  const [host = '', pid] = ours?.slice('owner.'.length).split('_') ?? [];
  const spaceThere = Number(/\d+$/.exec(host)) + 1;
  const twin = `${host.replace(/\d+$/, String(spaceThere))}_${pid}_twin`;
  writeFileSync(join(folder, `000000000000000001-aa.live.${twin}`), '{"number":0}\n');
  writeFileSync(join(folder, `owner.${twin}`), '');

  const entries = (await drained(await open())).flat();

  expect(entries).toEqual([]);
});

it('loses nothing that it acknowledged when its process is killed', async () => {
  const child = startWriter('node "$0" "$1"');
  await eventually(() => expect(child.acknowledged()).toBeGreaterThan(250));

  await child.kill();
  const entries = (await drained(await open())).flat();

  const numbers = entries.map(({ number }) => number);
  expect(numbers.slice(0, child.acknowledged())).toEqual(Array.from({ length: child.acknowledged() }, (_, n) => n));
});

it('refuses an append that the disk has no room for, and keeps the earlier ones whole', async () => {
  // A limit on the size of files stands for a full disk: a write is cut off half-way in the same way.
  const child = startWriter('ulimit -f 8; exec node "$0" "$1"');
  await eventually(() => expect(child.output()).toContain('refused'));

  await child.kill();
  const entries = (await drained(await open())).flat();

  expect(child.acknowledged()).toBeGreaterThan(10);
  expect(entries).toHaveLength(child.acknowledged());
  expect(warnings).toEqual([]);
});

function startWriter(command: string) {
  const script = new URL('./spool-writer.ts', import.meta.url).pathname;
  const child = spawn('bash', ['-c', command.replace(/^node/, 'exec node'), script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  return {
    output: () => output,
    acknowledged: () => output.split('\n').filter((line) => /^\d+$/.test(line)).length,
    async kill() {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}
