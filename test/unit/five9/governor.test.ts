import { beforeEach, describe, expect, it } from 'vitest';
import { createGovernor, type Governor } from '../../../connectors/five9/quota/governor.ts';
import { defaultLimits } from '../../../connectors/five9/quota/windows.ts';
import type { CallCounters } from '../../../connectors/five9/soap/schema.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';

const windows = [60, 3600, 86_400];

let clock: TestClock;
/** What Five9 would answer; null: it can't be asked. */
let counters: CallCounters | null;
let reads: number;
let governor: Governor;

beforeEach(() => {
  clock = createTestClock('2026-03-02T20:41:30.000Z');
  counters = null;
  reads = 0;
  governor = start();
});

function start(reservePercent = 15): Governor {
  return createGovernor(clock, {
    timeZone: 'America/Los_Angeles',
    reservePercent,
    async readCounters() {
      reads += 1;
      if (!counters) throw new Error('Five9 is away');
      return counters;
    },
  });
}

/** Counters of one category in each window, as [limit, value]. */
function countersOf(operationType: string, ...states: [limit: number, value: number][]): CallCounters {
  return states.map(([limit, value], index) => ({
    windowSec: windows[index] ?? 60,
    counters: [{ operationType, limit, value }],
  }));
}

async function spend(count: number, purpose: 'interactive' | 'write' | 'background', operation = 'isImportRunning') {
  let sent = 0;
  for (let number = 0; number < count; number += 1) {
    await governor
      .spend(operation as 'isImportRunning', purpose, async () => {
        sent += 1;
      })
      .catch(() => undefined);
  }
  return sent;
}

const opensAt = (
  operation: Parameters<Governor['openAt']>[0],
  purpose: Parameters<Governor['openAt']>[1] = 'write',
) => {
  const at = governor.openAt(operation, purpose);
  return at === 0 ? 'now' : new Date(at).toISOString();
};

describe('the reserve', () => {
  it('is left alone by write-backs, and twice as much by background work; a live call may have it', async () => {
    const background = await spend(500, 'background');
    const write = await spend(500, 'write');
    const interactive = await spend(500, 'interactive');

    expect([background, write, interactive]).toEqual([316, 67, 67]);
    expect(background + write + interactive).toBe(defaultLimits.Query?.[0]);
  });

  it('leaves a little to write-backs that live calls cannot have', async () => {
    const interactive = await spend(500, 'interactive');
    const write = await spend(500, 'write');

    expect([interactive, write]).toEqual([428, 22]);
    expect([opensAt('isImportRunning', 'write'), opensAt('isImportRunning', 'interactive')]).not.toContain('now');
  });

  it('leaves that anew in each window', async () => {
    await spend(500, 'interactive');
    await spend(500, 'write');
    clock.leapTo('2026-03-02T20:42:01.000Z');

    expect([await spend(500, 'interactive'), await spend(500, 'write')]).toEqual([428, 22]);
  });

  it('leaves that to write-backs also where other processes, or this one before its restart, served the calls', async () => {
    governor.learn(countersOf('Query', [450, 0], [15_000, 14_300], [172_800, 14_300]));

    expect([await spend(1, 'interactive'), await spend(1, 'write')]).toEqual([0, 1]);
  });

  it('leaves that anew also where the counters are read in the second before a full window opens again', async () => {
    await spend(500, 'write');
    await spend(500, 'interactive');
    clock.leapTo('2026-03-02T20:42:00.500Z');
    governor.learn(countersOf('Query', [450, 0]));

    expect([await spend(500, 'interactive'), await spend(500, 'write')]).toEqual([428, 22]);
  });

  it('is as large as the site wants', async () => {
    governor = start(0);

    expect(await spend(500, 'background')).toBe(450);
  });
});

