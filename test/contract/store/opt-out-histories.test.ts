import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desired } from '../../../src/domain/write-back.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  ada,
  callerCode,
  claim,
  committed,
  entry,
  later,
  legOf,
  openTestStore,
  record,
  registration,
  settlement,
} from './store-cast.ts';

/** The same things happen to each person, in an order of their own, while rows are taken, given back and written. */
const histories = 40;

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-opt-outs-'));
  store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('an opt-out and the leads of its person, in any order', () => {
  it.each(Array.from({ length: histories }, (_, seed) => seed))('ends the same: history %i', async (seed) => {
    const chance = randomOf(seed);
    const { own, other, relatives, steps, key, lead, contact } = personOf(seed);

    for (const step of shuffled(steps, chance)) {
      await step();
      if (chance() < 0.6) await work(chance);
    }
    for (let round = 0; round < 6; round += 1) await work(() => 0);

    const { correlationId = '' } = (await store.callByRef(callerCode(key))) ?? {};
    const wish = { aspect: 'dnc', phones: [own, other].sort(), listed: true };
    expect(await held(correlationId)).toEqual({
      vicidial: { ...wish, leads: [lead] },
      five9: { ...wish, leads: [contact] },
    });
    expect([await store.isOptedOut(own), await store.isOptedOut(other), await store.isOptedOut(relatives)]).toEqual([
      true,
      true,
      false,
    ]);

    await store.eraseCall({ correlationId, platforms: ['sigmamind'], names: {}, by: 'cli:one', now: later });
    await store.saveLeads([ada({ key: `${lead}9`, phones: [other] })], later);
    for (let round = 0; round < 3; round += 1) await work(() => 0);

    expect((await held(correlationId)).vicidial).toEqual({ ...wish, leads: [lead, `${lead}9`] });
  });
});

function personOf(seed: number) {
  const number = (nth: number) => `+1312555${String(1000 + seed * 3 + nth)}`;
  const [own, other, relatives] = [number(0), number(1), number(2)];
  const [key, lead, contact] = [`V-${seed}`, `7${seed}`, `c-${seed}`];
  const leg = legOf(key, { phone: own, leadKey: lead });
  const human = {
    kind: 'dispositioned',
    dialer: 'vicidial',
    disposition: 'SALE',
    by: 'anna',
    outcome: 'sale',
  } as const;
  const tell = (name: string, body: Parameters<typeof entry>[2]) => () =>
    record(store, entry([callerCode(key)], name, body));
  const steps: (() => Promise<unknown>)[] = [
    tell('registered', registration(leg)),
    tell('commit', committed('opt_out')),
    tell('later', { kind: 'analysed', outcome: 'not_interested', summary: '', fields: {} }),
    tell('human', human),
    () => store.saveLeads([ada({ key: lead, phones: [own, other] })], later),
    () => store.saveLeads([ada({ dialer: 'five9', key: contact, phones: [other, relatives] })], later),
  ];
  return { own, other, relatives, key, lead, contact, steps };
}

/** A worker's round: what is due is written, or has to wait once more. */
async function work(chance: () => number): Promise<void> {
  await store.replan({ now: later });
  for (const dialer of ['vicidial', 'five9']) {
    const rows = await claim(store, { dialer });
    const settled = rows.map((row) =>
      chance() < 0.5 ? settlement(row) : settlement(row, { state: 'pending', attempts: 1, inDoubt: chance() < 0.5 }),
    );
    await store.settleWriteBacks(settled);
  }
}

/** What each dialer's lists were told last, and took. */
async function held(correlationId: string): Promise<Record<string, Desired>> {
  const rows = (await store.writeBacksOf(correlationId)).filter(
    ({ aspect, state }) => aspect === 'dnc' && state === 'confirmed',
  );
  return Object.fromEntries(rows.map(({ dialer, desired }) => [dialer, desired]));
}

function shuffled<T>(list: readonly T[], chance: () => number): T[] {
  return list
    .map((item) => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Always the same numbers for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
