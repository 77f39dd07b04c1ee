import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import type { Store } from '../../../src/store/store.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';
import {
  adasNumber,
  callerCode,
  committed,
  entry,
  legOf,
  openTestStore,
  record,
  registration,
} from '../../contract/store/store-cast.ts';
import { runMain } from './run-main.ts';

const registry: ConnectorRegistry = { dialers: [madeUp], platforms: [] };

let folder: string;
let config: string;
let id: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-correct-'));
  config = join(folder, 'patchbay.json');
  const campaigns = { Autumn: { dispositions: { sale: 'sold', wrong_number: 'nobody' } } };
  const settings = {
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    log: { level: 'silent' },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:9', campaigns } },
  };
  writeFileSync(config, JSON.stringify(settings));
  await withStore(async (store) => {
    const leg = legOf('V1', { dialer: 'carousel', campaign: 'Autumn' });
    id = (await record(store, entry([callerCode('V1')], 'registered', registration(leg)))).call.correlationId;
    await record(store, entry([callerCode('V1')], 'commit', committed('sale')));
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('corrects the call that a number names, and says what is written', async () => {
  const run = await correct(adasNumber, 'wrong_number', '--why', 'heard it', '--by', 'grace');

  expect(run.exitCode).toBe(0);
  expect(run.out).toContain(`call ${id}: was sale, is wrong_number`);
  expect(run.out).toMatch(/carousel +disposition +nobody/);
  await withStore(async (store) => {
    expect((await store.callById(id))?.outcome).toMatchObject({ code: 'wrong_number', basis: 'operator' });
    const by = `cli:${userInfo().username}`;
    expect(await store.auditLog(9)).toMatchObject([{ by, act: 'outcome-correct', details: { saidBy: 'grace' } }]);
  });
});

it('needs a code that is known, and one call', async () => {
  const runs = [await correct(id, 'wrong', '--why', 'x'), await correct('nobody', 'sale', '--why', 'x')];

  expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  expect(runs[0]?.err).toContain('wrong_number');
  await withStore(async (store) => expect((await store.callById(id))?.outcome?.code).toBe('sale'));
});

function correct(...words: string[]) {
  return runMain(['-c', config, 'outcome', 'correct', ...words], registry);
}

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}
