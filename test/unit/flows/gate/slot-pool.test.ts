import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLetInCalls } from '../../../../src/flows/gate/let-in-calls.ts';
import { createSlotPool, type SlotPool } from '../../../../src/flows/gate/slot-pool.ts';

const now = { askMs: 1000, waitMs: 0 };
const patiently = { askMs: 1000, waitMs: 5000 };

/** What the store keeps: which calls it knows, and what each process holds beyond them. */
function keeper(limit: number, delayMs: () => number) {
  const holds = new Map<string, number>();
  const state = { going: 0, isAway: false };
  return {
    state,
    async hold(holder: string, { given, free, wanted }: { given: number; free: number; wanted: number }) {
      await wait(delayMs());
      if (state.isAway) return null;
      const held = [...holds].reduce((sum, [id, slots]) => (id === holder ? sum : sum + slots), 0);
      const room = Math.max(0, limit - state.going - held - given);
      const got = Math.min(room, Math.max(free, wanted, Math.ceil(room / 3)));
      holds.set(holder, given + got);
      await wait(delayMs());
      return { free: got };
    },
  };
}

type Keeper = ReturnType<typeof keeper>;

const longestMs = 60_000;

function letInCalls({ most = 100, now: at = () => 0 as number } = {}) {
  return createLetInCalls({ most: () => most, longestMs: () => longestMs, now: at });
}

function poolOf(store: Keeper, holder: string, letIn: Parameters<typeof letInCalls>[0] = {}): SlotPool {
  return createSlotPool({
    letIn: letInCalls(letIn),
    hold: (wish) => store.hold(holder, wish),
    hasSpooled: () => store.state.isAway,
    goodMs: 4000,
    againMs: 5,
  });
}

it('never has more calls going than the limit, whatever three processes are asked at once', async () => {
  const step = fc.record({
    process: fc.nat(2),
    pauseMs: fc.nat(3),
    talkMs: fc.integer({ min: 1, max: 30 }),
    isDropped: fc.boolean(),
  });
  const random = fc.array(fc.nat(4), { minLength: 1 });

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), random, async (steps, delays) => {
      let turn = 0;
      const limit = 4;
      const store = keeper(limit, () => delays[turn++ % delays.length] ?? 0);
      const pools = ['one', 'two', 'three'].map((holder) => poolOf(store, holder));
      let talking = 0;
      let most = 0;
      const calls: Promise<void>[] = [];
      for (const [index, { process, pauseMs, talkMs, isDropped }] of steps.entries()) {
        const id = `call-${index}`;
        const pool = pools[process] as SlotPool;
        calls.push(
          (async () => {
            if ((await pool.take(now)) === null) return;
            talking += 1;
            most = Math.max(most, talking);
            await wait(pauseMs);
            if (isDropped) {
              talking -= 1;
              return pool.giveBack();
            }
            store.state.going += 1;
            pool.stored(id);
            await wait(talkMs);
            talking -= 1;
            store.state.going -= 1;
            pool.ended(id, true);
          })(),
        );
        await wait(pauseMs);
      }
      await Promise.all(calls);

      expect(most).toBeLessThanOrEqual(limit);
      if (steps.length > 0) expect(most).toBeGreaterThan(0);
    }),
    { numRuns: 25 },
  );
}, 60_000);

it('serves those who wait in the order in which they came, as soon as a call ends', async () => {
  const store = keeper(1, () => 1);
  const pool = poolOf(store, 'one');
  await pool.take(now);
  store.state.going = 1;
  pool.stored('first');
  const served: string[] = [];
  const waiting = ['ada', 'ben', 'cyd'].map((name) => pool.take(patiently).then(() => void served.push(name)));

  for (const count of [1, 2, 3]) {
    store.state.going = 0;
    pool.ended(served.at(-1) ?? 'first', true);
    await Promise.race(waiting.slice(count - 1));
    expect(served).toHaveLength(count);
    store.state.going = 1;
    pool.stored(served.at(-1) ?? '');
  }

  await Promise.all(waiting);
  expect(served).toEqual(['ada', 'ben', 'cyd']);
});

