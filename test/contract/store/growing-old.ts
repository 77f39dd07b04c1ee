import { expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import {
  callerCode,
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  platformCall,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const yearsLater = '2031-11-22T12:00:00.000Z';
const terms = { before: '2026-11-22T00:00:00.000Z', keepYears: 5, now: yearsLater };
const fromStart = { registeredAt: '', correlationId: '' };
const ended = { kind: 'ended', outcome: 'sale', talkSec: 20 } as never;

export function itGrowsOld(database: StoreUnderTest): void {
  it('purges a call with all that belongs to it, and not one whose opt-out stands, that waits, or that is evidence', async () => {
    const store = await database.open();
    const gone = await callWithOutcome(store, 'V1', 'sale');
    const optedOut = await callWithOutcome(store, 'V2', 'opt_out');
    await confirmAll(store);
    const waits = await callWithOutcome(store, 'V3', 'sale');
    const disputed = (await record(store, registered('V4'))).call.correlationId;
    await store.raiseAttention([{ kind: 'finding', key: 'x', correlationId: disputed, details: {} }], noon);
    await store.keepTranscript({ correlationId: gone, platform: 'sigmamind', spoken: 'hello', keptAt: noon });
    const all = { ...terms, correlationIds: [gone, optedOut, waits, disputed] };

    const young = await store.purgeCalls({ ...all, now: '2031-11-20T12:00:00.000Z' });
    const judged = await store.judgePurge(all);
    const { rows, kept } = await store.purgeCalls(all);

    expect([young.rows, young.kept.toSorted()]).toEqual([{}, ['evidence', 'evidence', 'evidence', 'opt-out']]);
    expect(judged).toEqual({ purgeable: [gone], kept: ['opt-out', 'write-back', 'attention'] });
    expect(kept.toSorted()).toEqual(['attention', 'opt-out', 'write-back']);
    expect(rows).toMatchObject({ calls: 1, facts: 2, transcripts: 1 });
    expect([await store.factsOf(gone), await store.writeBacksOf(gone), await store.transcriptsOf(gone)]).toEqual([
      [],
      [],
      [],
    ]);
    expect((await store.callById(optedOut))?.outcome?.code).toBe('opt_out');
    const left = await store.oldCalls({ dialer: 'vicidial', before: terms.before, after: fromStart, limit: 10 });
    expect(left.map(({ correlationId }) => correlationId).toSorted()).toEqual([optedOut, waits, disputed].toSorted());
  });

  it('makes no ghost of a purged call when a late event names it, and a new call when its dialer tells of one by that name', async () => {
    const store = await database.open();
    const gone = await callWithOutcome(store, 'V1', 'sale');
    await record(store, entry([callerCode('V1'), platformCall('p-1')], 'ended', ended));
    await confirmAll(store);
    await store.purgeCalls({ ...terms, correlationIds: [gone] });

    const late = await store.recordFacts({
      facts: [
        entry([platformCall('p-1')], 'analysed', committed('callback', later)),
        registered('V1', { receivedAt: noon }),
        entry([callerCode('V1')], 'registered:event', { ...registered('V1').fact.body, via: 'event' } as never, {
          receivedAt: yearsLater,
        }),
      ],
      now: yearsLater,
    });
    const afterLate = await store.measure();
    const isFound = await store.callByRef(platformCall('p-1'));
    const [again] = await store.recordFacts({
      facts: [registered('V1', { receivedAt: yearsLater, expiresAt: '2031-11-23T12:00:00.000Z' })],
      now: yearsLater,
    });

    expect(late.map(({ isAdded, isPurged }) => [isAdded, isPurged])).toEqual([
      [false, true],
      [false, true],
      [false, true],
    ]);
    const counts = Object.fromEntries(afterLate.tables.map(({ table, count }) => [table, count]));
    expect([isFound, counts.calls, counts.facts, counts.write_backs]).toEqual([null, 0, 0, 0]);
    expect(again).toMatchObject({ isAdded: true, call: { isRegistered: true } });
    expect((await store.callByRef(callerCode('V1')))?.correlationId).toBe(again?.call.correlationId);
  });

  it('forgets the names of purged calls when their time is over, and drops other old rows only while they are old', async () => {
    const store = await database.open();
    const gone = await callWithOutcome(store, 'V1', 'sale');
    await confirmAll(store);
    await store.purgeCalls({ ...terms, correlationIds: [gone] });
    for (const [id, at] of Object.entries({ a: noon, b: yearsLater })) {
      await store.appendAudit({ at, by: id, act: 'outcome-correct', subject: 'x', details: {} });
    }

    const early = await store.oldRows({ kind: 'call_refs', before: yearsLater, limit: 10 });
    const names = await store.oldRows({ kind: 'call_refs', before: '2031-11-23T00:00:00.000Z', limit: 10 });
    const forgotten = await store.dropOldRows({ kind: 'call_refs', before: '2031-11-23T00:00:00.000Z', rows: names });
    const audit = await store.oldRows({ kind: 'audit_log', before: '2027-01-01', limit: 10 });
    const younger = await store.oldRows({
      kind: 'audit_log',
      before: '9999',
      limit: 10,
      ...(audit[0] && { after: audit[0] }),
    });
    const dropped = await store.dropOldRows({ kind: 'audit_log', before: '2027-01-01', rows: [...audit, ...younger] });

    expect([early.length, names.length, forgotten]).toEqual([0, 2, 2]);
    expect([audit.length, younger.length, dropped]).toEqual([1, 1, 1]);
    expect((await store.auditLog(5)).map(({ by }) => by)).toEqual(['b']);
  });

  it('puts what waits in doubt when an older database was put back', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');

    const count = await store.doubtOpenRows(later);

    const rows = await claim(store);
    expect(count).toBeGreaterThan(0);
    expect(rows.every(({ inDoubt }) => inDoubt)).toBe(true);
    expect(await store.readCursor('restored-at')).toBe(later);
  });
}

async function confirmAll(store: Store): Promise<void> {
  for (const dialer of ['vicidial', 'five9']) {
    const rows = await claim(store, { dialer, now: '2026-11-21T18:00:00.000Z' });
    await store.settleWriteBacks(rows.map((row) => settlement(row)));
  }
}
