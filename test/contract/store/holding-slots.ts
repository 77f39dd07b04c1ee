import { expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { HoldSlotsInput } from '../../../src/store/operations/hold-slots.ts';
import type { GoingQuery } from '../../../src/store/reads/going-calls.ts';
import type { Store } from '../../../src/store/store.ts';
import { callerCode, committed, entry, legOf, noon, registration } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const minuteMs = 60_000;
const at = (minutes: number) => new Date(Date.parse(noon) + minutes * minuteMs).toISOString();
const started: FactBody = { kind: 'started', agent: 'agent_1' };
const ended: FactBody = { kind: 'ended', outcome: 'hung_up', reason: 'customer', durationSec: 40, agent: 'agent_1' };

/** Counting the calls that the AI has, and holding slots for those that come. */
export function itHoldsSlots(database: StoreUnderTest): void {
  const everyCall: GoingQuery['of'] = [{ dialer: 'vicidial', campaigns: [], isAllBut: true }];

  function count(store: Store, minutes: number, changes: Partial<GoingQuery> = {}): Promise<number> {
    return store.goingCalls({ of: everyCall, now: at(minutes), longestMs: 30 * minuteMs, ...changes });
  }

  async function tell(store: Store, minutes: number, call: string, key: string, body: FactBody): Promise<void> {
    const told = entry([callerCode(call)], key, body, { at: at(minutes), receivedAt: at(minutes) });
    await store.recordFacts({ facts: [told], now: at(minutes) });
  }

  function register(store: Store, minutes: number, call: string, changes: { route?: string; campaign?: string } = {}) {
    const { route = 'ai', ...leg } = changes;
    const body = { ...registration(legOf(call, { calledAt: at(minutes), ...leg })), route } as FactBody;
    return tell(store, minutes, call, `registered:${call}`, body);
  }

  it('counts a call from its registration to the end that its platform tells', async () => {
    const store = await database.open();
    await register(store, 0, 'V1');
    await register(store, 0, 'V2', { route: 'skill' });
    expect(await count(store, 0)).toBe(1);

    await tell(store, 0.5, 'V1', 'started', started);
    expect(await count(store, 2)).toBe(1);

    await tell(store, 3, 'V1', 'committed', committed('sale'));
    expect(await count(store, 3)).toBe(1);

    await tell(store, 3.5, 'V1', 'ended', ended);
    expect(await count(store, 3.5)).toBe(0);
  });

  it('lets no call hold a slot for ever: nobody tells its end, or that it got there', async () => {
    const store = await database.open();
    await register(store, 0, 'ended-untold');
    await tell(store, 0.5, 'ended-untold', 'started', started);
    await register(store, 0, 'committed-and-no-more');
    await tell(store, 1, 'committed-and-no-more', 'committed', committed('sale'));
    await register(store, 0, 'gave-up-ringing');

    // Nothing was told of a later call: for all we know its events are on their way.
    expect(await count(store, 2)).toBe(3);
    expect(await count(store, 4)).toBe(2);

    await register(store, 5, 'the-next');
    await tell(store, 5.2, 'the-next', 'started', started);
    await tell(store, 5.5, 'the-next', 'ended', ended);
    expect(await count(store, 6)).toBe(1);
    expect(await count(store, 31)).toBe(0);
  });

  it('counts the calls that a platform places when they begin', async () => {
    const store = await database.open();
    await register(store, 0, 'waits-in-a-campaign', { route: 'dial' });
    await register(store, 0, 'answered', { route: 'dial' });
    await tell(store, 1, 'answered', 'started', started);

    expect(await count(store, 1)).toBe(1);
  });

  it('counts the campaigns of one platform', async () => {
    const store = await database.open();
    for (const campaign of ['SPRING', 'SPRING', 'AUTUMN']) {
      await register(store, 0, `${campaign}-${Math.random()}`, { campaign });
    }

    const spring = { dialer: 'vicidial', campaigns: ['SPRING'] };
    expect(await count(store, 0, { of: [{ ...spring, isAllBut: false }] })).toBe(2);
    expect(await count(store, 0, { of: [{ ...spring, isAllBut: true }] })).toBe(1);
    expect(await count(store, 0, { of: [{ ...spring, dialer: 'five9', isAllBut: false }] })).toBe(0);
  });

  function holdAs(store: Store, holder: string, changes: Partial<HoldSlotsInput> = {}) {
    return store.holdSlots({
      ...{ platform: 'sigmamind', holder, limit: 10, given: 0, free: 0, wanted: 0, ttlMs: 60_000 },
      going: { of: everyCall, now: noon, longestMs: 30 * minuteMs },
      ...changes,
    });
  }

  it('gives each process its part, and never more than there is', async () => {
    const store = await database.open();
    for (const id of ['one', 'two', 'three']) {
      await store.reportProcess({ id, name: id, version: '1', startedAt: noon, links: [], backlog: [], spooled: 0 });
    }
    await register(store, 0, 'V1');

    const first = await holdAs(store, 'one');
    const second = await holdAs(store, 'two', { wanted: 5 });
    const third = await holdAs(store, 'three', { wanted: 5 });

    expect([first, second, third]).toEqual([
      { going: 1, free: 3 },
      { going: 1, free: 5 },
      { going: 1, free: 1 },
    ]);
    expect(await holdAs(store, 'three', { given: 1, wanted: 5 })).toEqual({ going: 1, free: 0 });
    // What it has not given stays its own while it asks again.
    expect(await holdAs(store, 'two', { given: 2, free: 3 })).toEqual({ going: 1, free: 3 });
  });

  it('takes back what a process holds that asks no more', async () => {
    const store = await database.open();
    await holdAs(store, 'gone', { wanted: 10, ttlMs: 0 });

    expect(await holdAs(store, 'here', { wanted: 10 })).toEqual({ going: 0, free: 10 });
  });

  it('never gives one slot twice to those who ask at once', async () => {
    const stores = await Promise.all([database.open(), database.open(), database.open()]);

    const held = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        holdAs(stores[index % 3] as Store, `process-${index}`, { wanted: 2, platform: 'busy' }),
      ),
    );

    expect(held.reduce((sum, { free }) => sum + free, 0)).toBe(10);
  });
}
