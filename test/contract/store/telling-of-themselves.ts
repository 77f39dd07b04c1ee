import { expect, it } from 'vitest';
import type { ProcessReport } from '../../../src/domain/link-report.ts';
import {
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  ours,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const morning: ProcessReport = {
  id: 'process-1',
  name: 'east 101',
  startedAt: noon,
  version: '1.0.0',
  links: [],
  backlog: [],
  spooled: 0,
};

export function itTellsOfProcesses(database: StoreUnderTest): void {
  it('keeps the last word of each process, and how long ago it was by the clock of the database', async () => {
    const [one, two] = [await database.open(), await database.open()];

    await one.reportProcess(morning);
    await two.reportProcess({ ...morning, id: 'process-2', name: 'east 102' });
    await one.reportProcess({ ...morning, spooled: 7 });
    const known = await two.processes();

    expect(known.map(({ id, spooled }) => [id, spooled]).sort()).toEqual([
      ['process-1', 7],
      ['process-2', 0],
    ]);
    for (const { silentSec } of known) expect(silentSec).toBeLessThan(30);
    for (const { silentSec } of known) expect(silentSec).toBeGreaterThanOrEqual(0);
  });

  it('forgets a process that stopped in good order', async () => {
    const store = await database.open();

    await store.reportProcess(morning);
    await store.forgetProcess(morning.id);
    await store.forgetProcess('nobody');

    expect(await store.processes()).toEqual([]);
  });

  it('counts what is not yet with the dialers, by aspect and state, with what is due of it', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await callWithOutcome(store, 'V2', 'opt_out');
    const rows = await claim(store, { aspects: ['disposition'] });
    await store.settleWriteBacks(
      rows.map((row, index) => settlement(row, index === 0 ? {} : { state: 'dead', why: 'no answer' })),
    );

    const open = await store.countOpenWriteBacks(later);
    const before = await store.countOpenWriteBacks('2026-11-21T11:00:00.000Z');
    const optOuts = await store.callsWithOpenOptOut({ dialers: ['vicidial', 'five9'], limit: 10 });

    expect(open.filter(({ dialer }) => dialer === 'vicidial')).toMatchObject([
      { aspect: 'disposition', state: 'dead', count: 1 },
      { aspect: 'dnc', state: 'pending', count: 1, due: 1, oldestDueAt: noon },
      { aspect: 'fields', state: 'pending', count: 2 },
    ]);
    expect(before.every(({ due }) => due === 0)).toBe(true);
    expect(optOuts).toEqual([
      rows.find(({ desired }) => 'outcome' in desired && desired.outcome === 'opt_out')?.correlationId,
    ]);
    expect(await store.callsWithOpenOptOut({ dialers: [], limit: 10 })).toEqual([]);
    const stuck = await store.countWriteBacksUpTo({ states: ['dead', 'pending'], dialer: 'vicidial', most: 2 });
    expect(stuck.map(({ state, aspect, count }) => `${state} ${aspect} ${count}`).sort()).toEqual([
      'dead disposition 1',
      'pending dnc 1',
      'pending fields 1',
    ]);
  });

  it('tells the opt-outs first that wait the longest', async () => {
    const store = await database.open();
    const calls: string[] = [];
    for (const [index, told] of [later, noon].entries()) {
      const { call } = await record(store, registered(`V${index}`));
      await record(store, entry([ours(call.correlationId)], 'opt-out', committed('opt_out'), { at: told }));
      calls.push(call.correlationId);
    }

    const [longest] = await store.callsWithOpenOptOut({ dialers: ['vicidial', 'five9'], limit: 1 });

    expect(longest).toBe(calls[1]);
  });
}
