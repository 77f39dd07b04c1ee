import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import type { Store } from '../../../src/store/store.ts';
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
const by = `cli:${userInfo().username}`;
const rules = {
  dialers: {
    carousel: { aspects: ['disposition'] as const, campaigns: { '*': { dispositions: { sale: 'sold' }, fields: {} } } },
  },
  technicalEndWaitSec: 0,
  humanWaitSec: 0,
  handOverOutcomes: [],
};

let folder: string;
let config: string;
let server: MadeUpServer;
let id: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-replay-'));
  config = join(folder, 'patchbay.json');
  server = await startMadeUpServer([{ key: '7', number: '3125550100', name: 'Ada', values: {} }]);
  const campaigns = { '*': { dispositions: { sale: 'sold' } } };
  const settings = {
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    log: { level: 'silent' },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: { carousel: { type: 'made-up', url: server.url, campaigns } },
  };
  writeFileSync(config, JSON.stringify(settings));
  id = await withStore(async (store) => {
    const leg = legOf('V1', { dialer: 'carousel' });
    await record(store, entry([callerCode('V1')], 'registered', registration(leg), { source: 'carousel' }));
    await record(store, entry([callerCode('V1')], 'commit', committed('sale')));
    const [row] = await claim(store, { dialer: 'carousel' });
    if (!row) throw new Error('nothing was planned');
    await store.settleWriteBacks([settlement(row, { state: 'dead', attempts: 9 })]);
    return row.id;
  });
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('previews a replay, and replays on the record', async () => {
  const preview = await run('replay', '--dialer', 'carousel', '--preview');
  const json = linesOf(await run('replay', id, '--preview', '--json'));
  expect(await stateOf()).toBe('dead');
  const done = await run('replay', id);

  expect(preview.out).toMatch(/sold \(sale\)\s+writes it/);
  expect(json).toMatchObject([{ id, verdict: 'writes', wanted: 'sold (sale)', canReplay: true }]);
  expect(done.out).toContain('1 write-backs are due again');
  expect(await stateOf()).toBe('pending');
  expect(await acts()).toEqual([`${by} write-backs-replay`]);
});

it('takes a write-back back, and says what stays', async () => {
  const done = await run('cancel', id, '--why', 'sold by mail');
  const again = await run('cancel', id, '--why', 'sold by mail');

  expect([done.exitCode, again.exitCode]).toEqual([0, 1]);
  expect(again.err).toContain('has ended already');
  expect(await stateOf()).toBe('cancelled');
  expect(await acts()).toEqual([`${by} write-backs-cancel`]);
});

const run = (...words: string[]) => runMain(['-c', config, ...words], registry);
const stateOf = () => withStore(async (store) => (await store.writeBacksById([id]))[0]?.state);
const acts = () => withStore(async (store) => (await store.auditLog(9)).map((each) => `${each.by} ${each.act}`));

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') }, { rules });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
