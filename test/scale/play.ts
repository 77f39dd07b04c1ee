import { healFaults } from '../demo/acts.ts';
import { openCounts } from '../demo/counts.ts';
import { putBehaviours, readEnds, readJournals, waitForLeads, waitUntilQuiet } from '../demo/day.ts';
import { readDemoOptions } from '../demo/options.ts';
import { expectedOutcome, type ScriptedCall, writeScript } from '../demo/script.ts';
import { type CallEnd, isSound, judge, type Verdict } from '../demo/verdict.ts';
import { startWorld, type World } from '../demo/world.ts';
import { createBrowser } from '../support/cookie-browser.ts';
import { keepEvidence, type TimedRequest } from './evidence.ts';
import { morning, patienceSec, playCalls, playNight, rate, type Tell, tellTails } from './rounds.ts';
import { percentile, watchWaits } from './waits.ts';

export interface ScaleOptions {
  calls: number;
  members: number;
  seed: number;
  /** Calls that begin in a second of the machine. */
  perSecond: number;
  /** Folder of the version that all processes are until they are killed or restarted. (Default: this one) */
  from?: string | undefined;
}

export interface ScaleResult extends Verdict {
  calls: number;
  handedToAi: number;
  /** Calls whose script took its error branch before the hand-over: 0, where the machine has time for each. */
  missedTheAi: number;
  members: number;
  /** Folder of the version that the processes began as; empty: this one. */
  from: string;
  /** How many the processes that came back ran under the others: 0, where the versions have the same tables. */
  migrations: number;
  rollingRestarts: number;
  kills: number;
  /** Milliseconds of the machine until the killed one was ready again. */
  longestRestartMs: number;
  /** Requests that each member answered, and that none took. */
  requests: number[];
  refused: number;
  /** Pages of the console that were seen in turn at the processes, by one log-in at one of them. */
  pages: number;
  writeBacks: number;
  delivered: number;
  dead: number;
  /** Scripts that waited in one process for what another was told. */
  waitsAcross: number;
  wakeMedianMs: number;
  wakeP99Ms: number;
  wakeMaxMs: number;
  waitsWithin: number;
  wakeWithinMedianMs: number;
  /** Where what is needed to find the cause lies; empty when the verdict holds. */
  evidence: string;
  wallSeconds: number;
}

/** The agent's tool is so slow in some calls that the script waits already: milliseconds of the machine. */
const lateMs = { least: 60, most: 500 };

/**
 * Calls on both dialers over several processes and one MariaDB: at a quarter of the time one process is killed with signal
 * 9, in the middle all are restarted in turn. Then the night, and every call is compared with its dialer.
 */
export async function playScale(options: ScaleOptions, tell: Tell): Promise<ScaleResult> {
  const startedAt = performance.now();
  const demo = { ...readDemoOptions(['--once']), calls: options.calls, seed: options.seed, rate };
  const daySec = (options.calls / options.perSecond) * rate;
  const script = withLateCommits(
    writeScript(options.seed, { calls: options.calls, daySec, five9Every: 2, rushes: [] }),
  );
  const watch = watchWaits();
  const requests = Array.from({ length: options.members }, () => 0);
  const seen: TimedRequest[] = [];
  const world: World = await startWorld(
    demo,
    script,
    morning,
    tell,
    {},
    {
      patchbays: options.members,
      store: 'mysql',
      firstVersion: options.from,
      patienceSec,
      onAnswer(request) {
        requests[request.member] = (requests[request.member] ?? 0) + 1;
        watch.see(request);
        seen.push({ ...request, at: world.clock.now() });
      },
    },
  );
  try {
    const before = await countMigrations(world);
    const restarts = await play(world, script, daySec, tell);
    const ends = await readEnds(world, script);
    const pages = await walkConsole(world);
    const journals = await readJournals(world);
    const verdict = judge(ends, journals, true);
    const counts = await openCounts(world.store);
    const dead = await describeDead(world);
    const { findings } = verdict;
    for (const line of dead) tell(line);
    const evidence = isSound({ ...verdict, dead: counts.dead })
      ? ''
      : await keepEvidence(options.seed, world, seen, { ends, journals, findings: [...findings, ...dead] });
    const waits = watch.waits();
    const across = waits.filter(({ isAcrossProcesses }) => isAcrossProcesses).map(({ ms }) => ms);
    const within = waits.filter(({ isAcrossProcesses }) => !isAcrossProcesses).map(({ ms }) => ms);
    return {
      calls: script.length,
      handedToAi: ends.filter(({ wasHandedToAi }) => wasHandedToAi).length,
      missedTheAi: ends.filter((end) => isMissed(end)).length,
      members: options.members,
      from: options.from ?? '',
      migrations: (await countMigrations(world)) - before,
      rollingRestarts: options.members,
      kills: 1,
      longestRestartMs: Math.max(...restarts),
      requests,
      refused: world.balancer?.refused() ?? 0,
      pages,
      writeBacks: counts.writeBacks,
      delivered: counts.delivered,
      dead: counts.dead,
      waitsAcross: across.length,
      wakeMedianMs: rounded(percentile(across, 0.5)),
      wakeP99Ms: rounded(percentile(across, 0.99)),
      wakeMaxMs: rounded(Math.max(0, ...across)),
      waitsWithin: within.length,
      wakeWithinMedianMs: rounded(percentile(within, 0.5)),
      ...verdict,
      evidence,
      wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
    };
  } catch (error) {
    tellTails(world, tell);
    throw error;
  } finally {
    await world.stop();
  }
}

