import { examineSite } from '../../src/flows/doctor/examine-site.ts';
import { killSystems, type System, systems } from '../support/dead-systems.ts';
import { startWholeSite, type WholeSite } from '../support/whole-site.ts';

/** What a run took, and how it came out. */
interface Run {
  dead: string;
  tookMs: number;
  ok: number;
  of: number;
  /** The check that waited for what is dead, and how long; empty when nothing is. */
  waited: string;
}

/** With nothing dead; a time-out takes as long as it takes. */
const healthyRuns = 5;

/** Measures whole runs of the doctor over both dialers and the platform: all of them well (the median of some), each dead, all dead. */
export async function run(): Promise<void> {
  const site = await startWholeSite();
  try {
    // The first reads what later ones find warm.
    await examine(site, []);
    print(`${'dead'.padEnd(20)}${'seconds'.padStart(10)}${'ok'.padStart(8)}  waited for it`);
    for (const dead of [[], ...systems.map((system) => [system]), systems]) {
      const taken: Run[] = [];
      while (taken.length < (dead.length === 0 ? healthyRuns : 1)) taken.push(await examine(site, dead));
      const middle = taken.sort((a, b) => a.tookMs - b.tookMs)[Math.floor(taken.length / 2)];
      if (middle) print(lineOf(middle));
    }
    print('target: under 10 s when all are well; dead, one time-out on top');
  } finally {
    await site.stop();
  }
}

async function examine(site: WholeSite, dead: readonly System[]): Promise<Run> {
  const { revive } = await killSystems(site, dead);
  const { site: whole, close } = site.open();
  const startedAt = performance.now();
  try {
    const { checked, counts } = await examineSite(whole);
    const tookMs = performance.now() - startedAt;
    const waited = dead.flatMap(({ root }) => checked.filter(({ id }) => id === root));
    return {
      dead: dead.length === 0 ? 'nothing' : dead.length > 1 ? 'all of them' : (dead[0]?.name ?? ''),
      tookMs,
      ok: counts.ok,
      of: checked.length,
      waited: waited.map((each) => `${each.id} ${seconds(each.tookMs)} s`).join(', '),
    };
  } finally {
    await close();
    await revive();
  }
}

function lineOf({ dead, tookMs, ok, of, waited }: Run): string {
  return `${dead.padEnd(20)}${seconds(tookMs).padStart(10)}${`${ok}/${of}`.padStart(8)}  ${waited}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
