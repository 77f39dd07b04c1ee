import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { Aspect, WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { reconcile } from '../../../src/flows/reconcile.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { endWaitAfterRestore } from '../../../src/flows/wait-after-restore.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const oneOClock = '2026-11-21T13:00:00.000Z';
const leaseMs = 1000;

let clock: TestClock;
let opened: OpenDeps;
let state: DeliveryState;

beforeEach(async () => {
  clock = createTestClock(noon);
  opened = await openDeps({ clock });
  // Shorter than a configuration may make it.
  opened.deps.settings.outbox.leaseMs = leaseMs;
  const breaker = () => createBreaker(clock, { failures: 5, waitMs: 1000 });
  state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
});

afterEach(() => opened.close());

/** A call whose outcome wants a disposition and a callback. */
async function call(key: string, calledAt = noon): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const facts = [
    {
      source: 'carousel',
      key: 'registered',
      body: registration(legOf(key, { dialer: 'carousel', campaign: 'Autumn', leadKey: key, calledAt })),
    },
    { source: 'sigmamind', key: 'commit', body: committed('callback', '2026-11-23T15:00:00.000Z') },
  ];
  await recordFacts(
    opened.deps,
    facts.map((fact) => ({ ...fact, refs, at: noon })),
    { budgetMs: 5000 },
  );
}

function dialerWith(parts: Partial<Dialer>): Dialer {
  return { ...opened.dialer, ...parts };
}

function answerAll(rows: readonly WriteBack[], answer: DeliveryAnswer) {
  return new Map(rows.map(({ id }) => [id, answer]));
}

const states = async () =>
  (await opened.deps.store.writeBacks({ limit: 100 })).map((row) => `${row.aspect} ${row.state}`);

describe('rows that the dialer can not take now', () => {
  it('are not claimed while their aspect is paused; the others go on', async () => {
    await call('mu-1');
    const taken: Aspect[] = [];
    const dialer = dialerWith({
      pausedUntil: (aspect) => (aspect === 'disposition' ? Date.parse(oneOClock) : 0),
      deliver: async (rows) => {
        taken.push(...rows.map(({ aspect }) => aspect));
        return answerAll(rows, { kind: 'done' });
      },
    });

    const during = [
      await deliverWriteBacks(opened.deps, dialer, state),
      await deliverWriteBacks(opened.deps, dialer, state),
    ];
    const [waiting] = await opened.deps.store.backlog('carousel', noon);
    await clock.advance(3_600_000);
    const after = await deliverWriteBacks(opened.deps, dialer, state);

    expect([during, after]).toEqual([[1, 0], 1]);
    expect(taken).toEqual(['callback', 'disposition']);
    expect(waiting).toEqual({ aspect: 'disposition', waiting: 1, due: 1, submitted: 0 });
  });

  it('are not asked for at all when every aspect is paused', async () => {
    await call('mu-1');
    const dialer = dialerWith({ pausedUntil: () => Date.parse(oneOClock) });
    opened.deps.store.claimWriteBacks = () => Promise.reject(new Error('the store was asked'));

    expect(await deliverWriteBacks(opened.deps, dialer, state)).toBe(0);
    expect((await states()).sort()).toEqual(['callback pending', 'disposition pending']);
  });
});

describe('receipts that the dialer can not be asked about now', () => {
  it('are not claimed until then', async () => {
    await call('mu-1');
    const dialer = dialerWith({
      deliver: async (rows) => answerAll(rows, { kind: 'submitted', receipt: 'ticket' }),
      confirmPausedUntil: () => Date.parse(oneOClock),
      confirm: async (_receipt, rows) => answerAll(rows, { kind: 'done' }),
    });
    await deliverWriteBacks(opened.deps, dialer, state);

    const during = await confirmReceipts(opened.deps, dialer, state);
    const rows = await opened.deps.store.writeBacks({ limit: 9 });
    await clock.advance(3_600_000);
    const after = await confirmReceipts(opened.deps, dialer, state);

    expect([during, after]).toEqual([0, 2]);
    expect(rows.map(({ state: is, why }) => `${is} ${why}`.trim())).toEqual(['submitted', 'submitted']);
  });
});

