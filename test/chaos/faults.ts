import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { post, send } from '../demo/requests.ts';
import type { World } from '../demo/world.ts';
import type { PrivateMariaDb } from '../support/private-mariadb.ts';
import type { Keeper } from './keeper.ts';
import type { FaultKind, PlannedFault } from './plan.ts';

/** Ends a fault. */
type Heal = () => Promise<void> | void;

const many = 1_000_000;
/** Machine milliseconds: longer than the time limit that Patchbay has for a request, and shorter. */
const slowMs = [2000, 700];
/** Simulated. */
const mostClockMs = 45_000;
const mostLeapMs = 20 * 60_000;
/** Files may not grow beyond: what is nearly full still takes the spool's. */
const nearlyFullBytes = 65_536;

/** Brings a fault about, and gives what ends it. */
export async function befall(world: World, keeper: Keeper, { kind, draw }: PlannedFault): Promise<Heal> {
  const { database, store, clock, patchbayClock } = world;
  const vicidial = (fault: string, more: object = {}) => dialerFault(world.vicidialUrl, fault, more);
  const five9 = (fault: string, more: object = {}) => dialerFault(world.five9Url, fault, more);
  switch (kind) {
    case 'patchbay-killed':
      await keeper.killOne(draw);
      return () => undefined;
    case 'disk-full':
      return await limitFiles(world, 1);
    case 'disk-nearly-full':
      return await limitFiles(world, nearlyFullBytes);
    case 'clock-ahead':
      return moveClock(patchbayClock, Math.round(draw * mostClockMs));
    case 'clock-behind':
      return moveClock(patchbayClock, -Math.round(draw * mostClockMs));
    case 'clock-leap':
      clock.leapTo(clock.now() + draw * mostLeapMs);
      return () => undefined;
    case 'vicidial-database-killed':
      return await killServer(database);
    case 'vicidial-database-frozen':
      return freezeServer(database);
    case 'vicidial-cut':
      return await vicidial('down', { times: many });
    case 'vicidial-slow':
      return await vicidial('slow', { times: many, ms: slowMs[Math.floor(draw * 2)] });
    case 'vicidial-500':
      return await vicidial('http500', { times: many });
    case 'vicidial-half-answers':
      return await vicidial('half', { times: many });
    case 'vicidial-answers-lost':
      return await vicidial('timeoutAfterEffect', { times: 1 + Math.floor(draw * 4) });
    case 'five9-cut':
      return await five9('down', { times: -1 });
    case 'five9-slow':
      return await five9('slow', { times: -1, ms: slowMs[Math.floor(draw * 2)] });
    case 'five9-503':
      return await five9('serviceUnavailable503Html', { times: -1 });
    case 'five9-half-answers':
      return await five9('half', { times: -1 });
    case 'five9-answers-lost':
      return await five9('timeoutAfterEffect', { times: 1 + Math.floor(draw * 4) });
    case 'five9-session-closed':
      await post(`${world.five9Url}/_sim/faults`, { kind: 'sessionClosed', times: 1 });
      return () => undefined;
    case 'platform-cut':
      return await platformFault(world, { failNext: many });
    case 'platform-slow':
      return await platformFault(world, { slowMs: slowMs[Math.floor(draw * 2)] });
    case 'store-locked':
      return lockFile(store.section.kind === 'sqlite' ? store.section.file : '');
    case 'store-killed':
      return store.server ? await killServer(store.server) : () => undefined;
    case 'store-frozen':
      return store.server ? freezeServer(store.server) : () => undefined;
  }
}

/** Takes every fault away that a simulator still has. */
export async function healSimulators(world: World): Promise<void> {
  for (const url of [world.vicidialUrl, world.five9Url]) await post(`${url}/_sim/faults`, { kind: 'none', times: 0 });
  await send('PUT', `${world.sigmamindUrl}/_sim/faults`, {});
}

/** One target has one fault at a time, so that to end it is to end all of its dialer's. */
async function dialerFault(url: string, kind: string, more: object): Promise<Heal> {
  await post(`${url}/_sim/faults`, { kind, ...more });
  return () => post(`${url}/_sim/faults`, { kind: 'none', times: 0 });
}

async function platformFault({ sigmamindUrl }: World, fault: object): Promise<Heal> {
  await send('PUT', `${sigmamindUrl}/_sim/faults`, fault);
  return () => send('PUT', `${sigmamindUrl}/_sim/faults`, {});
}

async function killServer(server: PrivateMariaDb): Promise<Heal> {
  await server.kill();
  return () => server.bringBack();
}

function freezeServer(server: PrivateMariaDb): Heal {
  process.kill(server.pid, 'SIGSTOP');
  return () => void process.kill(server.pid, 'SIGCONT');
}

function moveClock(clock: World['patchbayClock'], ms: number): Heal {
  clock.moveBy(ms);
  return () => clock.moveBy(0);
}

/** Another program holds the write lock. */
async function lockFile(file: string): Promise<Heal> {
  const other = new DatabaseSync(file, { timeout: 0 });
  // On a busy machine Patchbay's own writes may hold it for seconds.
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      other.exec('begin immediate');
      break;
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(5);
    }
  }
  return () => {
    other.exec('rollback');
    other.close();
  };
}

/** No file of Patchbay may grow beyond so many bytes, as on a full disk; what it has already, stays. */
async function limitFiles({ members }: World, bytes: number): Promise<Heal> {
  const pids = members.map((member) => member.process().pid);
  const limit = async (pid: number, most: string) => {
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${most}:`]).catch(() => undefined);
  };
  for (const pid of pids) await limit(pid, String(bytes));
  return async () => {
    for (const pid of pids) await limit(pid, 'unlimited');
  };
}

/** What a run did, by kind; the faults of the platform's events are in the calls themselves. */
export function countFaults(plan: readonly PlannedFault[]): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of plan) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
