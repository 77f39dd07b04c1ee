import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addCommands } from '../../../src/cli/commands.ts';
import type { CliContext } from '../../../src/cli/context.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import {
  callerCode,
  claim,
  committed,
  entry,
  legOf,
  record,
  registration,
  settlement,
} from '../../contract/store/store-cast.ts';
import { type CommandSite, commandRegistry, makeCommandSite } from '../../support/command-site.ts';
import { madeUpConnectors } from '../config/made-up-connectors.ts';
import { linesOf, runMain } from './run-main.ts';

const tenFaults = fileURLToPath(new URL('../config/bad/ten-faults.yaml', import.meta.url));
const people = ['Ada', 'Ben', 'Cleo'].map((name, index) => ({
  key: `r${index + 1}`,
  number: index === 2 ? 'none' : `303555011${index}`,
  name,
  values: {},
}));

let site: CommandSite;
let dialer: MadeUpServer;

beforeEach(async () => {
  dialer = await startMadeUpServer(people);
  site = makeCommandSite({ url: dialer.url, dispositions: { sale: 'sold' } });
  // `serve` has run once: the other commands don't make tables.
  await site.withStore(async () => undefined);
  for (const name of ['DB_PASSWORD', 'LOG_LEVEL', 'PATCHBAY_CONFIG', 'PATCHBAY_CLOCK_FILE'])
    vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await dialer.stop();
  site.remove();
});

describe('patchbay key', () => {
  it('prints a key and the hash of it that the configuration takes', async () => {
    const { exitCode, out } = await runMain(['key']);

    const [, key = ''] = /^key {5}(\S+)$/m.exec(out) ?? [];
    const [, hash = ''] = /^sha256 {2}(\S+)$/m.exec(out) ?? [];
    expect(exitCode).toBe(0);
    expect(key).toMatch(/^pb_[\w-]{43}$/);
    expect(hash).toBe(createHash('sha256').update(key).digest('hex'));
  });

  it('makes another one each time, also as JSON', async () => {
    const [first] = linesOf(await runMain(['key', '--json']));
    const [second] = linesOf(await runMain(['key', '--json']));

    expect(Object.keys(first ?? {})).toEqual(['key', 'sha256']);
    expect(first?.key).not.toBe(second?.key);
  });
});

