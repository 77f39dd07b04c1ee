import { callActs } from './acts.ts';
import { loseContactField, showLooseEnds } from './loose-ends.ts';
import type { DemoOptions } from './options.ts';
import { send } from './requests.ts';
import { type ScriptedCall, writeScript } from './script.ts';
import { strangers } from './site.ts';
import type { World } from './world.ts';

/** How many people of each dialer are called on the morning after. */
export const morningPeople = 90;

/** Two hours go by in a hurry, so that there is something to see; then one call after the other, as slow as life. */
const hurriedSec = 2 * 3600;
const hurriedRate = 600;
const everySec = 20;

/**
 * The morning after the day that was judged: calls come until there is nobody left to call. Nothing of it is judged; it
 * is there to be looked at.
 */
export async function goOnLiving(
  world: World,
  options: DemoOptions,
  yesterday: readonly ScriptedCall[],
  firstCall: number,
  tell: (line: string) => void,
): Promise<void> {
  const { clock } = world;
  const calls = writeScript(options.seed + 1, {
    calls: 2 * morningPeople,
    daySec: 8 * 3600,
    five9Every: 2,
    rushes: [],
    firstPerson: { vicidial: firstOf(yesterday, 'vicidial'), five9: firstOf(yesterday, 'five9') },
  });
  const behaviours = Object.fromEntries(calls.map((call) => [call.number, call.behaviour]));
  await send('PUT', `${world.sigmamindUrl}/_sim/behaviours`, behaviours);
  clock.leapTo(firstCall);
  clock.setRate(hurriedRate);
  const acts = callActs(world, calls, tell);
  const hurried = acts.filter(({ afterSec }) => afterSec < hurriedSec);
  for (const [index, { afterSec, run }] of hurried.entries()) {
    if (index === Math.round(hurried.length / 2)) await loseContactField(world, tell);
    await clock.sleep(firstCall + afterSec * 1000 - clock.now());
    await run();
  }
  // The last of them end before time slows down.
  await clock.sleep(300_000);
  clock.setRate(1);
  await showLooseEnds(world, yesterday, tell);
  dialOn(world, acts.slice(hurried.length)).catch((error: unknown) => tell(`no more calls come: ${String(error)}`));
}

function firstOf(yesterday: readonly ScriptedCall[], dialer: ScriptedCall['dialer']): number {
  return yesterday.filter((call) => call.dialer === dialer).length + strangers;
}

async function dialOn({ clock }: World, acts: ReturnType<typeof callActs>): Promise<void> {
  for (const { run } of acts) {
    await clock.sleep(everySec * 1000);
    await run();
  }
}
