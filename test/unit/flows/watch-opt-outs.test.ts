import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { undoOptOut } from '../../../src/flows/undo-opt-out.ts';
import { countOptOuts, readOptOuts, watchOptOuts } from '../../../src/flows/watch-opt-outs.ts';
import { createMetrics, noSources } from '../../../src/http/metrics.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const phone = '+13035550111';
const told = Date.parse('2026-11-20T15:00:00.000Z');
const hours = (count: number) => count * 3_600_000;

let now: number;
let open: OpenDeps;
let errors: object[];

beforeEach(async () => {
  now = told;
  open = await openDeps({ clock: { now: () => now, sleep: async () => undefined } });
  errors = [];
  open.deps.log.error = (fields: object) => void errors.push(fields);
  const ref = { instance: 'carousel', kind: 'call', key: 'mu-1' };
  const at = new Date(told).toISOString();
  const leg = {
    dialer: 'carousel',
    callKey: 'mu-1',
    campaign: 'Autumn',
    list: '',
    leadKey: 'r1',
    number: '3035550111',
  };
  const registered = { via: 'register', route: 'ai', reason: '', fields: {} } as const;
  const facts = [
    { kind: 'registered', leg: { ...leg, phone, agent: '', calledAt: at }, ...registered },
    { kind: 'committed', outcome: 'opt_out', summary: '', fields: {} },
  ] as const;
  for (const body of facts) {
    await recordFacts(open.deps, [{ refs: [ref], source: 'carousel', key: body.kind, at, body }], { budgetMs: 2000 });
  }
});
afterEach(() => open.close());

async function shown() {
  const items = await open.deps.store.attention({ kind: 'overdue-opt-out', limit: 10 });
  return items.map(({ key, settledBy }) => [key.split(':')[1], settledBy]).sort();
}

it('raises each alarm once, with an error in the log, and settles it when the dialer holds the number', async () => {
  now = told + hours(23);
  await watchOptOuts(open.deps);
  const before = await shown();
  now = told + hours(25);
  await watchOptOuts(open.deps);
  await watchOptOuts(open.deps);
  const afterAlarm = await shown();
  now = Date.parse('2026-12-05T00:00:00.000Z');
  await watchOptOuts(open.deps);

  expect([before, afterAlarm]).toEqual([[], [['alarm', '']]]);
  expect(await shown()).toEqual([
    ['alarm', ''],
    ['legal', ''],
  ]);
  expect(errors).toHaveLength(2);
  expect(JSON.stringify(errors)).not.toContain('3035550111');

  await deliverAll();
  await watchOptOuts(open.deps);

  expect(await shown()).toEqual([
    ['alarm', 'patchbay'],
    ['legal', 'patchbay'],
  ]);

  const rows = await open.deps.store.writeBacks({ limit: 9 });
  const ids = rows.filter(({ aspect }) => aspect === 'dnc').map(({ id }) => id);
  await open.deps.store.redoWriteBacks({ ids, why: 'the dialer lost it', now: new Date(now).toISOString() });
  await watchOptOuts(open.deps);

  expect(await shown()).toEqual([
    ['alarm', ''],
    ['legal', ''],
  ]);
});

it('counts for the metrics what is open, for how long, and what is overdue', async () => {
  now = told + hours(25);

  const waiting = [2, 3].map((count) => ({ dialer: 'carousel', state: 'pending', count, overdueSec: 10 * count }));
  const openWriteBacks = async () => waiting;
  const metrics = createMetrics(
    { ...noSources, openWriteBacks, optOuts: () => countOptOuts(open.deps) },
    { dialers: [], platforms: [] },
  );
  const { body } = await metrics.render();

  expect(await countOptOuts(open.deps)).toEqual({ open: 1, oldestSec: 25 * 3600, overdue: 1 });
  expect(body).toContain('\npatchbay_opt_outs_open 1\n');
  expect(body).toContain('\npatchbay_opt_outs_oldest_seconds 90000\n');
  expect(body).toContain('\npatchbay_opt_outs_overdue 1\n');
  expect(body).toContain('\npatchbay_write_backs{dialer="carousel",state="pending"} 5\n');
  expect(body).toContain('\npatchbay_write_backs_oldest_due_seconds{dialer="carousel"} 30\n');
  await deliverAll();
  expect(await countOptOuts(open.deps)).toEqual({ open: 0, oldestSec: 0, overdue: 0 });
});

it('is undone also when the opt-out was told by a clock that is fast', async () => {
  now = told - hours(1);

  const undone = await undoOptOut(open.deps, { phone, by: 'cli:ada', why: 'asked for' });

  expect(undone).toMatchObject({ calls: [expect.any(String)], standsStill: false });
  expect(await readOptOuts(open.deps, { limit: 5 })).toMatchObject([{ isUndone: true, isOpen: false }]);
  expect(await undoOptOut(open.deps, { phone, by: 'cli:ada', why: 'again' })).toEqual({
    calls: [],
    standsStill: false,
  });
});

it('watches one of which no number can be read, until it is undone by the call that told it', async () => {
  await deliverAll();
  const refs = [{ instance: 'carousel', kind: 'call', key: 'mu-2' }];
  const at = new Date(told).toISOString();
  const body = { kind: 'committed', outcome: 'opt_out', summary: '', fields: {} } as const;
  await recordFacts(open.deps, [{ refs, source: 'carousel', key: 'commit', at, body }], { budgetMs: 2000 });
  now = told + hours(25);

  await watchOptOuts(open.deps);
  const [late] = await readOptOuts(open.deps, { isOpen: true, limit: 5 });
  const counted = await countOptOuts(open.deps);
  const call = late?.correlationId ?? '';
  const undone = await undoOptOut(open.deps, { call, by: 'cli:ada', why: 'a test call' });

  expect(late).toMatchObject({ phones: [], isOverdue: true, dialers: [{ state: 'failed' }] });
  expect([counted.overdue, await shown()]).toEqual([1, [['alarm', '']]]);
  expect(undone).toEqual({ calls: [call], standsStill: false });
  expect((await countOptOuts(open.deps)).open).toBe(0);
});

async function deliverAll(): Promise<void> {
  const { store } = open.deps;
  const at = new Date(now).toISOString();
  const rows = await store.claimWriteBacks({ dialer: 'carousel', limit: 10, leaseMs: 1000, now: at });
  const settled = {
    state: 'confirmed',
    dueAt: at,
    attempts: 0,
    inDoubt: false,
    receipt: '',
    hint: '',
    now: at,
  } as const;
  await store.settleWriteBacks(rows.map(({ id, claim }) => ({ id, claim, ...settled, why: 'listed' })));
}
