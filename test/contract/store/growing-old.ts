import { expect, it } from 'vitest';
import type { KeptSession } from '../../../src/domain/log-in.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  ada,
  adasNumber,
  callerCode,
  callWithOutcome,
  claim,
  committed,
  entry,
  later,
  noon,
  ours,
  platformCall,
  record,
  registered,
  settlement,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const yearsLater = '2031-11-22T12:00:00.000Z';
const terms = { before: '2026-11-22T00:00:00.000Z', keepYears: 5, now: yearsLater };
const fromStart = { registeredAt: '', correlationId: '' };
const adasSession: KeptSession = {
  ...{ idHash: 'a'.repeat(64), user: 'ada', how: 'password', claims: [], address: '192.0.2.7', browser: '' },
  ...{ createdAt: noon, seenAt: noon, expiresAt: later },
};
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

  it('keeps a call for as long as what was told of it last is evidence: an opt-out that was taken back', async () => {
    const store = await database.open();
    const undone = await callWithOutcome(store, 'V1', 'opt_out');
    const undo = { kind: 'opt-out-undone', by: 'chloe', why: 'asked to be called again' } as const;
    const lately = '2031-11-01T12:00:00.000Z';
    const fact = entry([ours(undone)], 'undone', undo, { at: lately, receivedAt: lately });
    await store.recordFacts({ facts: [fact], now: lately });
    for (const id of (await store.writeBacksOf(undone)).map(({ id }) => id)) {
      await store.cancelWriteBacks({ ids: [id], by: 'chloe', why: 'no need', now: lately });
    }

    const now = await store.purgeCalls({ ...terms, correlationIds: [undone] });
    const in2036 = { before: '2036-11-22', keepYears: 5, now: '2036-11-22T12:00:00.000Z' };
    const later = await store.purgeCalls({ ...in2036, correlationIds: [undone] });

    expect([now.kept, now.rows]).toEqual([['evidence'], {}]);
    expect(later.rows).toMatchObject({ calls: 1 });
  });

  it('keeps what is told of a call that is there, though a weaker name of it is that of a purged one', async () => {
    const store = await database.open();
    const gone = await callWithOutcome(store, 'V1', 'sale');
    await confirmAll(store);
    await store.purgeCalls({ ...terms, correlationIds: [gone] });
    const { call } = await record(store, registered('V2'));

    const told = await record(store, entry([callerCode('V2'), callerCode('V1')], 'commit', committed('opt_out')));
    const late = await record(store, entry([callerCode('V1'), callerCode('V2')], 'late', committed('sale')));

    expect(told).toMatchObject({ isAdded: true, call: { correlationId: call.correlationId } });
    expect(late).toMatchObject({ isAdded: false, isPurged: true });
    expect((await store.callById(call.correlationId))?.outcome?.code).toBe('opt_out');
  });

  it('gives old calls page by page, each once, many of one instant too', async () => {
    const store = await database.open();
    const at = (index: number) => (index < 7 ? noon : new Date(Date.parse(noon) + index * 1000).toISOString());
    const facts = Array.from({ length: 12 }, (_, index) => registered(`V${index}`, { receivedAt: at(index) }));
    await store.recordFacts({ facts, now: noon });

    const found: string[] = [];
    for (let after = fromStart; ; ) {
      const page = await store.oldCalls({ dialer: 'vicidial', before: '2026-11-22', after, limit: 3 });
      found.push(...page.map(({ correlationId }) => correlationId));
      const last = page.at(-1);
      if (!last) break;
      after = last;
    }

    expect([found.length, new Set(found).size]).toEqual([12, 12]);
  });

  it('drops a lead that no sync has brought, but not while somebody of its numbers is opted out', async () => {
    const store = await database.open();
    await store.saveLeads([ada(), ada({ key: '8', phones: ['+13125550155'] })], noon);
    await callWithOutcome(store, 'V1', 'opt_out');

    const { rows } = await store.oldRows({ kind: 'leads', before: yearsLater, limit: 10 });
    const dropped = await store.dropOldRows({ kind: 'leads', before: yearsLater, rows });

    expect([rows.length, dropped]).toEqual([2, 1]);
    expect((await store.leadsByPhone(adasNumber)).map(({ key }) => key)).toEqual(['7']);
  });

  it('looks at a page of leads at a time, wherever the old ones are, and misses none', async () => {
    const store = await database.open();
    const keysOf = (dialer: string, first: number, count: number) =>
      Array.from({ length: count }, (_, index) =>
        ada({ dialer, key: `k${first + index}`, phones: [], changedAt: noon }),
      );
    await store.saveLeads([...keysOf('five9', 100, 31), ...keysOf('vicidial', 100, 3)], yearsLater);
    const old = [...keysOf('five9', 131, 2), ...keysOf('vicidial', 103, 4)];
    await store.saveLeads(old, noon);

    const query = { kind: 'leads', before: '2028-01-01', limit: 3 } as const;
    const first = await store.oldRows(query);
    const found: string[] = [];
    let pages = 0;
    for (let page = first; ; page = await store.oldRows({ ...query, after: page.next })) {
      pages += 1;
      found.push(...page.rows.map((row) => `${row.dialer} ${row.lead_key}`));
      if (!page.next) break;
    }

    expect([first.rows, first.next?.lead_key]).toEqual([[], 'k129']);
    expect(found).toEqual(old.map(({ dialer, key }) => `${dialer} ${key}`));
    expect(pages).toBe(3);
  });

  it('forgets the names of purged calls when their time is over, and drops other old rows only while they are old', async () => {
    const store = await database.open();
    const gone = await callWithOutcome(store, 'V1', 'sale');
    await confirmAll(store);
    await store.purgeCalls({ ...terms, correlationIds: [gone] });
    for (const [id, at] of Object.entries({ a: noon, b: yearsLater })) {
      await store.appendAudit({ at, by: id, act: 'outcome-correct', subject: 'x', details: {} });
    }

    const { rows: early } = await store.oldRows({ kind: 'call_refs', before: yearsLater, limit: 10 });
    const { rows: names } = await store.oldRows({ kind: 'call_refs', before: '2031-11-23T00:00:00.000Z', limit: 10 });
    const forgotten = await store.dropOldRows({ kind: 'call_refs', before: '2031-11-23T00:00:00.000Z', rows: names });
    const { rows: audit } = await store.oldRows({ kind: 'audit_log', before: '2027-01-01', limit: 10 });
    const { rows: younger } = await store.oldRows({
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

  it('puts what waits in doubt when an older database was put back, and what a worker of then had', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const had = await claim(store, { limit: 1 });
    const held = await store.takeLease('job:ada', 'gone', 60_000);
    await store.startSession({ session: adasSession, now: noon, idleSince: noon });

    const count = await store.doubtOpenRows(later);
    const again = await store.doubtOpenRows(later);

    const rows = await claim(store);
    expect(count).toBeGreaterThan(1);
    expect(rows).toHaveLength(count);
    expect(rows.map(({ id }) => id)).toContain(had[0]?.id);
    expect(rows.every(({ inDoubt }) => inDoubt)).toBe(true);
    expect(again).toBe(count);
    expect(await store.readCursor('restored-at')).toBe(later);
    const next = await store.takeLease('job:ada', 'new', 60_000);
    expect([held?.fence, next?.fence, await store.sessions()]).toEqual([1, 2, []]);
  });
}

async function confirmAll(store: Store): Promise<void> {
  for (const dialer of ['vicidial', 'five9']) {
    const rows = await claim(store, { dialer, now: '2026-11-21T18:00:00.000Z' });
    await store.settleWriteBacks(rows.map((row) => settlement(row)));
  }
}