/** Every other committed call of Five9, whose script waits for the outcome; where a person decides, the order is not ours. */
function withLateCommits(script: readonly ScriptedCall[]): ScriptedCall[] {
  return script.map((call) => {
    const { commit } = call.behaviour;
    if (call.dialer !== 'five9' || !commit || call.human || call.id % 4 !== 1) return call;
    const commitLateMs = lateMs.least + ((call.id * 37) % (lateMs.most - lateMs.least));
    return { ...call, behaviour: { ...call.behaviour, commitLateMs } };
  });
}

/** Gives how long each start took. */
async function play(world: World, script: readonly ScriptedCall[], daySec: number, tell: Tell): Promise<number[]> {
  const { clock } = world;
  await putBehaviours(world, script);
  await waitForLeads(world, script);
  tell('the leads are synced; the dialers begin to call');

  clock.setRate(rate);
  const begunAt = clock.now();
  const restarts: number[] = [];
  const trouble = {
    afterSec: daySec * 0.25,
    async run() {
      await killOne(world, restarts, tell);
      // Never two at once, as nobody would restart the rest while one is down.
      await clock.sleep(begunAt + daySec * 500 - clock.now());
      await restartAll(world, restarts, tell);
    },
  };
  await playCalls(world, script, [trouble]);
  await healFaults(world);
  await waitUntilQuiet(world, script, 'the last calls have ended', tell, true);
  await playNight(world, script, tell);
  return restarts;
}

/** The balancer gives each click to another process. Gives how many pages were seen. */
async function walkConsole(world: World): Promise<number> {
  const admin = world.users.find(({ role }) => role === 'admin');
  const browser = createBrowser(world.patchbayUrl);
  await browser.logIn(admin?.name ?? '', admin?.password ?? '');
  const paths = ['/console', '/console/calls', '/console/write-backs', '/console/attention', '/console/audit'];
  for (const path of paths) {
    const { status } = await browser.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status} to who logged in at another process`);
  }
  return paths.length;
}

async function countMigrations({ store }: World): Promise<number> {
  return (await store.read('select id from schema_migrations')).length;
}

/** Why writes were given up, if any were. */
async function describeDead({ store }: World): Promise<string[]> {
  const rows = await store.read(
    `select write_backs.dialer, aspect, state, attempts, in_doubt, why, phone from write_backs
      join calls on calls.correlation_id = write_backs.correlation_id where state in ('dead', 'refused')`,
  );
  return rows.map(({ phone, ...row }) => `given up: ${JSON.stringify(row)} of record ${String(phone).slice(-10)}`);
}

async function killOne({ members }: World, restarts: number[], tell: Tell): Promise<void> {
  const member = members[1] ?? members[0];
  if (!member) return;
  await member.kill();
  restarts.push(await member.start());
  tell('one process was killed with signal 9, and is back');
}

async function restartAll({ members }: World, restarts: number[], tell: Tell): Promise<void> {
  for (const member of members) {
    restarts.push(await member.restart());
    tell(`${member.url} was restarted`);
  }
}

function isMissed({ call, wasHandedToAi, wasCutByDialer }: CallEnd): boolean {
  return expectedOutcome(call) !== null && !wasHandedToAi && !wasCutByDialer;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
