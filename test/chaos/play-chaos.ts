import { setTimeout as wait } from 'node:timers/promises';
import { callActs } from '../demo/acts.ts';
import { backlog, callsAreOver, readEnds, readJournals } from '../demo/day.ts';
import { until } from '../demo/requests.ts';
import type { ScriptedCall } from '../demo/script.ts';
import type { CallEnd } from '../demo/verdict.ts';
import type { World } from '../demo/world.ts';
import { befall, healSimulators } from './faults.ts';
import type { Keeper } from './keeper.ts';
import { type LiveAnswers, startLiveProbe } from './live-probe.ts';
import { nextDncWindow } from './nights.ts';
import type { ChaosOptions } from './options.ts';
import { place } from './place.ts';
import type { PlannedFault } from './plan.ts';
import { tourPoints } from './tour.ts';

export interface Played {
  ends: CallEnd[];
  journals: Awaited<ReturnType<typeof readJournals>>;
  live: LiveAnswers;
  /** From the heal until nothing that is due was left, by the machine's clock. */
  drainedMs: number;
  /** What did not come about in the end. */
  faults: string[];
}

interface Cast {
  world: World;
  keeper: Keeper;
  script: readonly ScriptedCall[];
  plan: readonly PlannedFault[];
}

/** Once all is healed the rest of the day goes by in a hurry. */
const fastRate = 600;
const drainWithinMs = 120_000;
const mostNights = 4;
const waitingFacts = /^patchbay_(?:spool_entries|unkept_registrations) (\d+)/gm;

/** Calls and faults go on together; then all is healed, and everything must come to its end. */
export async function playChaos(
  { world, keeper, script, plan }: Cast,
  options: ChaosOptions,
  tell: (line: string) => void,
): Promise<Played> {
  const { clock } = world;
  tell('the leads are synced; calls and faults begin');
  clock.setRate(options.rate);
  const probe = startLiveProbe(world, keeper);
  const placed = options.isTour
    ? await tourPoints(world, keeper, script, options.points.length > 0)
    : await followPlan({ world, keeper, script, plan }, options, tell);
  const live = await probe.stop();
  await healSimulators(world);
  await keeper.disarm();
  tell('all is healed');

  const faults: string[] = [];
  const healedAt = performance.now();
  await until('what is due to be drained', drainWithinMs, async () => (await countDue(world)) === 0).catch(
    (error: unknown) => faults.push(String(error)),
  );
  const drainedMs = Math.round(performance.now() - healedAt);
  tell(`what was due is drained after ${drainedMs} ms`);
  await comeToAnEnd(world, placed).catch((error: unknown) => faults.push(String(error)));
  return { ends: await readEnds(world, placed), journals: await readJournals(world), live, drainedMs, faults };
}

/** Calls and faults come by the plan's times; gives the calls. */
async function followPlan(
  { world, keeper, script, plan }: Cast,
  { rate }: ChaosOptions,
  tell: (line: string) => void,
): Promise<readonly ScriptedCall[]> {
  const startedAt = performance.now();
  await Promise.all([
    ...callActs(world, script, () => undefined).map(async ({ afterSec, run }) => {
      await sleepUntil(startedAt + (afterSec * 1000) / rate);
      await place(run);
    }),
    ...plan.map(async (fault) => {
      await sleepUntil(startedAt + fault.atMs);
      tell(`fault: ${fault.kind}${fault.forMs > 0 ? ` for ${fault.forMs} ms` : ''}`);
      const heal = await befall(world, keeper, fault);
      await sleepUntil(startedAt + fault.atMs + fault.forMs);
      await place(async () => heal());
    }),
  ]);
  return script;
}

/** The last calls end, and nights go by until nothing waits any more. */
async function comeToAnEnd(world: World, script: readonly ScriptedCall[]): Promise<void> {
  const { clock } = world;
  clock.setRate(fastRate);
  const isQuiet = async () => (await callsAreOver(world, script)) && (await countDue(world)) === 0;
  await until('the last calls to end', drainWithinMs, () => staysTrue(isQuiet));
  for (let night = 0; night < mostNights && (await backlog(world)) > 0; night += 1) {
    // What waits for people, and for a call's end, is over in a while; the rest waits for the night.
    await until('an hour', 10_000, async () => (await backlog(world)) === 0).catch(() => undefined);
    if ((await backlog(world)) === 0) break;
    clock.leapTo(nextDncWindow(clock.now()));
    await until('the night to be over', 20_000, async () => (await backlog(world)) === 0).catch(() => undefined);
  }
  await until('every write-back to reach its dialer', 30_000, async () => (await backlog(world)) === 0);
  clock.leapTo(clock.now() + 20 * 60_000);
  await until('nothing to be left', 60_000, () =>
    staysTrue(async () => (await isQuiet()) && (await backlog(world)) === 0),
  );
}

/** Write-backs that could go now, and facts that lie in a spool or in memory. */
async function countDue({ store, clock, metrics }: World): Promise<number> {
  const now = new Date(clock.now()).toISOString();
  const [row] = await store.read(
    `select count(*) as due from write_backs where state in ('pending', 'claimed', 'submitted') and due_at <= '${now}'`,
  );
  const texts = await metrics();
  const waiting = texts.flatMap((text) => [...text.matchAll(waitingFacts)].map(([, count]) => Number(count)));
  return Number(row?.due ?? 0) + waiting.reduce((sum, each) => sum + each, 0);
}

async function staysTrue(check: () => Promise<boolean>): Promise<boolean> {
  for (let look = 0; look < 4; look += 1) {
    if (!(await check())) return false;
    await wait(200);
  }
  return true;
}

async function sleepUntil(atMs: number): Promise<void> {
  const leftMs = atMs - performance.now();
  if (leftMs > 0) await wait(leftMs);
}
