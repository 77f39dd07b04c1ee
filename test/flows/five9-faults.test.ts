import { afterEach, describe, expect, it } from 'vitest';
import type { Five9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { FaultOptions } from '../simulators/five9/injected-faults.ts';
import type { FaultInput } from '../simulators/five9/options.ts';
import {
  type FaultDay,
  type FaultDayEnd,
  type FaultDayOptions,
  importToken,
  startFaultDay,
  timeoutMs,
} from '../support/five9-fault-day.ts';

const imports = ['asyncAddRecordsToList', 'asyncUpdateCampaignDispositions', 'asyncUpdateCrmRecords'];
const bulkImports = ['updateDispositions', 'updateContacts'];
const writes = [...imports, 'updateCrmRecord', 'addNumbersToDnc', 'deleteRecordFromList'];
const results = ['getListImportResult', 'getDispositionsImportResult', 'getCrmImportResult'];
const looks = ['getContactRecords', 'checkDncForNumbers', 'isImportRunning', ...results];
const everything = [...writes, ...looks];

let day: FaultDay | undefined;
afterEach(async () => {
  await day?.stop();
  day = undefined;
});

interface Scenario extends FaultDayOptions {
  /** Waits for requests to strike. */
  faults: readonly Fault[];
  meanwhile?(day: FaultDay, allSaid: Promise<void>): Promise<void>;
}
interface Fault extends Partial<FaultOptions> {
  kind: FaultInput['kind'];
  on: readonly string[];
}

const fault = (kind: Fault['kind'], on: readonly string[], times: number, more: Partial<FaultOptions> = {}): Fault => ({
  kind,
  on,
  times,
  ...more,
});
const soapFault = (name: string, on: readonly string[], times: number) =>
  fault('soapFault', on, times, { fault: `${name}Fault` });
const told = { imports: { callback: { token: importToken } } };

/** Five9 is down while calls are made, so that afterwards there is much to do at once. */
function afterOutage(faults: readonly Fault[], dialer: Record<string, unknown> = {}): Scenario {
  return {
    calls: 260,
    dialer,
    faults: [fault('down', [''], -1)],
    async meanwhile({ five9 }, allSaid) {
      await allSaid;
      five9.heal();
      inject(five9, faults);
    },
  };
}

function inject(five9: Five9Simulator, faults: readonly Fault[]): void {
  for (const { kind, on, ...more } of faults) for (const operation of on) five9.failNext(kind, { ...more, operation });
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'nothing goes wrong': { faults: [] },
  'the session is closed before the effect': { faults: [fault('sessionClosed', everything, 3)] },
  'the session is closed after the effect': { faults: [fault('sessionClosedAfterEffect', everything, 3)] },
  'somebody else is logged in as our user': { faults: [soapFault('UserAlreadyLoggedIn', everything, 6)] },
  'Five9 answers 503 with a page': { faults: [fault('serviceUnavailable503Html', everything, 3)] },
  'the connection is cut': { faults: [fault('down', everything, 3)] },
  'Five9 is slower than the time-out': { faults: [fault('slow', everything, 2, { ms: timeoutMs + 50 })] },
  'the answer to an import of 100 is lost': afterOutage([fault('timeoutAfterEffect', imports, 1)]),
  'the answer to a batch import is lost': afterOutage([fault('timeoutAfterEffect', bulkImports, 1)], {
    batch: { bulkFrom: 100 },
  }),
  'completion callbacks are lost': { dialer: told, faults: [fault('callbackLost', imports, -1)] },
  'completion callbacks come twice': { dialer: told, faults: [fault('callbackTwice', imports, -1)] },
  'counts do not add up': { faults: [fault('miscount', imports, 4)] },
  'imports run for a quarter of an hour': { faults: [fault('importRunningFor', imports, 2, { ms: 900_000 })] },
  'results are not ready': { faults: [soapFault('ResultIsNotReady', results, 4)] },
  'results are not known': { faults: [fault('importForgotten', imports, 3)] },
  'limits are used up, though our count says otherwise': {
    faults: [soapFault('OperationsLimitExceeded', everything, 2)],
  },
  'limits are narrow': {
    simulator: { limits: { AsynchronousUpload: { minute: 2, hour: 100, day: 1000 } } },
    faults: [],
  },
  'others change the same things': { faults: [soapFault('ConcurrentModification', everything, 4)] },
  'Five9 has errors of its own': { faults: [fault('serverFault', everything, 3)] },
  'EXP minds change while the answer to the callback is lost': {
    only: 'changed_mind',
    dialer: { batch: { flushMs: 0 } },
    faults: [fault('timeoutAfterEffect', ['asyncAddRecordsToList'], 6)],
  },
  'EXP minds change while the import runs': {
    only: 'changed_mind',
    dialer: { batch: { flushMs: 0 } },
    faults: [fault('importRunningFor', ['asyncAddRecordsToList'], 20, { ms: 60_000 })],
  },
  'EXP callbacks move while the answer is lost and runs long': {
    only: 'moved_callback',
    dialer: { batch: { flushMs: 0 } },
    faults: [
      fault('timeoutAfterEffect', ['asyncAddRecordsToList'], 6),
      fault('importRunningFor', ['asyncAddRecordsToList'], 6, { ms: 15_000 }),
    ],
  },
  'Patchbay is stopped and started, twice': {
    faults: [fault('timeoutAfterEffect', imports, 1)],
    async meanwhile(day) {
      for (let times = 0; times < 2; times += 1) {
        await day.clock.sleep(100_000);
        await day.restart();
      }
    },
  },
};

async function play({ faults, meanwhile, ...options }: Scenario): Promise<FaultDayEnd> {
  day = await startFaultDay({ calls: 52, ...options });
  for (const { kind, on, ...more } of faults)
    for (const operation of on) day.five9.failNext(kind, { ...more, operation });
  const { five9 } = day;
  const t = performance.now();
  const end = await day.play(meanwhile && ((allSaid) => meanwhile(day as FaultDay, allSaid)));
  const ops: Record<string, number> = {};
  for (const { fault } of five9.requests()) ops[fault] = (ops[fault] ?? 0) + 1;
  console.log(Math.round(performance.now() - t), JSON.stringify(ops), JSON.stringify(end));
  return end;
}

describe('every call ends right in Five9 though', () => {
  it.each(Object.entries(scenarios))(
    '%s',
    async (_name, scenario) => {
      const end = await play(scenario);

      expect(end).toMatchObject({ findings: [], lost: 0, double: 0, wrong: 0 });
      expect(end.failed.filter((row) => !row.startsWith('stranger disposition refused'))).toEqual([]);
    },
    60_000,
  );
});
