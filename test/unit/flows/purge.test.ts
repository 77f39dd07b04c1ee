import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeArchive } from '../../../src/flows/archive/write-archive.ts';
import { keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import { keepEvent } from '../../../src/flows/keep-event.ts';
import { purge } from '../../../src/flows/purge.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { committed, legOf, platformCall, registration } from '../../contract/store/store-cast.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const longAgo = '2020-03-01T12:00:00.000Z';
const today = '2026-11-21T12:00:00.000Z';
const years = { callsDays: 30, transcriptsDays: 365, attentionDays: 400, auditDays: 30, namesDays: 400 };

let clock: TestClock;
let opened: OpenDeps;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-archive-'));
  clock = createTestClock(longAgo);
  opened = await openDeps({ clock });
});
afterEach(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

async function call(key: string, outcome: string, at = longAgo): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }, platformCall(`p-${key}`)];
  const leg = legOf(key, { dialer: 'carousel', campaign: 'Autumn', calledAt: at });
  const facts = [
    { source: 'carousel', key: 'registered', body: registration(leg) },
    { source: 'sigmamind', key: 'commit', body: committed(outcome) },
  ];
  await recordFacts(
    opened.deps,
    facts.map((fact) => ({ ...fact, refs, at })),
    { budgetMs: 5000 },
  );
}

/** As if the dialer had taken it all. */
async function settleAll(): Promise<void> {
  const { store } = opened.deps;
  const now = new Date(clock.now()).toISOString();
  const rows = await store.claimWriteBacks({ dialer: 'carousel', limit: 100, leaseMs: 60_000, now });
  const done = { dueAt: now, attempts: 0, inDoubt: false, receipt: '', why: '', hint: '', now };
  await store.settleWriteBacks(rows.map(({ id, claim }) => ({ id, claim, state: 'confirmed' as const, ...done })));
}

const counted = async () => {
  await keepCallCounts(opened.deps, new Map());
  const span = { from: '2020-01-01T00:00:00.000Z', before: '2027-01-01T00:00:00.000Z' };
  return (await opened.deps.store.countHours({ ...span, by: ['outcome'] })).map(({ outcome, calls }) => [
    outcome,
    calls,
  ]);
};

it('purges old calls by the settings and never sooner than the law allows; their counts stay, and a late event makes no ghost', async () => {
  const { deps } = opened;
  await call('mu-1', 'sale');
  await call('mu-2', 'opt_out');
  await settleAll();
  clock.leapTo(today);
  await call('mu-3', 'sale', today);
  const before = await counted();
  const preview = await purge(deps, { retention: years, isPreview: true });
  const untouched = await deps.store.measure();

  const report = await purge(deps, { retention: { ...years, archiveFolder: folder } });
  const again = await purge(deps, { retention: years });
  const late = await keepEvent(deps, 'sigmamind', {
    ...{ refs: [platformCall('p-mu-1')], variables: {}, key: 'analysed', at: today },
    body: committed('callback', '2026-11-23T12:00:00.000Z'),
  });
  await recordFacts(
    deps,
    [{ refs: [platformCall('p-mu-2')], source: 'sigmamind', key: 'late', at: today, body: committed('sale') }],
    { budgetMs: 5000 },
  );

  expect(preview).toMatchObject({ rows: { calls: 1 }, kept: { 'opt-out': 1 } });
  expect(untouched.tables.find(({ table }) => table === 'calls')?.count).toBe(3);
  expect(report).toMatchObject({ rows: { calls: 1, facts: 2 }, kept: { 'opt-out': 1 }, isWhole: true });
  expect(again.rows).toEqual({});
  expect(late).toBe('duplicate');
  expect(await deps.store.callByRef(platformCall('p-mu-1'))).toBeNull();
  expect((await deps.store.measure()).tables.find(({ table }) => table === 'calls')?.count).toBe(2);
  // The opted-out call changed its hour: counting it anew would lose the purged one of that hour.
  expect(await counted()).toEqual(before);
  const day = join(folder, today.slice(0, 10));
  const lines = gunzipSync(readFileSync(join(day, 'facts.ndjson.gz')))
    .toString()
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).fact_key).toSorted()).toEqual(['commit', 'registered']);
});

it('archives all calls page by page with the hashes of its files, and goes on where it was cut off', async () => {
  const { store } = opened.deps;
  for (const key of ['mu-1', 'mu-2', 'mu-3']) await call(key, 'sale');
  let pages = 0;
  const cutOff = {
    ...store,
    rowsOfCalls: async (ids: readonly string[]) => {
      pages += 1;
      if (pages === 2) throw new Error('cut off');
      return store.rowsOfCalls(ids);
    },
  };

  const first = await writeArchive({ store: cutOff }, { folder, before: '2021-01-01' }).catch((error: Error) => error);
  const manifest = await writeArchive({ store }, { folder, before: '2021-01-01' });

  expect(first).toBeInstanceOf(Error);
  expect(manifest).toMatchObject({ isWhole: true, tables: { calls: { rows: 3 }, facts: { rows: 6 } } });
  for (const [table, { sha256, rows }] of Object.entries(manifest.tables)) {
    const file = readFileSync(join(folder, `${table}.ndjson.gz`));
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    expect(gunzipSync(file).toString().trim().split('\n')).toHaveLength(rows);
  }
  await expect(writeArchive({ store }, { folder, before: '2022-01-01' })).rejects.toThrow(/another archive/);
});