describe('a window that is used up', () => {
  it('opens again a second after its end, and not before: minute, hour, day by the data centre', async () => {
    counters = countersOf('AsynchronousUpload', [20, 17], [1000, 10], [2000, 10]);
    await governor.refresh('asyncUpdateCrmRecords', 'write');
    const minute = opensAt('asyncUpdateCrmRecords');
    governor.learn(countersOf('AsynchronousUpload', [20, 0], [1000, 850], [2000, 850]));
    const hour = opensAt('asyncUpdateCrmRecords');
    governor.learn(countersOf('AsynchronousUpload', [20, 0], [1000, 0], [2000, 1700]));
    const day = opensAt('asyncUpdateCrmRecords');

    expect([minute, hour, day]).toEqual([
      '2026-03-02T20:42:01.000Z',
      '2026-03-02T21:00:01.000Z',
      '2026-03-03T08:00:01.000Z',
    ]);
  });

  it('lets nothing through until then', async () => {
    await spend(17, 'write', 'asyncUpdateCrmRecords');

    clock.leapTo('2026-03-02T20:42:00.900Z');
    const early = await spend(1, 'write', 'asyncUpdateCrmRecords');
    clock.leapTo('2026-03-02T20:42:01.000Z');
    const late = await spend(20, 'write', 'asyncUpdateCrmRecords');

    expect([early, late]).toEqual([0, 17]);
  });

  it('lets no live call through until then either', async () => {
    await spend(500, 'interactive');

    clock.leapTo('2026-03-02T20:42:00.900Z');
    const early = await spend(1, 'interactive');
    clock.leapTo('2026-03-02T20:42:01.000Z');
    const late = await spend(500, 'interactive');

    expect([early, late]).toEqual([0, 428]);
  });

  it('holds up no other category', async () => {
    await spend(17, 'write', 'asyncUpdateCrmRecords');

    expect([opensAt('updateCrmRecord'), opensAt('isImportRunning'), opensAt('getCallCountersState')]).toEqual([
      'now',
      'now',
      'now',
    ]);
  });

  it('tells how long to wait', async () => {
    await spend(17, 'write', 'asyncUpdateCrmRecords');

    expect(() => governor.assertOpen('asyncUpdateCrmRecords', 'write')).toThrow(
      expect.objectContaining({ code: 'dialer_limit', retryable: true, afterMs: 31_000 }),
    );
  });

  it('counts additions to the DNC list under both of their categories', async () => {
    const sent = await spend(30, 'write', 'addNumbersToDnc');

    expect(sent).toBe(17);
    expect(governor.lines().find(({ category, windowSec }) => category === 'Modify' && windowSec === 60)?.used).toBe(
      17,
    );
    governor.learn(countersOf('Modify', [10, 10]));
    clock.leapTo('2026-03-02T20:41:40.000Z');
    governor.learn(countersOf('Upload', [20, 0]));
    expect(opensAt('addNumbersToDnc')).not.toBe('now');
  });
});

describe("the domain's own counters", () => {
  it('are read before the first request, again a minute later, and count for other processes too', async () => {
    counters = countersOf('Query', [450, 380], [15_000, 380], [172_800, 380]);

    await governor.refresh('isImportRunning', 'write');
    const sent = await spend(10, 'write');
    await governor.refresh('isImportRunning', 'write');
    clock.advance(60_000);
    await governor.refresh('isImportRunning', 'write');

    expect([sent, reads]).toEqual([3, 2]);
  });

  it('raise or lower a limit, and add categories that are not documented', async () => {
    counters = [
      ...countersOf('AsynchronousUpload', [40, 0], [9, 0], [2000, 0]),
      ...countersOf('Web2CampaignUpload', [5, 3]),
    ];

    await governor.refresh('asyncUpdateCrmRecords', 'write');

    expect(await spend(40, 'write', 'asyncUpdateCrmRecords')).toBe(8);
    expect(governor.lines()).toContainEqual(
      expect.objectContaining({ category: 'Web2CampaignUpload', windowSec: 60, limit: 5, used: 3 }),
    );
  });

  it('are done without when Five9 can not be asked: the documented limits hold', async () => {
    await governor.refresh('asyncUpdateCrmRecords', 'write');

    expect(await spend(40, 'write', 'asyncUpdateCrmRecords')).toBe(17);
  });

  it('know of a request on its way: it is not forgotten by an answer that was made before it', async () => {
    const answer = Promise.withResolvers<void>();
    const onItsWay = governor.spend('asyncUpdateCrmRecords', 'write', () => answer.promise);

    governor.learn(countersOf('AsynchronousUpload', [20, 16], [1000, 16], [2000, 16]));
    const during = opensAt('asyncUpdateCrmRecords');
    answer.resolve();
    await onItsWay;

    expect(during).not.toBe('now');
  });
});

describe('a refusal by Five9', () => {
  it('closes the category until the longest full window ends, for everybody', async () => {
    counters = countersOf('Query', [450, 3], [15_000, 15_000], [172_800, 16_000]);

    const error = await governor.refused('isImportRunning', 'Query');

    expect(error).toMatchObject({ code: 'dialer_limit', afterMs: 18 * 60_000 + 30_000 + 1000 });
    expect(opensAt('getContactRecords', 'interactive')).toBe('2026-03-02T21:00:01.000Z');
    expect(opensAt('updateCrmRecord')).toBe('now');
  });

  it('closes it for no longer where a longer window has room for write-backs yet', async () => {
    counters = countersOf('Query', [450, 450], [15_000, 14_300], [172_800, 14_300]);

    await governor.refused('isImportRunning', 'Query');

    expect(opensAt('isImportRunning')).toBe('2026-03-02T20:42:01.000Z');
  });

  it('waits for the next minute when no counter can be read', async () => {
    await governor.refused('isImportRunning', 'Query');

    expect(opensAt('isImportRunning')).toBe('2026-03-02T20:42:01.000Z');
  });

  it('lasts no longer than its window where our clock was ahead, and is put right', async () => {
    clock.leapTo('2026-03-02T23:41:30.000Z');
    await governor.refused('isImportRunning', 'Query');

    clock.leapTo('2026-03-02T20:41:40.000Z');
    governor.learn(countersOf('Query', [450, 0], [15_000, 0], [172_800, 0]));

    expect(opensAt('isImportRunning')).toBe('now');
  });

  it('by a category that we do not know closes the operation all the same', async () => {
    counters = countersOf('QueryStatistics', [10, 10], [100, 100]);

    await governor.refused('getCampaigns', 'QueryStatistics');

    expect(opensAt('getCampaigns')).toBe('2026-03-02T21:00:01.000Z');
  });
});
