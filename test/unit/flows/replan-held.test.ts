import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replanHeld, startOfHeld } from '../../../src/flows/replan-held.ts';
import { callWithOutcome, noon, openTestStore } from '../../contract/store/store-cast.ts';

it('plans everything held anew once, and from then on a part at each look, in turn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-held-'));
  const store = await openTestStore({ kind: 'sqlite', file: join(folder, `${randomUUID()}.sqlite`) });
  try {
    const held: string[] = [];
    for (const key of ['V1', 'V2', 'V3', 'V4', 'V5']) held.push(await callWithOutcome(store, key, 'qualified'));
    await callWithOutcome(store, 'V6', 'sale');
    const planned: string[][] = [];
    const replan: typeof store.replan = (input) => {
      if (input.correlationIds?.length) planned.push([...input.correlationIds]);
      return store.replan(input);
    };
    const deps = { store: { ...store, replan }, clock: { now: () => Date.parse(noon), sleep: async () => {} } };
    const place = startOfHeld();

    await replanHeld(deps, place, 2);
    const first = planned.splice(0);
    for (let look = 0; look < 4; look += 1) await replanHeld(deps, place, 2);

    const inOrder = held.toSorted();
    expect(first.flat()).toEqual(inOrder);
    expect(planned).toEqual([inOrder.slice(0, 2), inOrder.slice(2, 4), inOrder.slice(4), inOrder.slice(0, 2)]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
