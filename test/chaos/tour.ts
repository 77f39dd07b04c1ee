import { setTimeout as wait } from 'node:timers/promises';
import { callActs } from '../demo/acts.ts';
import { until } from '../demo/requests.ts';
import type { ScriptedCall } from '../demo/script.ts';
import type { World } from '../demo/world.ts';
import { befall } from './faults.ts';
import type { Keeper } from './keeper.ts';
import { place } from './place.ts';
import type { PlannedFault } from './plan.ts';

const everyMs = 250;
/** Every so manieth call meets a store that is away, while fail points of the spool are left. */
const awayEvery = 3;
const awayMs = 1200;
const lastPointsMs = 30_000;

/**
 * Nothing but fail points: calls go on, one after the other while Patchbay is there, until every armed point has ended a
 * process or nobody is left to call. Gives the calls that were placed. How long it takes is the machine's business.
 */
export async function tourPoints(
  world: World,
  keeper: Keeper,
  script: readonly ScriptedCall[],
  wantsPoints: boolean,
): Promise<ScriptedCall[]> {
  const placed: ScriptedCall[] = [];
  const acts = callActs(world, script, () => undefined);
  for (const [index, call] of script.entries()) {
    await until('Patchbay to be back', 120_000, async () => keeper.isWhole());
    if (wantsPoints && keeper.left().length === 0) break;
    await place(acts[index]?.run ?? (async () => undefined));
    placed.push(call);
    await wait(everyMs);
    const isSpoolLeft = keeper.left().some((point) => point.startsWith('spool.'));
    if (isSpoolLeft && index % awayEvery === 0) await takeStoreAway(world, keeper);
  }
  await until('the last fail points', lastPointsMs, async () => keeper.left().length === 0).catch(() => undefined);
  return placed;
}

async function takeStoreAway(world: World, keeper: Keeper): Promise<void> {
  const kind = world.store.server ? 'store-frozen' : 'store-locked';
  const fault: PlannedFault = { kind, target: 'store', atMs: 0, forMs: awayMs, draw: 0 };
  const heal = await befall(world, keeper, fault).catch(() => null);
  await wait(awayMs);
  await heal?.();
}
