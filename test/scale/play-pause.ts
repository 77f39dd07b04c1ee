import { setTimeout as wait } from 'node:timers/promises';
import { healFaults } from '../demo/acts.ts';
import { openCounts } from '../demo/counts.ts';
import { putBehaviours, readEnds, readJournals, waitForLeads, waitUntilQuiet } from '../demo/day.ts';
import { readDemoOptions } from '../demo/options.ts';
import { until } from '../demo/requests.ts';
import { type ScriptedCall, writeScript } from '../demo/script.ts';
import { isSound, judge, type Verdict } from '../demo/verdict.ts';
import { startWorld, type World } from '../demo/world.ts';
import { morning, patienceSec, playCalls, playNight, rate, type Tell, tellTails } from './rounds.ts';
import { type TappedWrite, tapWire } from './wire-tap.ts';

export interface PauseOptions {
  calls: number;
  members: number;
  seed: number;
  perSecond: number;
}

export interface PauseResult extends Verdict {
  members: number;
  calls: number;
  /** Write-backs that waited, as all was paused while the calls came in. */
  rows: number;
  /** Requests that changed something while they came in: 0. */
  sentWhileCallsCame: number;
  /** Such requests of the drain, until the pause was asked for. */
  sentBeforePause: number;
  /** From the moment in which one process was asked for it: by all of them. */
  sentAfterPause: number;
  lastSentMs: number;
  sentLaterThanOneSecond: number;
  /** Write-backs that the pause held back. */
  leftWaiting: number;
  firstSentAfterResumeMs: number;
  drainedAfterResume: number;
  /** Tries that failed, for whatever reason: on a busy machine a dialer's answer comes late. */
  retried: number;
  dead: number;
  wallSeconds: number;
}

/** So long the pause is looked at. */
const pausedMs = 5000;
/** A tenth of the rows may be on their way when it comes: all processes are amid their batches. */
const pausedAtShare = 0.1;

/**
 * Pause in the middle of a drain: while everything is paused calls come in and end on both dialers. Then several processes
 * drain what waits, one of them is asked to pause it all, and what still passes on the wires to the dialers is timed. After
 * the pause, and the night, every call is compared with its dialer.
 */
export async function playPause(options: PauseOptions, tell: Tell): Promise<PauseResult> {
  const startedAt = performance.now();
  const demo = { ...readDemoOptions(['--once']), calls: options.calls, seed: options.seed, rate };
  const daySec = (options.calls / options.perSecond) * rate;
  const script = writeScript(options.seed, { calls: options.calls, daySec, five9Every: 2, rushes: [] });
  const writes: TappedWrite[] = [];
  const taps: { stop(): Promise<void> }[] = [];
  const note = (write: TappedWrite) => void writes.push(write);
  const world = await startWorld(
    demo,
    script,
    morning,
    tell,
    {},
    {
      patchbays: options.members,
      store: 'mysql',
      patienceSec,
      async wires({ vicidialWebUrl, five9Url }) {
        const vicidial = await tapWire('vicidial', vicidialWebUrl, note);
        const five9 = await tapWire('five9', five9Url, note);
        taps.push(vicidial, five9);
        return { vicidialWebUrl: vicidial.url, five9Url: five9.url };
      },
    },
  );
  try {
    const pausing = await play(world, script, { daySec, writes, tell });
    const ends = await readEnds(world, script);
    const verdict = judge(ends, await readJournals(world), true);
    const { dead, retried } = await openCounts(world.store);
    const wallSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const { calls, members } = options;
    return { calls, members, ...pausing, retried, dead, ...verdict, wallSeconds };
  } catch (error) {
    tellTails(world, tell);
    throw error;
  } finally {
    await world.stop();
    for (const tap of taps) await tap.stop();
  }
}

/** Nothing of what may not be came to pass, and the pause had something to hold back. */
export function isPauseSound(result: PauseResult): boolean {
  const { sentWhileCallsCame, sentLaterThanOneSecond, leftWaiting, drainedAfterResume } = result;
  return (
    isSound(result) &&
    sentWhileCallsCame + sentLaterThanOneSecond === 0 &&
    leftWaiting > 0 &&
    drainedAfterResume >= leftWaiting
  );
}

type Pausing = Omit<PauseResult, keyof Verdict | 'calls' | 'members' | 'retried' | 'dead' | 'wallSeconds'>;

async function play(
  world: World,
  script: readonly ScriptedCall[],
  { daySec, writes, tell }: { daySec: number; writes: TappedWrite[]; tell: Tell },
): Promise<Pausing> {
  const { clock } = world;
  await putBehaviours(world, script);
  await waitForLeads(world, script);
  await control(world, 0, 'PUT');
  tell('the leads are synced, everything is paused; the dialers begin to call');
  writes.length = 0;
  clock.setRate(rate);
  await playCalls(world, script);
  await healFaults(world);
  await waitUntilQuiet(world, script, 'the last calls have ended', tell, true);
  // What waits for a human's word, or for a better one than a technical end, is due then.
  clock.leapTo(Math.max(clock.now(), morning + daySec * 1000) + 2 * 3_600_000);
  const rows = await countWaiting(world);
  const sentWhileCallsCame = writes.length;
  tell(`${rows} write-backs wait`);

  await control(world, 0, 'DELETE');
  await until('the drain to be under way', 60_000, async () => writes.length >= rows * pausedAtShare);
  const sentBeforePause = writes.length;
  const askedAt = performance.now();
  await control(world, world.members.length - 1, 'PUT');
  await wait(pausedMs);
  const late = writes.filter(({ at }) => at > askedAt).map(({ at }) => at - askedAt);
  const leftWaiting = await countWaiting(world);
  tell(`paused after ${sentBeforePause} requests: ${late.length} more came by, ${leftWaiting} write-backs wait`);

  const before = writes.length;
  const resumedAt = performance.now();
  await control(world, 0, 'DELETE');
  await until('the drain to go on', 60_000, async () => writes.length > before);
  await waitUntilQuiet(world, script, 'what could be sent by day is sent', tell, true);
  await playNight(world, script, tell);
  return {
    rows,
    sentWhileCallsCame,
    sentBeforePause,
    sentAfterPause: late.length,
    lastSentMs: Math.round(Math.max(0, ...late)),
    sentLaterThanOneSecond: late.filter((ms) => ms > 1000).length,
    leftWaiting,
    firstSentAfterResumeMs: Math.round((writes[before]?.at ?? Number.NaN) - resumedAt),
    drainedAfterResume: leftWaiting - (await countWaiting(world)),
  };
}

/** One process is asked, as an operator's own program would. */
async function control({ members, secrets }: World, index: number, method: 'PUT' | 'DELETE'): Promise<void> {
  const url = `${members[index]?.url}/v1/controls${method === 'DELETE' ? '?kind=pause' : ''}`;
  const headers = { 'x-api-key': secrets.operatorKey, 'content-type': 'application/json' };
  const body = method === 'PUT' ? { body: JSON.stringify({ kind: 'pause', note: 'a pause amid a drain' }) } : {};
  const answer = await fetch(url, { method, headers, ...body });
  if (!answer.ok) throw new Error(`${method} of a pause was answered ${answer.status}: ${await answer.text()}`);
}

async function countWaiting({ store }: World): Promise<number> {
  const [row] = await store.read("select count(*) as count from write_backs where state in ('pending', 'claimed')");
  return Number(row?.count ?? 0);
}
