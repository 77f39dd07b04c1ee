import { describe, expect, it, onTestFinished } from 'vitest';
import {
  assertOurs,
  type DeliveryAnswer,
  type DeliveryAnswers,
  type Hold,
  nobodysHold,
} from '../../../src/domain/delivery.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';
import { answerXml } from '../five9/soap-stub.ts';
import { contactXml, identifier, start, stopAfterEach } from '../five9/start-dialer.ts';
import { createTestClock } from '../simulators/five9/test-clock.ts';
import { openDeps } from './open-deps.ts';

stopAfterEach();

const noon = '2026-11-21T12:00:00.000Z';
const leaseMs = 600;
/** What agents said is read before each import. */
const fields = { lastAgentDisposition: 'agent_disp', lastAgentDispositionAt: 'agent_disp_at' };
const contact = contactXml({ number1: '2125550101', agent_disp: '', agent_disp_at: '' });

/** Nothing of this process runs meanwhile, as when the machine sleeps; the store's clock goes on. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** One sale that waits for a Five9, in a store with short claims. */
async function openSale() {
  const clock = createTestClock(noon);
  const opened = await openDeps({ clock });
  onTestFinished(() => opened.close());
  opened.deps.settings.outbox.leaseMs = leaseMs;
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-1' }];
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: '2125550101' });
  const bodies = { registered: registration(leg), commit: committed('sale') };
  const facts = Object.entries(bodies).map(([key, body]) => ({ source: 'carousel', key, body, refs, at: noon }));
  await recordFacts(opened.deps, facts, { budgetMs: 5000 });
  const breaker = () => createBreaker(clock, { failures: 1, waitMs: 60_000 });
  const state: DeliveryState = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  return { deps: opened.deps, carousel: opened.dialer, clock, state };
}

it('a process that stood still between its look and its import sends nothing beside the one that has the row', async () => {
  const { deps, clock, state } = await openSale();
  let stands = true;
  const { dialer, operations } = await start(
    (operation) => {
      if (operation !== 'getContactRecords') return { body: answerXml(operation, identifier) };
      if (stands) standStill(leaseMs + 100);
      return { body: answerXml(operation, contact) };
    },
    { fields, batch: { flushMs: 0 } },
    { clock, describeCalls: async () => [] },
  );
  const imports = () => operations().filter((operation) => operation === 'asyncUpdateCampaignDispositions').length;
  const asCarousel = { ...dialer, id: 'carousel' };
  const taken: string[] = [];
  /** The other process has the row as soon as it may. */
  const other: Dialer['deliver'] = async (rows, keep) => {
    taken.push(...rows.map(({ inDoubt }) => (inDoubt ? 'in doubt' : 'sure')));
    stands = false;
    return await dialer.deliver(rows, keep);
  };

  await deliverWriteBacks(deps, asCarousel, state);
  const sentAfterStanding = imports();
  await eventually(async () => {
    await deliverWriteBacks(deps, { ...asCarousel, deliver: other }, state);
    await clock.advance(60_000);
    expect(imports()).toBe(1);
  });

  expect(sentAfterStanding).toBe(0);
  expect(taken.length).toBeGreaterThan(0);
  expect(state.breaker.state()).toBe('closed');
});

it('a claim that ended stays ended, though its renewal still finds the rows', async () => {
  const { deps, carousel, state } = await openSale();
  let isRenewed = false;
  const { renewClaims } = deps.store;
  deps.store.renewClaims = async (...asked) => {
    const count = await renewClaims(...asked);
    isRenewed ||= count > 0;
    return count;
  };
  const held: boolean[] = [];
  const deliver: Dialer['deliver'] = async (rows, _keep, hold: Hold = nobodysHold) => {
    held.push(hold.isOurs());
    standStill(leaseMs);
    held.push(hold.isOurs());
    await eventually(() => expect(isRenewed).toBe(true));
    held.push(hold.isOurs());
    return new Map(rows.map(({ id }) => [id, { kind: 'done' }]));
  };

  await deliverWriteBacks(deps, { ...carousel, deliver }, state);

  expect(held).toEqual([true, false, false]);
});

