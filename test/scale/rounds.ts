import { callActs } from '../demo/acts.ts';
import { nextPacific23, waitUntilQuiet } from '../demo/day.ts';
import type { ScriptedCall } from '../demo/script.ts';
import type { World } from '../demo/world.ts';

export type Tell = (line: string) => void;

/** A Monday in winter time, five minutes before the first call, in Denver. */
export const morning = Date.parse('2026-03-02T15:55:00.000Z');
/** Simulated seconds per second of the machine. */
export const rate = 100;
/** What takes the machine's time, a script that hangs up say, may take five seconds of it. */
export const patienceSec = 5 * rate;

/** Something that happens so many seconds after the beginning. */
interface Act {
  afterSec: number;
  run(): Promise<void>;
}

/** Plays all calls of the script, and what else happens among them, to their ends. */
export async function playCalls(
  world: World,
  script: readonly ScriptedCall[],
  others: readonly Act[] = [],
): Promise<void> {
  const { clock } = world;
  const begunAt = clock.now();
  const acts = [...callActs(world, script, () => undefined), ...others].sort((a, b) => a.afterSec - b.afterSec);
  const started: Promise<void>[] = [];
  for (const act of acts) {
    await clock.sleep(begunAt + act.afterSec * 1000 - clock.now());
    const run = act.run();
    // One that fails is told of below, when the others are over.
    run.catch(() => undefined);
    started.push(run);
  }
  await Promise.all(started);
}

/** The night, in which Five9 takes opt-outs, and what is left after it. */
export async function playNight(world: World, script: readonly ScriptedCall[], tell: Tell): Promise<void> {
  const { clock } = world;
  clock.leapTo(nextPacific23(morning));
  await waitUntilQuiet(world, script, 'every write-back has reached its dialer', tell, false);
  clock.leapTo(clock.now() + 20 * 60_000);
  await waitUntilQuiet(world, script, 'nothing is left to do', tell, false);
}

/** What each process said last, for whoever looks for the cause of a failure. */
export function tellTails({ members }: World, tell: Tell): void {
  for (const member of members) {
    for (const line of member.process().tail().slice(-15)) tell(`${member.url}: ${line}`);
  }
}