describe('a batch that takes longer than a claim', () => {
  it('keeps its rows: nobody else gets them, and they are settled', async () => {
    await call('mu-1');
    let stolen = -1;
    const dialer = dialerWith({
      async deliver(rows) {
        await wait(leaseMs * 2);
        const input = { dialer: 'carousel', limit: 10, leaseMs, now: noon };
        stolen = (await opened.deps.store.claimWriteBacks(input)).length;
        return answerAll(rows, { kind: 'done' });
      },
    });

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(stolen).toBe(0);
    expect((await states()).sort()).toEqual(['callback confirmed', 'disposition confirmed']);
  });

  it('keeps its receipts in the same way', async () => {
    await call('mu-1');
    let stolen = -1;
    const dialer = dialerWith({
      deliver: async (rows) => answerAll(rows, { kind: 'submitted', receipt: 'ticket' }),
      async confirm(_receipt, rows) {
        await wait(leaseMs * 2);
        stolen = (await opened.deps.store.claimReceipts({ dialer: 'carousel', limit: 10, leaseMs, now: noon })).length;
        return answerAll(rows, { kind: 'done' });
      },
    });

    await deliverWriteBacks(opened.deps, dialer, state);
    await confirmReceipts(opened.deps, dialer, state);

    expect(stolen).toBe(0);
    expect((await states()).sort()).toEqual(['callback confirmed', 'disposition confirmed']);
  });

  it('leaves them to others once it is through, however it ended', async () => {
    await call('mu-1');
    const dialer = dialerWith({ deliver: async () => new Map() });
    opened.deps.store.settleWriteBacks = async () => {
      throw new Error('the store lost its disk');
    };

    await expect(deliverWriteBacks(opened.deps, dialer, state)).rejects.toThrow('disk');

    await eventually(async () => {
      const input = { dialer: 'carousel', limit: 10, leaseMs: 60_000, now: noon };
      expect(await opened.deps.store.claimWriteBacks(input)).toHaveLength(2);
    });
  });
});

describe('a promise that is kept while the batch goes on', () => {
  it('is durable at once, and its rows are not answered again', async () => {
    await call('mu-1');
    let during: string[] = [];
    const dialer = dialerWith({
      async deliver(rows, keep) {
        const first = rows.filter(({ aspect }) => aspect === 'disposition');
        await keep?.(answerAll(first, { kind: 'submitted', receipt: 'ticket-1' }));
        during = await states();
        throw new Error('the process loses the rest');
      },
    });

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(during.sort()).toEqual(['callback claimed', 'disposition submitted']);
    expect((await states()).sort()).toEqual(['callback pending', 'disposition submitted']);
  });
});

describe('a worker that slept longer than its claims', () => {
  it('is told so with the first promise, and sends no more of its batch', async () => {
    await call('mu-1');
    opened.deps.store.renewClaims = async () => 0;
    let sent = 0;
    const dialer = dialerWith({
      async deliver(rows, keep) {
        await eventually(async () => {
          const input = { dialer: 'carousel', limit: 10, leaseMs: 60_000, now: noon };
          expect(await opened.deps.store.claimWriteBacks(input)).toHaveLength(2);
        });
        for (const row of rows) {
          sent += 1;
          await keep?.(answerAll([row], { kind: 'submitted', receipt: 'ticket' }));
        }
        return new Map();
      },
    });

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(sent).toBe(1);
    expect((await states()).sort()).toEqual(['callback claimed', 'disposition claimed']);
  });
});

describe('the breaker of the looks', () => {
  it('stays closed while the dialer answers, whatever it says of its rows, and opens when it does not', async () => {
    await call('mu-1');
    const submits = async (rows: readonly WriteBack[]) => answerAll(rows, { kind: 'submitted', receipt: 'ticket' });
    const troubled = dialerWith({
      deliver: submits,
      confirm: async (_receipt, rows) =>
        answerAll(rows, { kind: 'retry', why: 'a trouble of this row', afterMs: 0, inDoubt: true }),
    });
    const silent = dialerWith({
      deliver: submits,
      confirm: () => Promise.reject(new ConnectorError('dialer_away', 'no answer', { retryable: true })),
    });

    for (let round = 0; round < 7; round += 1) {
      await deliverWriteBacks(opened.deps, troubled, state);
      await confirmReceipts(opened.deps, troubled, state);
    }
    const whileAnswering = state.confirmBreaker.state();
    for (let round = 0; round < 5; round += 1) {
      clock.advance(3_600_000);
      await deliverWriteBacks(opened.deps, silent, state);
      await confirmReceipts(opened.deps, silent, state);
    }

    expect([whileAnswering, state.confirmBreaker.state()]).toEqual(['closed', 'open']);
  });

  it('spares the other receipts the wait, and a try, once it opens', async () => {
    for (const key of ['mu-1', 'mu-2', 'mu-3', 'mu-4', 'mu-5']) await call(key);
    let looks = 0;
    const silent = dialerWith({
      deliver: async (rows) => new Map(rows.map(({ id }) => [id, { kind: 'submitted', receipt: `ticket-${id}` }])),
      confirm() {
        looks += 1;
        return Promise.reject(new ConnectorError('dialer_away', 'no answer', { retryable: true }));
      },
    });

    await deliverWriteBacks(opened.deps, silent, state);
    await confirmReceipts(opened.deps, silent, state);

    const rows = await opened.deps.store.writeBacks({ limit: 100 });
    expect(looks).toBe(5);
    expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'submitted'));
    expect(rows.map(({ attempts }) => attempts).sort()).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });
});

