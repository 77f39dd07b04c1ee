import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import {
  callerCode,
  claim,
  committed,
  entry,
  legOf,
  openTestStore,
  record,
  registration,
  settlement,
} from '../../contract/store/store-cast.ts';
import { linesOf, runMain } from './run-main.ts';

const registry: ConnectorRegistry = { dialers: [madeUp], platforms: [] };
const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const since = '2026-11-21T00:00:00.000Z';

let folder: string;
let dialer: MadeUpServer;
let reconcile: (...more: string[]) => ReturnType<typeof runMain>;

/** The dialer confirmed a sale and does not hold it. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  dialer = await startMadeUpServer([ada]);
  const campaign = { dispositions: { sale: 'sold' }, fields: {} };
  const store = { kind: 'sqlite' as const, file: join(folder, 'store.sqlite') };
  const opened = await openTestStore(store, {
    rules: {
      dialers: { carousel: { aspects: ['disposition'], campaigns: { Autumn: campaign } } },
      technicalEndWaitSec: 0,
      humanWaitSec: 0,
      handOverOutcomes: [],
    },
  });
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: 'r1' });
  await record(
    opened,
    entry([callerCode('mu-1')], 'registered', registration(leg), { source: 'carousel' }),
    entry([callerCode('mu-1')], 'commit', committed('sale')),
  );
  const rows = await claim(opened, { dialer: 'carousel' });
  await opened.settleWriteBacks(rows.map((row) => settlement(row)));
  await opened.close();
  const config = join(folder, 'patchbay.json');
  const section = { type: 'made-up', url: dialer.url, campaigns: { Autumn: campaign } };
  const spool = { folder: join(folder, 'spool') };
  const clients = { script: { keys: ['a'.repeat(64)], may: ['dialer'] } };
  const secret = 'a-secret-of-the-test';
  writeFileSync(config, JSON.stringify({ secret, clients, store, spool, dialers: { carousel: section } }));
  reconcile = (...more) => runMain(['-c', config, 'reconcile', ...more], registry);
});

afterEach(async () => {
  await dialer.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('shows what it would do, does it, and then has nothing to do', async () => {
  const dry = await reconcile('--since', since, '--dry-run');
  const real = linesOf(await reconcile('--since', since, '--json'));
  const again = linesOf(await reconcile('--since', since, '--json'));

  expect(dry).toMatchObject({ exitCode: 0, out: expect.stringMatching(/nothing was written:[\s\S]*1 lost/) });
  expect(real).toMatchObject([{ since, lookedAt: 1, lost: 1, findings: [], unread: [] }]);
  expect(again).toMatchObject([{ lookedAt: 0, lost: 0 }]);
});

it('says when a dialer could not be read, and fails', async () => {
  dialer.failNext('down', 50);

  const run = await reconcile('--since', since);

  expect(run.exitCode).toBe(1);
  expect(run.out).toContain('not read to the end: carousel');
});

it.each(['yesterday-ish', '2999-01-01T00:00:00Z', ''])('refuses the time %j', async (time) => {
  const run = await reconcile('--since', time);

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('48h') });
});
