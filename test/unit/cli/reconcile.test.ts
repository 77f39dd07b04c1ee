import { afterEach, beforeEach, expect, it } from 'vitest';
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
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { linesOf } from './run-main.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const since = '2026-11-21T00:00:00.000Z';

let dialer: MadeUpServer;
let site: CommandSite;

/** The dialer confirmed a sale and does not hold it. */
beforeEach(async () => {
  dialer = await startMadeUpServer([ada]);
  site = makeCommandSite({ url: dialer.url, dispositions: { sale: 'sold' } });
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: 'r1' });
  await site.withStore(async (store) => {
    await record(
      store,
      entry([callerCode('mu-1')], 'registered', registration(leg), { source: 'carousel' }),
      entry([callerCode('mu-1')], 'commit', committed('sale')),
    );
    const rows = await claim(store, { dialer: 'carousel' });
    await store.settleWriteBacks(rows.map((row) => settlement(row)));
  });
});

afterEach(async () => {
  await dialer.stop();
  site.remove();
});

it('shows what it would do, does it, and then has nothing to do', async () => {
  const dry = await site.run('reconcile', '--since', since, '--dry-run');
  const real = linesOf(await site.run('reconcile', '--since', since, '--json'));
  const again = linesOf(await site.run('reconcile', '--since', since, '--json'));

  expect(dry).toMatchObject({ exitCode: 0, out: expect.stringMatching(/nothing was written:[\s\S]*1 lost/) });
  expect(real).toMatchObject([{ since, lookedAt: 1, lost: 1, findings: [], unread: [] }]);
  expect(again).toMatchObject([{ lookedAt: 0, lost: 0 }]);
});

it('says when a dialer could not be read, and fails', async () => {
  dialer.failNext('down', 50);

  const run = await site.run('reconcile', '--since', since);

  expect(run.exitCode).toBe(1);
  expect(run.out).toContain('not read to the end: carousel');
});

it.each(['yesterday-ish', '2999-01-01T00:00:00Z', ''])('refuses the time %j', async (time) => {
  const run = await site.run('reconcile', '--since', time);

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('48h') });
});