describe('patchbay serve --check', () => {
  it('prints every fault at once, and fails', async () => {
    const { exitCode, err } = await runMain(['serve', '--check', '--config', tenFaults], madeUpConnectors);

    expect(exitCode).toBe(1);
    expect(err).toContain('10 faults');
    expect([...err.matchAll(/^ +(\d+)\. /gm)].map(([, number]) => Number(number))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  it('says so when all is good, and starts nothing', async () => {
    const run = await site.run('serve', '--check');

    expect(run).toMatchObject({ exitCode: 0, out: 'The configuration is good.\n' });
  });

  it('says what to do when there is no file', async () => {
    const { exitCode, err } = await runMain(
      ['serve', '--check', '--config', join(site.folder, 'none.yaml')],
      commandRegistry,
    );

    expect(exitCode).toBe(1);
    expect(err).toContain('PATCHBAY_CONFIG');
  });
});

it('finds each command that the help lists by its own word', async () => {
  const namesFor = async (word?: string) => {
    const program = new Command();
    await addCommands(program, { registry: commandRegistry } as CliContext, word);
    return program.commands.map((command) => command.name());
  };
  const own = (await namesFor()).filter((word) => word !== 'connector');
  const unknown: string[] = [];
  for (const word of own) if (!(await namesFor(word)).includes(word)) unknown.push(word);

  expect(own.length).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

describe('a word that is no command of ours', () => {
  it('runs the command that the connector of that instance has', async () => {
    const run = await site.run('carousel', 'greet', 'Ada', 'Ben');

    expect(run).toMatchObject({ exitCode: 0, out: 'hello Ada Ben\n' });
  });

  it('explains a command of a connector', async () => {
    const run = await site.run('carousel', 'greet', '--help');

    expect(run.out).toContain('says hello');
    expect(run.out).not.toContain('Connects VICIdial');
  });

  it('lists the commands of an instance', async () => {
    const run = await site.run('carousel');

    expect(run).toMatchObject({ exitCode: 0, out: 'patchbay carousel greet  says hello\n' });
  });

  it('fails with the list when the instance has no such command', async () => {
    const { exitCode, out } = await site.run('carousel', 'gret');

    expect(exitCode).toBe(1);
    expect(out).toContain('patchbay carousel greet');
  });

  it('fails with a hint when no instance has that name either', async () => {
    const { exitCode, err } = await site.run('carrousel', 'greet');

    expect(exitCode).toBe(1);
    expect(err).toContain('"carrousel"');
    expect(err).toContain('patchbay --help');
  });
});

describe('patchbay sync', () => {
  it('reads the leads, and tells of each dialer in one JSON line', async () => {
    const run = await site.run('sync', '--json');

    expect(run.exitCode).toBe(0);
    expect(linesOf(run)).toEqual([
      { dialer: 'carousel', pages: 2, leads: 2, rejects: { 'no usable number': 1 }, isResumed: false },
    ]);
  });

  it('says that serve makes the tables when there are none', async () => {
    for (const file of readdirSync(site.folder)) if (file.startsWith('store.')) rmSync(join(site.folder, file));

    const run = await site.run('sync');

    expect(run.exitCode).toBe(1);
    expect(run.err).toContain('Start `patchbay serve` of this version once');
  });

  it('fails when the dialer is away, and says how to go on', async () => {
    await dialer.stop();

    const { exitCode, err } = await site.run('sync', '--json');

    expect(exitCode).toBe(1);
    expect(err).toMatch(/^carousel: the made-up dialer did not answer\. Run it again/m);
  });

  it('fails with the names that there are when the dialer has another one', async () => {
    const { exitCode, err } = await site.run('sync', 'caroussel');

    expect(exitCode).toBe(1);
    expect(err).toContain('There are: carousel');
  });
});

describe('patchbay writebacks and replay', () => {
  let id: string;

  beforeEach(async () => {
    id = await leaveDeadRow();
  });

  it('lists what is not yet with the dialer, one JSON line each', async () => {
    const run = await site.run('writebacks', '--json');

    expect(run.exitCode).toBe(0);
    expect(linesOf(run)).toMatchObject([
      { id, dialer: 'carousel', aspect: 'disposition', value: 'sold', state: 'dead', attempts: 12, why: 'no answer' },
    ]);
  });

  it('shows nothing of another dialer or state', async () => {
    const other = await site.run('writebacks', '--json', '--dialer', 'five9');
    const pending = await site.run('writebacks', '--state', 'pending');

    expect(other).toMatchObject({ exitCode: 0, out: '' });
    expect(pending).toMatchObject({ exitCode: 0, out: 'There is nothing.\n' });
  });

  it('says which states there are, and takes no odd limit at its word', async () => {
    const odd = await site.run('writebacks', '--state', 'dead,alive');
    const few = await site.run('writebacks', '--json', '--limit', '-3');

    expect([odd.exitCode, odd.out]).toEqual([1, '']);
    expect(odd.err).toMatch(/no state "alive": .*confirmed/);
    expect(linesOf(few)).toMatchObject([{ id }]);
  });

  it('makes a dead row due again, by its id or by its dialer', async () => {
    const byId = await site.run('replay', id);
    const afterwards = linesOf(await site.run('writebacks', '--json'));
    const byDialer = await site.run('replay', '--dialer', 'carousel');

    expect(byId.out).toMatch(/^1 write-backs? (is|are) due again/);
    expect(afterwards).toMatchObject([{ id, state: 'pending', attempts: 0 }]);
    expect(byDialer.out).toMatch(/^0 write-backs are due again/);
  });

  it('replays nothing when nobody said what', async () => {
    const { exitCode, err } = await site.run('replay');

    expect(exitCode).toBe(1);
    expect(err).toContain('--dialer');
    const rows = linesOf(await site.run('writebacks', '--json'));
    expect(rows).toMatchObject([{ state: 'dead' }]);
  });
});

/** A call of Ada whose disposition was tried too often. Gives the row's id. */
function leaveDeadRow(): Promise<string> {
  return site.withStore(async (store) => {
    const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
    await record(
      store,
      entry([callerCode('mu-1')], 'registered', registration(leg)),
      entry([callerCode('mu-1')], 'commit', committed('sale')),
    );
    const [row] = await claim(store, { dialer: 'carousel' });
    if (!row) throw new Error('nothing was planned');
    const failed = { state: 'dead', attempts: 12, why: 'no answer', hint: 'See whether it runs.' } as const;
    await store.settleWriteBacks([settlement(row, failed)]);
    return row.id;
  });
}
