import type { Effect } from '../simulators/simulator.ts';
import type { HeaderRequest } from '../simulators/vicidial/header-requests.ts';
import { type Act, callActs, faultActs, healFaults, killActs } from './acts.ts';
import type { DemoOptions } from './options.ts';
import { outageActs, type PastOutage, planOutages } from './outages.ts';
import { getJson, send, until } from './requests.ts';
import type { ScriptedCall } from './script.ts';
import * as site from './site.ts';
import type { CallEnd } from './verdict.ts';
import type { World } from './world.ts';

export interface DayReport {
  ends: CallEnd[];
  journals: { vicidial: Effect[]; five9: Effect[] };
  restartsMs: number[];
  outages: PastOutage[];
  headerRequests: HeaderRequest[];
}

type Tell = (line: string) => void;

/** Once nothing is killed any more, the rest of the day may go by in a hurry. */
const fastRate = 600;
const readsAtOnce = 10;

/** Lets a working day go by: calls by the script, faults that heal, kills of Patchbay and of VICIdial's parts, then the night. */
export async function playDay(
  world: World,
  options: DemoOptions,
  script: readonly ScriptedCall[],
  tell: Tell,
): Promise<DayReport> {
  const { clock } = world;
  const morning = clock.now();
  await putBehaviours(world, script);
  await waitForLeads(world, script);
  tell('the leads are synced; the dialers begin to call');

  clock.setRate(options.rate);
  const restartsMs: number[] = [];
  const outages: PastOutage[] = [];
  const acts: Act[] = [
    ...callActs(world, script, tell),
    ...faultActs(world, options, tell),
    ...killActs(world, options, restartsMs, tell),
    ...outageActs(world, planOutages(options), outages, tell),
  ];
  acts.sort((a, b) => a.afterSec - b.afterSec);
  const started: Promise<void>[] = [];
  for (const act of acts) {
    await clock.sleep(morning + act.afterSec * 1000 - clock.now());
    const run = act.run();
    // One that fails is told of below, when the others are over.
    run.catch(() => undefined);
    started.push(run);
  }
  await Promise.all(started);
  await healFaults(world);
  clock.setRate(Math.max(options.rate, fastRate));
  await waitUntilQuiet(world, script, 'the last calls have ended', tell, true);

  tell(
    `${await backlog(world)} write-backs wait: for the night, for a human, or for the end of a call that VICIdial lost`,
  );
  tell("night: Five9's window for its DNC list opens at 23:00 in Los Angeles");
  clock.leapTo(nextPacific23(morning));
  await waitUntilQuiet(world, script, 'every write-back has reached its dialer', tell, false);
  clock.leapTo(clock.now() + 20 * 60_000);
  await waitUntilQuiet(world, script, 'nothing is left to do', tell, false);
  return {
    ends: await readEnds(world, script),
    journals: await readJournals(world),
    restartsMs,
    outages,
    headerRequests: (await getJson(`${world.vicidialUrl}/_sim/header-requests`)) as HeaderRequest[],
  };
}

export async function putBehaviours(world: World, script: readonly ScriptedCall[]): Promise<void> {
  const behaviours = Object.fromEntries(script.map((call) => [call.number, call.behaviour]));
  await send('PUT', `${world.sigmamindUrl}/_sim/behaviours`, behaviours);
}

export async function waitForLeads(world: World, script: readonly ScriptedCall[]): Promise<void> {
  await until('the leads to be synced', 30_000 + script.length * 10, async () => {
    const metrics = await world.metrics();
    const counter = (dialer: string) => new RegExp(`patchbay_leads_synced_total\\{dialer="${dialer}"\\} (\\d+)`);
    const synced = (dialer: string) =>
      metrics.reduce((sum, text) => sum + Number(counter(dialer).exec(text)?.[1] ?? 0), 0);
    return ['vicidial', 'five9'].every(
      (dialer) => synced(dialer) >= script.filter((call) => call.dialer === dialer).length,
    );
  });
}

/** Nothing under way: every call has ended, every event is sent, and no write-back waits (but for the night). */
export async function waitUntilQuiet(
  world: World,
  script: readonly ScriptedCall[],
  what: string,
  tell: Tell,
  mayWait: boolean,
): Promise<void> {
  let quietSince = 0;
  await until(what, 150_000 + script.length * 40, async () => {
    const isQuiet =
      (await callsAreOver(world, script)) && (await backlog(world)) <= (mayWait ? Number.POSITIVE_INFINITY : 0);
    if (!isQuiet) quietSince = 0;
    else quietSince ||= performance.now();
    return isQuiet && performance.now() - quietSince > 700;
  });
  tell(what);
}