describe('an opt-out that is undone while the dialer is away', () => {
  const number = '+13035550111';
  const at = '2026-11-21T12:00:30.000Z';

  async function tell(key: string, source: string, name: string, body: FactBody, told = noon): Promise<void> {
    const refs = [{ instance: 'carousel', kind: 'call-id', key }];
    await recordFacts(opened.deps, [{ refs, source, key: name, at: told, body }], { budgetMs: 5000 });
  }
  async function optOut(key: string): Promise<void> {
    const leg = legOf(key, { dialer: 'carousel', campaign: 'Autumn', phone: number });
    await tell(key, 'carousel', 'registered', registration(leg));
    await tell(key, 'sigmamind', 'commit', committed('opt_out'));
  }

  it('stays on the lists where another call told it meanwhile', async () => {
    const sent: string[] = [];
    const dialer = dialerWith({
      deliver: async (rows) => {
        for (const { desired } of rows) if (desired.aspect === 'dnc') sent.push(desired.listed ? 'list' : 'take off');
        return answerAll(rows, { kind: 'done' });
      },
    });
    await optOut('mu-1');
    await deliverWriteBacks(opened.deps, dialer, state);
    await tell('mu-1', 'operator:ada', 'undo', { kind: 'opt-out-undone', by: 'ada', why: '' }, at);
    await optOut('mu-2');

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(sent).toEqual(['list', 'list']);
    const rows = (await opened.deps.store.writeBacks({ limit: 9 })).filter(({ aspect }) => aspect === 'dnc');
    expect(rows.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect(rows.map(({ why }) => why)).toContain('left on the lists: opted out again, by another call');
  });

  it('is taken off where nobody told it again', async () => {
    const phones: (readonly string[])[] = [];
    const dialer = dialerWith({
      deliver: async (rows) => {
        for (const { desired } of rows) if (desired.aspect === 'dnc' && !desired.listed) phones.push(desired.phones);
        return answerAll(rows, { kind: 'done' });
      },
    });
    await optOut('mu-1');
    await deliverWriteBacks(opened.deps, dialer, state);
    await tell('mu-1', 'operator:ada', 'undo', { kind: 'opt-out-undone', by: 'ada', why: '' }, at);

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(phones).toEqual([[number]]);
  });
});

describe('after a backup was put back', () => {
  it('every row of a call that began before is looked at first, also one that is planned later; those of later calls are not', async () => {
    const doubts: Record<string, boolean> = {};
    const dialer = dialerWith({
      deliver: async (rows) => {
        for (const { target, aspect, inDoubt } of rows) doubts[`${target.callKey} ${aspect}`] = inDoubt;
        return answerAll(rows, { kind: 'done' });
      },
    });
    await call('mu-1');
    await opened.deps.store.doubtOpenRows(oneOClock);
    await endWaitAfterRestore(opened.deps, { by: 'ada', settlement: 'go on' });
    await call('mu-2');
    await call('mu-3', '2026-11-21T13:00:01.000Z');

    await deliverWriteBacks(opened.deps, dialer, state);

    expect(doubts).toEqual({
      ...{ 'mu-1 disposition': true, 'mu-1 callback': true },
      ...{ 'mu-2 disposition': true, 'mu-2 callback': true },
      ...{ 'mu-3 disposition': false, 'mu-3 callback': false },
    });
  });

  it('dispositions and callbacks of calls before wait, and lose no try, until the calls since then were asked for in whole', async () => {
    const sent: string[] = [];
    const dialer = dialerWith({
      deliver: async (rows) => {
        sent.push(...rows.map(({ target, aspect }) => `${target.callKey} ${aspect}`));
        return answerAll(rows, { kind: 'done' });
      },
    });
    const { store } = opened.deps;
    const round = async () => {
      clock.advance(120_000);
      await deliverWriteBacks(opened.deps, dialer, state);
      return sent.splice(0).sort();
    };
    await call('mu-1');
    await store.doubtOpenRows(oneOClock);
    await call('mu-2', '2026-11-21T13:00:01.000Z');
    const run = { signal: new AbortController().signal };

    const first = await round();
    const waiting = (await store.writeBacks({ limit: 9 })).filter(({ state: is }) => is === 'pending');
    const shown = await store.attention({ limit: 9 });
    await reconcile(opened.deps, { ...run, isDryRun: true });
    await reconcile(opened.deps, { ...run, since: '2026-11-21T12:00:01.000Z' });
    const notYet = await round();
    await reconcile(opened.deps, run);

    const why =
      '0 a backup was put back: it waits for `patchbay reconcile`, as a later call may have set the record since';
    expect(first).toEqual(['mu-2 callback', 'mu-2 disposition']);
    expect(waiting.map(({ attempts, why }) => `${attempts} ${why}`)).toEqual([why, why]);
    expect(shown.map(({ kind, key }) => `${kind} ${key}`)).toEqual([`finding restored:${noon}`]);
    expect(notYet).toEqual([]);
    expect(await round()).toEqual(['mu-1 callback', 'mu-1 disposition']);
    const settled = (await store.attention({ limit: 9 })).find(({ key }) => key === `restored:${noon}`);
    expect([settled?.settledBy, settled?.settlement]).toEqual(['patchbay', 'reconciled']);
  });
});
