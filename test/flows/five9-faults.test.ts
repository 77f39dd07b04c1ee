import { afterEach, describe, expect, it } from 'vitest';
import type { Five9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { FaultInput } from '../simulators/five9/options.ts';
import { eventually } from '../support/eventually.ts';
import { agentDisposition } from '../support/five9-calls.ts';
import {
  type FaultDay,
  type FaultDayOptions,
  importToken,
  startFaultDay,
  timeoutMs,
} from '../support/five9-fault-day.ts';

/** Enough for two calls of each kind; PATCHBAY_FAULT_CALLS=300 takes minutes. */
const calls = Number(process.env.PATCHBAY_FAULT_CALLS ?? 26);
/** More seeds, more days on which everything goes wrong: PATCHBAY_FAULT_SEEDS=1,2,3 */
const seeds = (process.env.PATCHBAY_FAULT_SEEDS ?? '1').split(',').map(Number);

const imports = ['asyncAddRecordsToList', 'asyncUpdateCampaignDispositions', 'asyncUpdateCrmRecords'];
const batchImports = ['updateDispositions', 'updateContacts'];
const writes = [...imports, 'updateCrmRecord', 'addNumbersToDnc', 'deleteRecordFromList'];
const results = ['getListImportResult', 'getDispositionsImportResult', 'getCrmImportResult'];
const everything = [...writes, ...results, 'getContactRecords', 'checkDncForNumbers', 'isImportRunning'];

interface Fault extends FaultInput {
  /** Operations, each of which it strikes so many times. */
  on: readonly string[];
}

interface Scenario extends FaultDayOptions {
  faults: readonly Fault[];
  meanwhile?(day: FaultDay, allSaid: Promise<void>): Promise<void>;
  /** A request that was struck: proves that the fault did happen. */
  strikes?: string;
}

const fault = (kind: Fault['kind'], on: readonly string[], times: number, ms = 0): Fault => ({ kind, on, times, ms });
const soapFault = (name: string, on: readonly string[], times: number): Fault => ({
  ...fault('soapFault', on, times),
  fault: `${name}Fault`,
});
const told = { imports: { callback: { token: importToken } } };

const scenarios: Readonly<Record<string, Scenario>> = {
  'a session is closed before the effect': {
    faults: [fault('sessionClosed', everything, 3)],
    strikes: 'AdminSessionClosedFault',
  },
  'a session is closed after the effect': {
    faults: [fault('sessionClosedAfterEffect', everything, 3)],
    strikes: 'AdminSessionClosedFault',
  },
  'somebody else is logged in as our user': {
    faults: [soapFault('UserAlreadyLoggedIn', everything, 6)],
    strikes: 'UserAlreadyLoggedInFault',
  },
  'Five9 answers 503 with a page': { faults: [fault('serviceUnavailable503Html', everything, 3)], strikes: '503' },
  'the connection is cut': { faults: [fault('down', everything, 3)], strikes: 'down' },
  // While it works on, Five9 serves the user nothing else.
  'Five9 is slower than the time-out': {
    faults: [fault('slow', writes, 1, timeoutMs + 50)],
    strikes: 'UserAlreadyLoggedInFault',
  },
  'the answer to an import of 100 rows is lost': {
    calls: 190,
    dialer: { batch: { flushMs: 400_000, singlesUpTo: 0 } },
    faults: [fault('timeoutAfterEffect', imports, 2)],
    strikes: 'timeoutAfterEffect',
  },
  'the answer to a batch import is lost': {
    only: 'sale',
    simulator: { limits: { AsynchronousUpload: { minute: 20, hour: 100, day: 1 } } },
    dialer: { batch: { singlesUpTo: 0 } },
    faults: [fault('timeoutAfterEffect', batchImports, 1)],
    strikes: 'timeoutAfterEffect',
  },
  'completion callbacks are lost': { dialer: told, faults: [fault('callbackLost', imports, -1)] },
  'completion callbacks come twice': { dialer: told, faults: [fault('callbackTwice', imports, -1)] },
  'completion callbacks are forged, while imports run': {
    dialer: told,
    faults: [fault('importRunningFor', imports, -1, 60_000)],
    meanwhile: forgeCallbacks,
  },
  'counts do not add up': { faults: [fault('miscount', imports, 4)] },
  'imports run for twelve minutes': { faults: [fault('importRunningFor', imports, 2, 720_000)] },
  'customers change their minds while imports run': {
    only: 'changed_mind',
    calls: 16,
    dialer: { batch: { flushMs: 0 } },
    faults: [fault('importRunningFor', ['asyncAddRecordsToList'], -1, 200_000)],
  },
  'results are not ready': { faults: [soapFault('ResultIsNotReady', results, 4)], strikes: 'ResultIsNotReadyFault' },
  'imports are not known any more': {
    faults: [fault('importForgotten', imports, 3)],
    strikes: 'UnknownIdentifierFault',
  },
  'limits are used up by somebody else': {
    faults: [soapFault('OperationsLimitExceeded', everything, 1)],
    strikes: 'OperationsLimitExceededFault',
  },
  'limits are narrow': {
    simulator: { limits: { AsynchronousUpload: { minute: 2, hour: 100, day: 1000 } } },
    faults: [],
  },
  'others change the same things': {
    faults: [soapFault('ConcurrentModification', everything, 4)],
    strikes: 'ConcurrentModificationFault',
  },
  'Patchbay is stopped and started again, twice': {
    faults: [fault('timeoutAfterEffect', imports, 1)],
    strikes: 'timeoutAfterEffect',
    async meanwhile(day) {
      for (let times = 0; times < 2; times += 1) {
        await day.clock.sleep(80_000);
        await day.restart();
      }
    },
  },
};

let day: FaultDay | undefined;
afterEach(async () => {
  await day?.stop();
  day = undefined;
});

async function play({ faults, meanwhile, ...options }: Omit<Scenario, 'strikes'>) {
  const started = await startFaultDay({ calls, ...options });
  day = started;
  inject(started.five9, faults);
  return started.play(meanwhile && ((allSaid) => meanwhile(started, allSaid)));
}

function inject(five9: Five9Simulator, faults: readonly Fault[]): void {
  for (const { kind, on, ...more } of faults) for (const operation of on) five9.failNext(kind, { ...more, operation });
}

function struck(played: FaultDay | undefined): string[] {
  return (played?.five9.requests() ?? []).map(({ fault }) => fault);
}

/** Nothing failed for good but what had to: a contact that is in no list of its campaign. */
const right = { findings: [], lost: 0, double: 0, wrong: 0, failed: [] };

describe('every call ends right in Five9, each effect once, when', () => {
  it('nothing goes wrong', async () => {
    expect(await play({ faults: [] })).toMatchObject({ ...right, retries: 0, rows: { refused: 1 } });
  });

  it.each(Object.entries(scenarios))(
    '%s',
    async (_name, { strikes, ...scenario }) => {
      const end = await play(scenario);

      expect(end).toMatchObject(right);
      if (strikes) expect(struck(day)).toContain(strikes);
    },
    60_000,
  );

  it('a customer opts out while the callback is in doubt', async () => {
    const end = await play({
      calls: 1,
      only: 'callback',
      rate: 50,
      dialer: { batch: { flushMs: 0 } },
      faults: [
        // Through only when the answer was given up long ago.
        fault('importRunningFor', ['asyncAddRecordsToList'], 1, 50 * timeoutMs + 12_000),
        fault('timeoutAfterEffect', ['asyncAddRecordsToList'], 1),
      ],
      async meanwhile(started) {
        await eventually(() => expect(struck(started)).toContain('timeoutAfterEffect'));
        for (const call of started.calls) await started.say(call, { outcome: 'opt_out' });
      },
    });

    expect(end).toMatchObject(right);
    expect(day?.five9.effects().filter(({ kind }) => kind.startsWith('callback'))).toMatchObject([
      { kind: 'callback' },
      { kind: 'callback-removed' },
    ]);
  });

  it('an agent disposes of the record while our write is in doubt', async () => {
    const end = await play({
      calls: 1,
      only: 'agent_later',
      dialer: { batch: { flushMs: 0 } },
      faults: [fault('timeoutAfterEffect', ['asyncUpdateCampaignDispositions'], 1)],
      async meanwhile(started) {
        await eventually(() => expect(struck(started)).toContain('timeoutAfterEffect'));
        // The import takes its time.
        await eventually(() =>
          expect(started.five9.effects()).toContainEqual(expect.objectContaining({ kind: 'disposition', by: 'api' })),
        );
        for (const call of started.calls) await started.agentDisposes(call);
      },
    });

    expect(end).toMatchObject(right);
    const written = day?.five9.effects().filter(({ kind }) => kind === 'disposition') ?? [];
    expect(written.map(({ value }) => value)).toEqual(['AI - Not interested', agentDisposition, agentDisposition]);
    // Nothing tells which came last: the agent's word is brought again.
    expect(written.map(({ isChange }) => isChange)).toEqual([true, true, false]);
  });

  it.each(seeds)(
    'all of it happens in one day, in the order of seed %i',
    async (seed) => {
      const end = await play({
        seed,
        calls: 300,
        // Ten minutes before Five9 takes DNC numbers.
        startsAt: '2026-03-03T06:50:00.000Z',
        dialer: told,
        faults: [],
        meanwhile: faultyDay,
      });

      expect(end).toMatchObject(right);
      expect(new Set(struck(day)).size).toBeGreaterThan(6);
    },
    90_000,
  );
});

/** The scenarios' faults in random order, one or two at a time, and Patchbay stopped and started in between. */
async function faultyDay(day: FaultDay, allSaid: Promise<void>): Promise<void> {
  const { five9, clock, random } = day;
  let isOver = false;
  void allSaid.then(() => {
    isOver = true;
  });
  const catalogue = Object.values(scenarios).flatMap(({ faults }) => faults);
  for (let count = 0; count < 60 || !isOver; count += 1) {
    const { on, ...one } = pick(catalogue, random);
    // Less than the time that an import gets whose answer is lost (imports.lostAfterSec).
    const ms = one.kind === 'importRunningFor' ? Math.round(random() * 90_000) : one.ms;
    inject(five9, [{ ...one, on: [pick(on, random)], ms, times: random() < 0.5 ? 1 : 2 }]);
    if (count === 15 || count === 35) await day.restart();
    await clock.sleep(random() * 20_000);
  }
  five9.heal();
}

/** Tells of imports that still run, and of others that there never were. */
async function forgeCallbacks(day: FaultDay, allSaid: Promise<void>): Promise<void> {
  let isOver = false;
  void allSaid.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const rows = await day.patchbay().app.deps.store.writeBacks({ states: ['submitted'], limit: 50 });
    const identifiers = ['of-somebody-else', ...rows.map(({ receipt }) => receipt.split(':')[1] ?? '')];
    for (const [token, importIdentifier] of [importToken, 'guessed'].flatMap((key) =>
      identifiers.map((id) => [key, id]),
    )) {
      await fetch(`${day.patchbay().url}/v1/dialers/five9/imports/${token}`, {
        method: 'POST',
        body: JSON.stringify({ importIdentifier }),
      });
    }
    await day.clock.sleep(10_000);
  }
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

describe('the measure', () => {
  it('sees doubles when Patchbay writes without looking first', async () => {
    const end = await play({
      patchbay: { drill: { ignoreIdempotency: true } },
      faults: [fault('timeoutAfterEffect', imports, 1)],
    });

    expect(end.double).toBeGreaterThan(0);
  });

  it('sees a loss when an acknowledged outcome is dropped', async () => {
    const end = await play({ patchbay: { drill: { dropCommittedFact: 3 } }, faults: [] });

    expect(end.lost).toBeGreaterThan(0);
  });
});