it('lets a call wait no longer than it may', async () => {
  const pool = poolOf(
    keeper(0, () => 1),
    'one',
  );

  const beganAt = performance.now();
  expect(await pool.take({ askMs: 1000, waitMs: 60 })).toBeNull();
  expect(performance.now() - beganAt).toBeGreaterThanOrEqual(55);
  expect(await pool.take(now)).toBeNull();
});

it('gives what it holds while the store is away, and the slot of each call that ends here', async () => {
  const store = keeper(3, () => 0);
  const pool = poolOf(store, 'one');
  await pool.ask();
  store.state.isAway = true;

  expect(await pool.take(now)).toBe('slot');
  pool.spooled('ada');
  await pool.ask();
  expect(await pool.take(now)).toBeNull();

  pool.ended('ada', false);
  expect(await pool.take(now)).toBe('slot');
  pool.spooled('ben');

  // Back again, it counts what lay on the disk.
  store.state.isAway = false;
  store.state.going = 1;
  await pool.ask();
  const more = [await pool.take(now), await pool.take(now), await pool.take(now)];
  expect(more).toEqual(['slot', 'slot', null]);
});

/** A question may be on its way still: it is the next one that finds nobody. */
async function goAway(store: Keeper, pool: SlotPool): Promise<void> {
  await pool.ask();
  store.state.isAway = true;
  await pool.ask();
}

it('frees no slot, while the store is away, for the end of a call that it did not let in, or for an end that is told twice', async () => {
  const store = keeper(2, () => 0);
  const pool = poolOf(store, 'one');
  for (const id of ['ada', 'ben']) {
    await pool.take(now);
    store.state.going += 1;
    pool.stored(id);
  }
  await goAway(store, pool);

  pool.ended('of-another-platform', false);
  expect(await pool.take(now)).toBeNull();
  pool.ended('ada', false);
  pool.ended('ada', false);
  expect([await pool.take(now), await pool.take(now)]).toEqual(['slot', null]);
});

it('frees no slot for an end that the store knows, though it was taken for away: it is the store’s to give', async () => {
  const store = keeper(1, () => 0);
  const pool = poolOf(store, 'one');
  await pool.take(now);
  pool.stored('ada');
  store.state.going = 1;
  await goAway(store, pool);

  pool.ended('ada', true);

  expect(await pool.take(now)).toBeNull();
});

it('frees no slot for the end of a call that counts no more at the store', async () => {
  let at = 0;
  const store = keeper(2, () => 0);
  const pool = poolOf(store, 'one', { now: () => at });
  await pool.take(now);
  pool.stored('ada');
  // It counts no more: its slot is the store's to give.
  at = longestMs;
  await goAway(store, pool);
  while ((await pool.take(now)) !== null) pool.spooled(`call-${Math.random()}`);

  pool.ended('ada', false);
  expect(await pool.take(now)).toBeNull();
});

it('does not wait longer for a store that hangs than a call has time', async () => {
  const pool = createSlotPool({
    letIn: letInCalls(),
    hold: () => new Promise(() => undefined),
    hasSpooled: () => false,
    goodMs: 1000,
  });

  expect(await pool.take({ askMs: 30, waitMs: 0 })).toBeNull();
});

it('does not give again what it gave while it asked', async () => {
  const answers = [Promise.withResolvers<{ free: number }>(), Promise.withResolvers<{ free: number }>()];
  let asked = 0;
  const pool = createSlotPool({
    letIn: letInCalls(),
    hold: () => answers[asked++]?.promise ?? Promise.resolve({ free: 0 }),
    hasSpooled: () => false,
    goodMs: 1000,
  });
  answers[0]?.resolve({ free: 2 });
  await pool.ask();

  const asking = pool.ask();
  const given = [await pool.take(now), await pool.take(now)];
  answers[1]?.resolve({ free: 2 });
  await asking;

  expect([...given, await pool.take(now)]).toEqual(['slot', 'slot', null]);
});

it('remembers no more calls than can be going, the last that were let in', () => {
  const calls = letInCalls({ most: 2 });
  for (const id of ['ada', 'ben', 'ada', 'cyd']) calls.add(id);

  expect(['ada', 'ben', 'cyd', 'cyd'].map((id) => calls.take(id))).toEqual([false, true, true, false]);
});