it('is held on while a long batch is under way', async () => {
  const { deps, carousel, state } = await openSale();
  let renewals = 0;
  const { renewClaims } = deps.store;
  deps.store.renewClaims = (...asked) => renewClaims(...asked).finally(() => (renewals += 1));
  let isOurs = false;
  const deliver: Dialer['deliver'] = async (rows, _keep, hold: Hold = nobodysHold) => {
    await eventually(() => expect(renewals).toBeGreaterThan(4));
    isOurs = hold.isOurs();
    return new Map(rows.map(({ id }) => [id, { kind: 'done' }]));
  };

  await deliverWriteBacks(deps, { ...carousel, deliver }, state);

  expect(isOurs).toBe(true);
});

describe('rows that were left when the claim ended', () => {
  /** Stands still before it asks for leave to send. */
  const isTooLate = (rows: readonly WriteBack[], hold: Hold): DeliveryAnswers => {
    standStill(leaseMs);
    const answers = new Map<string, DeliveryAnswer>();
    for (const { id } of rows) {
      try {
        assertOurs(hold);
      } catch (error) {
        answers.set(id, { kind: 'retry', why: messageOf(error) });
      }
    }
    return answers;
  };

  it('were not tried: they wait at once, and no try is lost', async () => {
    const { deps, carousel, state } = await openSale();
    const deliver: Dialer['deliver'] = async (rows, _keep, hold = nobodysHold) => isTooLate(rows, hold);

    await deliverWriteBacks(deps, { ...carousel, deliver }, state);

    const rows = await deps.store.writeBacks({ limit: 10 });
    expect(rows.map(({ state, attempts, inDoubt }) => ({ state, attempts, inDoubt }))).toEqual([
      { state: 'pending', attempts: 0, inDoubt: false },
    ]);
    expect(rows[0]?.dueAt).toBe(noon);
  });

  it('were not tried when the dialer throws, either', async () => {
    const { deps, carousel, state } = await openSale();
    const deliver: Dialer['deliver'] = async (_rows, _keep, hold = nobodysHold) => {
      standStill(leaseMs);
      assertOurs(hold);
      return new Map();
    };

    await deliverWriteBacks(deps, { ...carousel, deliver }, state);

    expect(await deps.store.writeBacks({ limit: 10 })).toMatchObject([{ state: 'pending', attempts: 0 }]);
  });

  it('keep the doubt and the try of what may have been carried out, or may be yet', async () => {
    const { deps, carousel, state } = await openSale();
    const deliver: Dialer['deliver'] = async (rows) => {
      standStill(leaseMs);
      return new Map(rows.map(({ id }) => [id, { kind: 'retry', why: 'no answer', inDoubt: true }]));
    };

    await deliverWriteBacks(deps, { ...carousel, deliver }, state);

    expect(await deps.store.writeBacks({ limit: 10 })).toMatchObject([
      { state: 'pending', attempts: 1, inDoubt: true },
    ]);
  });

  it('stay submitted, and lose no try, when they were to be looked at', async () => {
    const { deps, carousel, state } = await openSale();
    const submits: Dialer['deliver'] = async (rows) =>
      new Map(rows.map(({ id }) => [id, { kind: 'submitted', receipt: 'ticket' }]));
    await deliverWriteBacks(deps, { ...carousel, deliver: submits }, state);
    const confirm: Dialer['confirm'] = async (_receipt, rows, hold = nobodysHold) => isTooLate(rows, hold);

    await confirmReceipts(deps, { ...carousel, confirm }, state);

    expect(await deps.store.writeBacks({ limit: 10 })).toMatchObject([{ state: 'submitted', attempts: 0 }]);
  });
});

it.each(['is through', 'failed'])('a batch that %s sends nothing more, though something of it runs on', async (end) => {
  const { deps, carousel, state } = await openSale();
  const held: boolean[] = [];
  let sends = () => false;
  const deliver: Dialer['deliver'] = async (rows, _keep, hold = nobodysHold) => {
    sends = () => hold.isOurs();
    held.push(sends());
    if (end === 'failed') throw new Error('one of its lanes');
    return new Map(rows.map(({ id }) => [id, { kind: 'done' }]));
  };
  // Long enough that no claim of it ends by itself.
  deps.settings.outbox.leaseMs = 60_000;

  await deliverWriteBacks(deps, { ...carousel, deliver }, state);
  held.push(sends());

  expect(held).toEqual([true, false]);
});
