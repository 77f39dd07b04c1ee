import { expect, it } from 'vitest';
import type { CallCount } from '../../../src/domain/call-marks.ts';
import { countCursor } from '../../../src/domain/call-search.ts';
import { type CountedMarks, keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  callerCode,
  callWithOutcome,
  committed,
  entry,
  five9Call,
  legOf,
  noon,
  ours,
  record,
  registered,
  registration,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const wholeDay = { from: '2026-11-21T00:00:00.000Z', before: '2026-11-22T00:00:00.000Z' };
const minute = (number: number) => new Date(Date.parse(noon) + number * 60_000).toISOString();

/** Brings the counts up to date, as the worker does it. */
export async function keepCounts(
  store: Store,
  now: string,
  { marks = new Map(), timeZone = 'America/New_York' }: { marks?: CountedMarks; timeZone?: string } = {},
): Promise<number> {
  let hours = 0;
  for (;;) {
    const run = await keepCallCounts(depsOf(store, now, timeZone), marks);
    hours += run.hours;
    if (run.isWhole) return hours;
  }
}

function depsOf(store: Store, now: string, timeZone = 'America/New_York'): Parameters<typeof keepCallCounts>[0] {
  return { store, clock: { now: () => Date.parse(now) }, settings: { console: { timeZone } } };
}

/** How calls are counted by the hour. */
export function itCounts(database: StoreUnderTest): void {
  it('counts calls by the hour, and by what they are, with their marks', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await callWithOutcome(store, 'V2', 'sale');
    await record(store, registered('V3', { receivedAt: minute(-90) }));
    const ended = { kind: 'ended', outcome: 'hung_up', reason: '', durationSec: 61, agent: 'agent_1' } as const;
    await record(store, entry([callerCode('V1')], 'ended', ended));
    const started = { kind: 'started', agent: 'agent_1' } as const;
    await record(store, entry([callerCode('V1')], 'started', started, { at: noon.replace('00.000Z', '01.100Z') }));

    await keepCounts(store, minute(1));

    const counts = await store.countHours(wholeDay);
    expect(counts.map(inWords)).toEqual([
      '10:00 vicidial SPRING   none 1 calls 0 s',
      '12:00 vicidial SPRING   sale 1 calls 0 s',
      '12:00 vicidial SPRING agent_1  sale 1 calls 61 s, first words 0,0,0,0,1',
    ]);
    const byOutcome = await store.countHours({ ...wholeDay, by: ['outcome'] });
    expect(byOutcome.map(({ hour, outcome, calls }) => [hour, outcome, calls])).toEqual([
      ['', '', 1],
      ['', 'sale', 2],
    ]);
    expect(await store.countHours({ ...wholeDay, from: minute(30), by: [] })).toEqual([]);
  });

  it('counts a call again that changed, in its own hour, and no other hour', async () => {
    const store = await database.open();
    const marks: CountedMarks = new Map();
    await callWithOutcome(store, 'V1', 'sale');
    await record(store, registered('V3', { receivedAt: minute(-90) }));
    await keepCounts(store, minute(1), { marks });
    await keepCounts(store, minute(1), { marks });

    await store.recordFacts({ facts: [entry([callerCode('V3')], 'late', committed('callback'))], now: minute(2) });

    expect(await keepCounts(store, minute(3), { marks })).toBe(1);
    expect((await store.countHours(wholeDay)).map(inWords)).toEqual([
      '10:00 vicidial SPRING   callback 1 calls 0 s',
      '12:00 vicidial SPRING   sale 1 calls 0 s',
    ]);
    expect(await keepCounts(store, minute(4), { marks })).toBe(0);
  });

  it('counts no call that was erased', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'sale');
    await keepCounts(store, minute(1));

    await store.eraseCall({ correlationId: id, platforms: [], names: {}, by: 'joan', now: minute(2) });
    await keepCounts(store, minute(3));

    expect(await store.countHours(wholeDay)).toEqual([]);
    expect(await store.leftHours(10)).toEqual([]);
  });

  it('counts a call once whose first leg turns out to have come earlier', async () => {
    const store = await database.open();
    const { call } = await record(store, registered('V1', { receivedAt: minute(61) }));
    await keepCounts(store, minute(62));

    const earlier = registration(legOf('7', { dialer: 'five9', calledAt: minute(-5) }));
    const told = { source: 'five9', receivedAt: minute(-4), freshId: call.correlationId };
    const fact = entry([ours(call.correlationId), five9Call('7')], 'registered:7', earlier, told);
    await store.recordFacts({ facts: [fact], now: minute(63) });
    await keepCounts(store, minute(63));

    expect((await store.countHours(wholeDay)).map(inWords)).toEqual(['11:00 five9 SPRING   none 1 calls 0 s']);
  });

  it('begins hours by the clocks of the zone, and counts all anew when that is another', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    await record(store, registered('V3', { receivedAt: minute(-90) }));
    await keepCounts(store, minute(1));

    await keepCounts(store, minute(2), { timeZone: 'Asia/Kolkata' });

    expect((await store.countHours(wholeDay)).map(({ hour }) => hour.slice(11, 16))).toEqual(['10:30', '11:30']);
  });

  it('tells days apart, each by the clocks of the zone', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    // An hour before midnight in New York.
    await record(store, registered('V3', { receivedAt: minute(-8 * 60) }));
    await keepCounts(store, minute(1));

    const span = { from: '2026-11-20T05:00:00.000Z', before: '2026-11-23T05:00:00.000Z' };
    const days = await store.countHours({ ...span, by: ['day', 'outcome'] });

    expect(days.map(({ hour, dialer, outcome, calls }) => [hour, dialer, outcome, calls])).toEqual([
      ['2026-11-20T05:00:00.000Z', '', '', 1],
      ['2026-11-21T05:00:00.000Z', '', 'sale', 1],
    ]);
  });

  it('keeps nothing of a count that another process overtook', async () => {
    const store = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const counted = { hours: [{ hour: noon, before: minute(60) }], days: [], counts: [], left: [] };
    await keepCounts(store, minute(1));
    const was = await store.readCursor(countCursor);
    const place = JSON.parse(was) as object;

    const kept = await Promise.all([
      store.keepCounts({ ...counted, was, is: JSON.stringify({ ...place, seenTo: minute(2) }) }),
      store.keepCounts({ ...counted, was, is: JSON.stringify({ ...place, seenTo: minute(3) }) }),
    ]);

    expect(kept.sort()).toEqual([false, true]);
    expect(await store.keepCounts({ ...counted, was, is: was })).toBe(false);
  });

  it('counts a change by a clock that is behind, though another came later', async () => {
    const store = await database.open();
    const marks: CountedMarks = new Map();
    await callWithOutcome(store, 'V1', 'sale');
    await store.recordFacts({ facts: [registered('V2')], now: minute(2) });
    for (const round of [2, 2]) await keepCounts(store, minute(round), { marks });

    await store.recordFacts({ facts: [entry([callerCode('V1')], 'late', committed('callback'))], now: minute(1) });
    for (const later of [3, 9, 10]) await keepCounts(store, minute(later), { marks });

    const counts = await store.countHours({ ...wholeDay, by: ['outcome'] });
    expect(counts.map(({ outcome }) => outcome)).toEqual(['', 'callback']);
  });

  it('keeps no older count of an hour than another process kept', async () => {
    const store = await database.open();
    const quick: CountedMarks = new Map();
    await callWithOutcome(store, 'V1', 'sale');
    await keepCounts(store, minute(2), { marks: quick });
    await store.recordFacts({ facts: [registered('V2')], now: minute(2) });

    const slow: Store = {
      ...store,
      async countCallsOf(input) {
        const counts = await store.countCallsOf(input);
        await store.recordFacts({ facts: [registered('V3')], now: minute(2) });
        await keepCounts(store, minute(2), { marks: quick });
        return counts;
      },
    };
    await keepCallCounts(depsOf(slow, minute(2)), new Map());

    expect((await store.countHours({ ...wholeDay, by: [] })).map(({ calls }) => calls)).toEqual([3]);
  });

  it('counts a call that was written while others were being counted', async () => {
    const store = await database.open();
    const other = await database.open();
    await callWithOutcome(store, 'V1', 'sale');
    const marks: CountedMarks = new Map();

    const writing = (async () => {
      for (let index = 10; index < 30; index += 1) await callWithOutcome(other, `V${index}`, 'callback');
    })();
    for (let round = 0; round < 5; round += 1) await keepCounts(store, minute(round), { marks });
    await writing;
    await keepCounts(store, minute(5), { marks });

    const counts = await store.countHours({ ...wholeDay, by: ['outcome'] });
    expect(counts.map(({ outcome, calls }) => [outcome, calls])).toEqual([
      ['callback', 20],
      ['sale', 1],
    ]);
  });
}

function inWords({ hour, dialer, campaign, agent, agentVersion, outcome, calls, talkSec, firstWords }: CallCount) {
  const words = firstWords.join().replace(/(,0)+$/, '');
  const name = [hour.slice(11, 16), dialer, campaign, agent, agentVersion, outcome || 'none'].join(' ');
  return `${name} ${calls} calls ${talkSec} s${words === '0' ? '' : `, first words ${words}`}`;
}