export async function callsAreOver(world: World, script: readonly ScriptedCall[]): Promise<boolean> {
  for (const [url, placed] of [
    [world.vicidialUrl, script.filter(({ dialer }) => dialer === 'vicidial').length],
    [world.five9Url, script.filter(({ dialer }) => dialer === 'five9').length],
    [world.sigmamindUrl, 0],
  ] as const) {
    const { started, over } = (await getJson(`${url}/_sim/progress`)) as { started: number; over: number };
    if (over < started || started < placed) return false;
  }
  return true;
}

export async function backlog(world: World): Promise<number> {
  const metrics = await world.metrics().catch(() => []);
  const [first] = metrics;
  if (!first) return 1;
  let open = 0;
  for (const text of metrics) open += Number(/^patchbay_spool_entries (\d+)/m.exec(text)?.[1] ?? 0);
  // The store's own: each member says the same.
  for (const [, state, count] of first.matchAll(/^patchbay_write_backs\{[^}]*state="(\w+)"[^}]*\} (\d+)/gm)) {
    if (['pending', 'claimed', 'submitted'].includes(state ?? '')) open += Number(count);
  }
  return open;
}

export async function readEnds(world: World, script: readonly ScriptedCall[]): Promise<CallEnd[]> {
  const platformCalls = (await getJson(`${world.sigmamindUrl}/_sim/calls`)) as {
    from: string;
  }[];
  const cut = await callsThatDiedOnTheirWay(world);
  const byNumber = new Map(platformCalls.map((call) => [call.from.replace(/\D/g, '').slice(-10), call]));
  const ends: CallEnd[] = [];
  for (let start = 0; start < script.length; start += readsAtOnce) {
    ends.push(...(await Promise.all(script.slice(start, start + readsAtOnce).map(readEnd))));
  }
  return ends;

  async function readEnd(call: ScriptedCall): Promise<CallEnd> {
    const platformCall = byNumber.get(call.number);
    const vicidial = (await getJson(
      `${world.vicidialUrl}/_sim/state?${call.dialer === 'vicidial' ? `leadId=${call.record}` : `phone=${call.number}`}`,
    )) as VicidialState;
    const five9 = (await getJson(`${world.five9Url}/_sim/state?number1=${call.number}`)) as Five9State;
    return {
      call,
      wasHandedToAi: platformCall !== undefined,
      wasCutByDialer: call.dialer === 'vicidial' && cut.has(Number(call.record)),
      state: call.dialer === 'vicidial' ? stateOfVicidial(vicidial) : stateOfFive9(five9),
      isOnOtherDnc: call.dialer === 'vicidial' ? five9.dnc : vicidial.dnc,
    };
  }
}

/** Calls whose customer VICIdial itself lost before the hand-over: its routing script died with the database. */
async function callsThatDiedOnTheirWay(world: World): Promise<Set<number>> {
  const calls = (await getJson(`${world.vicidialUrl}/_sim/calls`)) as { leadId: number; isHandedOver: boolean }[];
  return new Set(calls.filter(({ isHandedOver }) => !isHandedOver).map(({ leadId }) => leadId));
}

interface VicidialState {
  lead: { status: string } | null;
  logs: { status: string }[];
  callbacks: { status: string }[];
  dnc: boolean;
}

interface Five9State {
  dispositions: Record<string, string>;
  listEntries: { list: string; callTime: string | null }[];
  dnc: boolean;
}

function stateOfVicidial(state: VicidialState) {
  return {
    disposition: state.lead?.status ?? '',
    logStatus: state.logs[0]?.status ?? '',
    hasCallback: state.callbacks.some(({ status }) => status === 'ACTIVE' || status === 'LIVE'),
    isOnDnc: state.dnc,
  };
}

function stateOfFive9(state: Five9State) {
  return {
    disposition: state.dispositions[site.five9Campaign] ?? '',
    hasCallback: state.listEntries.some(({ list, callTime }) => list === site.five9CallbackList && callTime !== null),
    isOnDnc: state.dnc,
  };
}

export async function readJournals(world: World): Promise<DayReport['journals']> {
  return {
    vicidial: (await getJson(`${world.vicidialUrl}/_sim/journal`)) as Effect[],
    five9: (await getJson(`${world.five9Url}/_sim/journal`)) as Effect[],
  };
}

/** 23:01 of the same day in Los Angeles; the demo's day lies in winter time (UTC−8). */
export function nextPacific23(morning: number): number {
  const day = new Date(morning - 8 * 3_600_000).toISOString().slice(0, 10);
  return Date.parse(`${day}T23:01:00.000-08:00`);
}
