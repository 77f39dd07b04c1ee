import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/domain/call.ts';
import type { Outcome, OutcomeBasis } from '../../../src/domain/outcome.ts';
import { createOutcomeWaiters, type OutcomeWaiters } from '../../../src/flows/outcome-waiters.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  callerCode,
  committed,
  entry,
  noon,
  openTestStore,
  record,
  registered,
} from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
/** So long that a test which waits for it in vain fails. */
const ever = 60_000;

function outcomeOn(basis: OutcomeBasis): Outcome {
  return { code: 'sale', basis, at: noon, summary: '', fields: {} };
}

let folder: string;
let ours: Store;
let theirs: Store;
let adasCall: Call;
let bensCall: Call;
/** Ada's call, once the agent has committed. */
let decided: Call;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-waiters-'));
  const config = { kind: 'sqlite', file: join(folder, 'store.sqlite') } as const;
  ours = await openTestStore(config);
  theirs = await openTestStore(config);
  adasCall = (await record(ours, registered('V1'))).call;
  bensCall = (await record(ours, registered('V2'))).call;
  decided = { ...adasCall, outcome: outcomeOn('committed') };
});

afterAll(async () => {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The store never tells anything, so that only `wake` can end a wait. */
function waitersOfThisProcess(): OutcomeWaiters {
  return createOutcomeWaiters({ read: async () => [], log });
}

describe('who waits for an outcome', () => {
  it('is woken when it arrives in this process, and nobody else is', async () => {
    const waiters = waitersOfThisProcess();
    const first = waiters.wait(adasCall.correlationId, ever);
    const second = waiters.wait(adasCall.correlationId, ever);
    const other = waiters.wait(bensCall.correlationId, 50);

    waiters.wake(decided);

    expect(await Promise.all([first, second, other])).toEqual([decided, decided, null]);
  });

  it('is woken when another process records it', async () => {
    const waiters = createOutcomeWaiters({ read: (ids) => ours.callsWithOutcome(ids), everyMs: 10, log });
    const waiting = waiters.wait(adasCall.correlationId, ever);

    await record(theirs, entry([callerCode('V1')], 'commit', committed('sale')));

    expect((await waiting)?.outcome?.code).toBe('sale');
  });

  it('is woken although a read failed before', async () => {
    let reads = 0;
    const waiters = createOutcomeWaiters({
      async read() {
        reads += 1;
        if (reads === 1) throw new Error('the store is away');
        return [decided];
      },
      everyMs: 5,
      log,
    });

    expect(await waiters.wait(adasCall.correlationId, ever)).toBe(decided);
  });

  it('is not woken by a technical end, which a better word may follow', async () => {
    const waiters = waitersOfThisProcess();
    const waiting = waiters.wait(adasCall.correlationId, ever);

    waiters.wake({ ...adasCall, outcome: outcomeOn('technical') });
    waiters.wake(decided);

    expect(await waiting).toBe(decided);
  });

  it('gets null when the time is up', async () => {
    const waiters = waitersOfThisProcess();
    const startedAt = performance.now();

    const answer = await waiters.wait(adasCall.correlationId, 60);

    expect(answer).toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });

  it('gets null at once when the service stops', async () => {
    const waiters = waitersOfThisProcess();
    const waiting = [
      waiters.wait(adasCall.correlationId, ever),
      waiters.wait(adasCall.correlationId, ever),
      waiters.wait(bensCall.correlationId, ever),
    ];

    waiters.stop();

    expect(await Promise.all(waiting)).toEqual([null, null, null]);
  });
});

describe('the store', () => {
  it('is asked for the waiting calls only, and no more when nobody waits', async () => {
    const asked: string[][] = [];
    const waiters = createOutcomeWaiters({
      async read(ids) {
        asked.push([...ids]);
        return [];
      },
      everyMs: 5,
      log,
    });

    const waiting = waiters.wait(adasCall.correlationId, ever);
    await eventually(() => expect(asked.length).toBeGreaterThan(1));
    waiters.wake(decided);
    await waiting;
    const after = asked.length;
    await waiters.wait('another', 1);

    expect(new Set(asked.flat().slice(0, after))).toEqual(new Set([adasCall.correlationId]));
    expect(asked.length).toBeLessThanOrEqual(after + 1);
  });
});
