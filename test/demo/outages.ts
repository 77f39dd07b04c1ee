import type { Act } from './acts.ts';
import type { DemoOptions } from './options.ts';
import { seededRandom } from './random.ts';
import { post } from './requests.ts';
import { dayLengthSec } from './script.ts';
import type { World } from './world.ts';

/** A time of the day in which a part of VICIdial is dead. */
export interface Outage {
  what: 'database' | 'web server';
  atSec: number;
  /** Simulated seconds until it is brought back; the database needs some more for its start. */
  forSec: number;
  /** The database hangs for so long before it dies, as on a failing disk. */
  hangsSec: number;
}

/** An outage as it was, by the simulated clock. */
export interface PastOutage {
  what: Outage['what'];
  from: string;
  to: string;
}

const shortestSec = 5;
const longestSec = 35;

/** Kills of VICIdial's database and of its web server in turn, at random times that do not overlap. */
export function planOutages(options: DemoOptions): Outage[] {
  const random = seededRandom(options.seed + 2000);
  const count = options.dialerKills * 2;
  const slotSec = (dayLengthSec(options) * 0.9) / Math.max(1, count);
  return Array.from({ length: count }, (_, index) => ({
    what: index % 2 === 0 ? 'database' : 'web server',
    // The first calls are on their way by then; the last part of a slot is left for coming back.
    atSec: 20 + slotSec * (index + random() * 0.4),
    forSec: shortestSec + random() * (longestSec - shortestSec),
    hangsSec: index % 4 === 2 ? 5 + random() * 10 : 0,
  }));
}

/** One after the other: what is dead comes back before the next part dies. */
export function outageActs(
  world: World,
  outages: readonly Outage[],
  past: PastOutage[],
  tell: (line: string) => void,
): Act[] {
  let before: Promise<unknown> = Promise.resolve();
  return outages.map((outage) => ({
    afterSec: outage.atSec,
    async run() {
      before = before.then(async () => {
        const from = isoNow(world);
        tell(`VICIdial's ${outage.what} is killed${outage.hangsSec > 0 ? ', after it has hung for a while' : ''}`);
        await (outage.what === 'database' ? killDatabase(world, outage) : killWebServer(world, outage));
        tell(`VICIdial's ${outage.what} is back`);
        past.push({ what: outage.what, from, to: isoNow(world) });
      });
      await before;
    },
  }));
}

function isoNow({ clock }: World): string {
  return new Date(clock.now()).toISOString();
}

async function killDatabase({ clock, database }: World, outage: Outage): Promise<void> {
  if (outage.hangsSec > 0) {
    process.kill(database.pid, 'SIGSTOP');
    await clock.sleep(outage.hangsSec * 1000);
  }
  await database.kill();
  await clock.sleep(outage.forSec * 1000);
  await database.bringBack();
}

async function killWebServer({ clock, vicidialUrl }: World, outage: Outage): Promise<void> {
  await post(`${vicidialUrl}/_sim/web-server`, { isUp: false });
  await clock.sleep(outage.forSec * 1000);
  await post(`${vicidialUrl}/_sim/web-server`, { isUp: true });
}
