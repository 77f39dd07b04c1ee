import { userInfo } from 'node:os';
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

const by = `cli:${userInfo().username}`;

let site: CommandSite;
let server: MadeUpServer;
let id: string;

beforeEach(async () => {
  server = await startMadeUpServer([{ key: '7', number: '3125550100', name: 'Ada', values: {} }]);
  site = makeCommandSite({ url: server.url, campaign: '*', dispositions: { sale: 'sold' } });
  id = await site.withStore(async (store) => {
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
  site.remove();
});

it('previews a replay, and replays on the record', async () => {
  const preview = await site.run('replay', '--dialer', 'carousel', '--preview');
  const json = linesOf(await site.run('replay', id, '--preview', '--json'));
  expect(await stateOf()).toBe('dead');
  const done = await site.run('replay', id);

  expect(preview.out).toMatch(/sold \(sale\)\s+writes it/);
  expect(json).toMatchObject([{ id, verdict: 'writes', wanted: 'sold (sale)', canReplay: true }]);
  expect(done.out).toContain('1 write-backs are due again');
  expect(await stateOf()).toBe('pending');
  expect(await acts()).toEqual([`${by} write-backs-replay`]);
});

it('takes a write-back back, and says what stays', async () => {
  const done = await site.run('cancel', id, '--why', 'sold by mail');
  const again = await site.run('cancel', id, '--why', 'sold by mail');

  expect([done.exitCode, again.exitCode]).toEqual([0, 1]);
  expect(again.err).toContain('has ended already');
  expect(await stateOf()).toBe('cancelled');
  expect(await acts()).toEqual([`${by} write-backs-cancel`]);
});

const stateOf = () => site.withStore(async (store) => (await store.writeBacksById([id]))[0]?.state);
const acts = () => site.withStore(async (store) => (await store.auditLog(9)).map((each) => `${each.by} ${each.act}`));
