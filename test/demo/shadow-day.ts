import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Effect } from '../simulators/simulator.ts';
import { type DayReport, playDay } from './day.ts';
import type { DemoOptions } from './options.ts';
import type { ScriptedCall } from './script.ts';
import { compareRuns, type ReportedRow, type StoredRow } from './shadow-verdict.ts';
import { judge } from './verdict.ts';
import { startWorld, type World } from './world.ts';

type Tell = (line: string) => void;

const run = promisify(execFile);
const patchbayJs = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));
const columns = 'id, dialer, aspect, revision, state, why, target, desired';

/**
 * The same day twice: in shadow, after which the simulators' journals must hold nothing of ours, and for real, which must
 * write what the shadow's report showed. Gives the exit code.
 *
 * @param opened hears of each world, to end it where the demo is ended
 */
export async function playShadow(
  options: DemoOptions,
  script: readonly ScriptedCall[],
  morning: number,
  { tell, opened }: { tell: Tell; opened(world: World): void },
): Promise<number> {
  const startedAt = performance.now();
  tell('the day in shadow: no campaign is live');
  const shadow = await playIn({ controls: { startPercent: 0 } }, async (world) => {
    const { journals, ends } = await playDay(world, options, script, tell);
    return { journals, ends, report: await readReport(world), rows: await rowsIn(world, "state = 'shadow'") };
  });
  const writes = ownEffects(shadow.journals);
  for (const { kind, record, value } of writes) tell(`finding: ${kind} "${value}" was written to ${record} in shadow`);
  tell(`${shadow.report.length} write-backs were shown, and ${writes.length} written`);

  tell('the same day for real');
  const real = await playIn({}, async (world) => ({
    ...(await playDay(world, options, script, tell)),
    rows: await rowsIn(world, '1 = 1'),
  }));
  const { lost, double, wrong, findings } = judge(real.ends, real.journals, false);
  const verdict = compareRuns(script, shadow, real.rows);
  for (const finding of [...verdict.findings, ...findings]) tell(`finding: ${finding}`);
  for (const { dialer, aspect, rows, agree } of verdict.table) {
    tell(
      `${dialer.padEnd(9)} ${aspect.padEnd(12)} shown ${String(rows).padStart(4)}, written so ${String(agree).padStart(4)}`,
    );
  }
  const { rows, agree, leftToPeople, differ, missing } = verdict;
  tell(
    `writes ${writes.length}, rows ${rows}, agree ${agree} (${leftToPeople} left to people), differ ${differ}, missing ${missing}`,
  );
  const result = {
    ...{ calls: script.length, writes: writes.length, rows, agree, leftToPeople, differ, missing },
    ...{ realEffects: ownEffects(real.journals).length, lost, double, wrong },
    wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
  if (options.isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
  const isGood = writes.length + differ + missing + lost + double + wrong === 0 && rows > 0 && agree === rows;
  return isGood ? 0 : 1;

  async function playIn<T>(changes: object, work: (world: World) => Promise<T>): Promise<T> {
    const world = await startWorld(options, script, morning, tell, changes);
    opened(world);
    try {
      return await work(world);
    } finally {
      await world.stop();
    }
  }
}

/**
 * What came through the interfaces that Patchbay uses, or was written by a script because of what Patchbay told it. To whom a
 * script of the dialer's own connects a customer is no write: in shadow it is the campaign's safe route.
 */
function ownEffects({ vicidial, five9 }: DayReport['journals']): Effect[] {
  return [...vicidial, ...five9].filter(({ by, kind }) => by === 'api' || (by === 'ivr' && kind !== 'transfer'));
}

/** As an operator takes it, beside the running service. */
async function readReport(world: World): Promise<ReportedRow[]> {
  const [first] = world.members;
  const env = {
    ...process.env,
    PATCHBAY_CONFIG: first?.configFile ?? '',
    PATCHBAY_CLOCK_FILE: world.patchbayClock.path,
  };
  const { stdout } = await run(process.execPath, [patchbayJs, 'shadow', 'report', '--json'], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ReportedRow).filter(({ id }) => id !== undefined);
}

async function rowsIn(world: World, where: string): Promise<StoredRow[]> {
  return (await world.store.read(`select ${columns} from write_backs where ${where}`)) as unknown as StoredRow[];
}
