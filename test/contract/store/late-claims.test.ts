import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import type { Deps } from '../../../src/flows/deps.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { eventually } from '../../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { openDeps } from '../../unit/flows/open-deps.ts';
import { createTestClock } from '../../unit/simulators/five9/test-clock.ts';
import { committed, legOf, noon, registration } from './store-cast.ts';

/** Shorter than a configuration may make it. */
const leaseMs = 300;
const lateMs = 1500;
/** Two clocks measure it. */
const heldMs = leaseMs + lateMs - 100;

let server: PrivateMariaDb;
let count = 0;
beforeAll(async () => {
  server = await startPrivateMariaDb();
}, 120_000);
afterAll(() => server.stop());

const stores = [
  { database: 'SQLite', storeOf: async () => undefined },
  {
    database: 'MariaDB',
    storeOf: async () => {
      count += 1;
      const { host, port, user, password } = server;
      const database = `late_${count}`;
      await server.createDatabase(database);
      return { kind: 'mysql', host, port, user, password, database };
    },
  },
];

/** A sale that is to be written, and the claims of a process that is killed with it. */
async function openSale(store: object | undefined) {
  const clock = createTestClock(noon);
  const opened = await openDeps({ clock, ...(store && { store }) });
  onTestFinished(() => opened.close());
  const { deps } = opened;
  deps.settings.outbox.leaseMs = leaseMs;
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-1' }];
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
  const bodies = { registered: registration(leg), commit: committed('sale') };
  const facts = Object.entries(bodies).map(([key, body]) => ({ source: 'carousel', key, body, refs, at: noon }));
  await recordFacts(deps, facts, { budgetMs: 5000 });
  const breaker = () => createBreaker(clock, { failures: 5, waitMs: 1000 });
  const state: DeliveryState = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  const killed: Deps = { ...deps, store: { ...deps.store, renewClaims: async () => 0 } };
  return { deps, killed, state, dialer: { ...opened.dialer, lateMs } };
}

/** Sends something, and is never heard of again. Gives the time before its claim. */
async function sendsAndIsKilled(begin: (work: Dialer['deliver']) => Promise<number>): Promise<number> {
  const beganAt = performance.now();
  const sent = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const under = begin(async () => {
    sent.resolve();
    await end.promise;
    return new Map();
  });
  onTestFinished(async () => {
    end.resolve();
    await under;
  });
  await sent.promise;
  return beganAt;
}

const answerAll = (rows: readonly WriteBack[], answer: { kind: 'done' } | { kind: 'submitted'; receipt: string }) =>
  new Map(rows.map(({ id }) => [id, answer]));

it.each(stores)(
  'a row of a killed process waits until its last request is over at the dialer, on $database',
  async ({ storeOf }) => {
    const { deps, killed, state, dialer } = await openSale(await storeOf());
    const beganAt = await sendsAndIsKilled((deliver) => deliverWriteBacks(killed, { ...dialer, deliver }, state));
    let takenAt = 0;
    const doubts: boolean[] = [];
    const deliver: Dialer['deliver'] = async (rows) => {
      takenAt = performance.now();
      doubts.push(...rows.map(({ inDoubt }) => inDoubt));
      return answerAll(rows, { kind: 'done' });
    };

    await eventually(async () => expect(await deliverWriteBacks(deps, { ...dialer, deliver }, state)).toBe(1), 15_000);

    expect(takenAt - beganAt).toBeGreaterThan(heldMs);
    expect(doubts).toEqual([true]);
  },
);

it.each(stores)('and so does what was submitted and was being looked at, on $database', async ({ storeOf }) => {
  const { deps, killed, state, dialer } = await openSale(await storeOf());
  const submits: Dialer['deliver'] = async (rows) => answerAll(rows, { kind: 'submitted', receipt: 'ticket' });
  await deliverWriteBacks(deps, { ...dialer, deliver: submits }, state);
  const beganAt = await sendsAndIsKilled((work) =>
    confirmReceipts(killed, { ...dialer, confirm: (_receipt, rows) => work(rows) }, state),
  );
  let takenAt = 0;
  const confirm: Dialer['confirm'] = async (_receipt, rows) => {
    takenAt = performance.now();
    return answerAll(rows, { kind: 'done' });
  };

  await eventually(async () => {
    await confirmReceipts(deps, { ...dialer, confirm }, state);
    expect(takenAt).toBeGreaterThan(0);
  }, 15_000);

  expect(takenAt - beganAt).toBeGreaterThan(heldMs);
});
