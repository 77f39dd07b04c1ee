import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import { keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import {
  callerCode,
  committed,
  entry,
  legOf,
  openTestStore,
  record,
  registration,
} from '../../contract/store/store-cast.ts';
import { runMain } from './run-main.ts';

const registry: ConnectorRegistry = { dialers: [], platforms: [] };
const day = '2026-11-21';

let folder: string;
let scorecard: (...more: string[]) => ReturnType<typeof runMain>;

/** One call of a day, sold. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  const store = { kind: 'sqlite' as const, file: join(folder, 'store.sqlite') };
  const opened = await openTestStore(store);
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
  await record(
    opened,
    entry([callerCode('mu-1')], 'registered', registration(leg), { source: 'carousel' }),
    entry([callerCode('mu-1')], 'commit', committed('sale')),
  );
  const clock = { now: () => Date.parse(`${day}T23:59:00.000Z`) };
  await keepCallCounts({ store: opened, clock, settings: { console: { timeZone: 'UTC' } } }, new Map());
  await opened.close();
  const config = join(folder, 'patchbay.json');
  const clients = { script: { keys: ['a'.repeat(64)], may: ['dialer'] } };
  const rest = { secret: 'a-secret-of-the-test', clients, spool: { folder: join(folder, 'spool') } };
  writeFileSync(config, JSON.stringify({ ...rest, store }));
  scorecard = (...more) => runMain(['-c', config, 'scorecard', ...more], registry);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('prints a line for each campaign, and the total', async () => {
  const { out, exitCode } = await scorecard('--from', day, '--to', day);

  expect(exitCode).toBe(0);
  expect(out).toContain(`Scorecard of ${day}`);
  expect(out).toMatch(/Autumn \(carousel\).*\t1 of 1\t1\t1 of 1\t/);
  expect(out).toMatch(/^all\t/m);
});

it('prints CSV and JSON', async () => {
  const csv = await scorecard('--from', day, '--to', day, '--csv');
  const json = await scorecard('--from', day, '--to', day, '--json');

  expect(parse(csv.out, { columns: true, bom: true })).toEqual([
    expect.objectContaining({ campaign: 'Autumn', calls: '1' }),
  ]);
  expect(JSON.parse(json.out)).toMatchObject({ firstDay: day, timeZone: 'UTC', total: { calls: 1, qualified: 1 } });
});

it.each([
  [['--from', '2026-02-30'], 'Give both days as 2026-03-02'],
  [['--to', day], '--to needs --from'],
  [['--days', 'seven'], '--days takes a number from 1 to 400.'],
])('says what is wrong with %j', async (args, words) => {
  const { err, exitCode } = await scorecard(...args);

  expect(err).toContain(words);
  expect(exitCode).toBe(1);
});

it('says that a day has no calls', async () => {
  expect((await scorecard('--from', '2026-01-01', '--to', '2026-01-01')).out).toContain('no call was registered');
});
