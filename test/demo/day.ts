import { setTimeout as wait } from 'node:timers/promises';
import type { Effect } from '../simulators/simulator.ts';
import type { DemoOptions } from './options.ts';
import { seededRandom } from './random.ts';
import type { ScriptedCall } from './script.ts';
import * as site from './site.ts';
import type { CallEnd } from './verdict.ts';
import type { World } from './world.ts';

export interface DayReport {
  ends: CallEnd[];
  journals: { vicidial: Effect[]; five9: Effect[] };
  restartsMs: number[];
}

type Tell = (line: string) => void;

/** Lets a working day go by: calls by the script, faults that heal, kills of Patchbay, then the night. */
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
  const acts = [
    ...callActs(world, script, tell),
    ...faultActs(world, tell),
    ...killActs(world, options, restartsMs, tell),
  ];
  acts.sort((a, b) => a.afterSec - b.afterSec);
  const started: Promise<void>[] = [];
  for (const act of acts) {
    await clock.sleep(morning + act.afterSec * 1000 - clock.now());
    started.push(act.run());
  }
  await Promise.all(started);
  await healFaults(world);
  await waitUntilQuiet(world, script, 'the last calls have ended', tell, true);

  tell("night: Five9's window for its DNC list opens at 23:00 in Los Angeles");
  clock.leapTo(nextPacific23(morning));
  await waitUntilQuiet(world, script, 'every write-back has reached its dialer', tell, false);
  clock.leapTo(clock.now() + 20 * 60_000);
  await waitUntilQuiet(world, script, 'nothing is left to do', tell, false);
  return { ends: await readEnds(world, script), journals: await readJournals(world), restartsMs };
}

interface Act {
  afterSec: number;
  run(): Promise<void>;
}

function callActs(world: World, script: readonly ScriptedCall[], tell: Tell): Act[] {
  return script.map((call) => ({
    afterSec: call.startsAfterSec,
    async run() {
      tell(
        `${call.dialer} dials lead ${call.dialer === 'vicidial' ? call.record : `#${call.id}`}: ${call.kind.replaceAll('_', ' ')}`,
      );
      if (call.dialer === 'vicidial') {
        await post(`${world.vicidialUrl}/_sim/calls`, {
          leadId: Number(call.record),
          campaign: site.vicidialCampaign,
          ...(call.notAnswered && { notAnswered: call.notAnswered }),
          ...(call.human && {
            human: { status: call.human.vicidialStatus, user: 'anna', afterSec: call.human.afterSec },
          }),
        });
      } else {
        await post(`${world.five9Url}/_sim/calls`, {
          campaign: site.five9Campaign,
          number1: call.record,
          callType: 5,
          ...(call.human && { human: { disposition: call.human.five9Disposition, afterSec: call.human.afterSec } }),
        });
      }
    },
  }));
}

/** Faults of the dialers that heal by themselves after so many requests. */
function faultActs(world: World, tell: Tell): Act[] {
  const act = (hour: number, what: string, url: string, fault: object): Act => ({
    afterSec: hour * 3600,
    async run() {
      tell(`fault: ${what}`);
      await post(`${url}/_sim/faults`, fault);
    },
  });
  return [
    act(1, "VICIdial's web server answers 500, three times", world.vicidialUrl, { kind: 'http500', times: 3 }),
    act(2, 'Five9 closes our session', world.five9Url, { kind: 'sessionClosed', times: 1 }),
    act(3, 'VICIdial acts, but its answer gets lost', world.vicidialUrl, { kind: 'timeoutAfterEffect', times: 2 }),
    act(4, 'Five9 takes an import, but its answer gets lost', world.five9Url, { kind: 'timeoutAfterEffect', times: 2 }),
    act(5, 'Five9 is under maintenance (503), four times', world.five9Url, {
      kind: 'serviceUnavailable503Html',
      times: 4,
    }),
    act(6, "VICIdial's web server is down, four times", world.vicidialUrl, { kind: 'down', times: 4 }),
  ];
}

async function healFaults(world: World): Promise<void> {
  for (const url of [world.vicidialUrl, world.five9Url]) await post(`${url}/_sim/faults`, { kind: 'none', times: 0 });
}

function killActs(world: World, options: DemoOptions, restartsMs: number[], tell: Tell): Act[] {
  const random = seededRandom(options.seed + 1000);
  let before: Promise<unknown> = Promise.resolve();
  return Array.from({ length: options.kills }, () => ({
    afterSec: Math.round(random() * 8 * 3600),
    async run() {
      before = before.then(async () => {
        const ms = await world.killPatchbay();
        restartsMs.push(ms);
        tell(`Patchbay was killed with signal 9 and is back after ${ms} ms`);
      });
      await before;
    },
  }));
}

async function putBehaviours(world: World, script: readonly ScriptedCall[]): Promise<void> {
  const behaviours = Object.fromEntries(script.map((call) => [call.number, call.behaviour]));
  await send('PUT', `${world.sigmamindUrl}/_sim/behaviours`, behaviours);
}

async function waitForLeads(world: World, script: readonly ScriptedCall[]): Promise<void> {
  await until('the leads to be synced', 30_000, async () => {
    const metrics = await (await fetch(`${world.patchbayUrl}/metrics`)).text();
    const synced = (dialer: string) =>
      Number(new RegExp(`patchbay_leads_synced_total\\{dialer="${dialer}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
    return ['vicidial', 'five9'].every(
      (dialer) => synced(dialer) >= script.filter((call) => call.dialer === dialer).length,
    );
  });
}

/** Nothing under way: every call has ended, every event is sent, and no write-back waits (but for the night). */
async function waitUntilQuiet(
  world: World,
  script: readonly ScriptedCall[],
  what: string,
  tell: Tell,
  mayWait: boolean,
): Promise<void> {
  let quietSince = 0;
  await until(what, 150_000, async () => {
    const isQuiet =
      (await callsAreOver(world, script)) && (await backlog(world)) <= (mayWait ? Number.POSITIVE_INFINITY : 0);
    if (!isQuiet) quietSince = 0;
    else quietSince ||= performance.now();
    return isQuiet && performance.now() - quietSince > 700;
  });
  tell(what);
}

async function callsAreOver(world: World, script: readonly ScriptedCall[]): Promise<boolean> {
  const calls = (await getJson(`${world.sigmamindUrl}/_sim/calls`)) as { isDone: boolean }[];
  if (calls.some((call) => !call.isDone)) return false;
  for (const [url, name] of [
    [world.vicidialUrl, 'vicidial'],
    [world.five9Url, 'five9'],
  ] as const) {
    const { started, over } = (await getJson(`${url}/_sim/progress`)) as { started: number; over: number };
    if (over < started || started < script.filter((call) => call.dialer === name).length) return false;
  }
  return true;
}

async function backlog(world: World): Promise<number> {
  const metrics = await (await fetch(`${world.patchbayUrl}/metrics`)).text().catch(() => '');
  if (!metrics) return 1;
  let open = Number(/^patchbay_spool_entries (\d+)/m.exec(metrics)?.[1] ?? 0);
  for (const [, state, count] of metrics.matchAll(/^patchbay_write_backs\{[^}]*state="(\w+)"[^}]*\} (\d+)/gm)) {
    if (['pending', 'claimed', 'submitted'].includes(state ?? '')) open += Number(count);
  }
  return open;
}

async function readEnds(world: World, script: readonly ScriptedCall[]): Promise<CallEnd[]> {
  const platformCalls = (await getJson(`${world.sigmamindUrl}/_sim/calls`)) as {
    from: string;
  }[];
  const byNumber = new Map(platformCalls.map((call) => [call.from.replace(/\D/g, '').slice(-10), call]));
  const ends: CallEnd[] = [];
  for (const call of script) {
    const platformCall = byNumber.get(call.number);
    const vicidial = (await getJson(
      `${world.vicidialUrl}/_sim/state?${call.dialer === 'vicidial' ? `leadId=${call.record}` : `phone=${call.number}`}`,
    )) as VicidialState;
    const five9 = (await getJson(`${world.five9Url}/_sim/state?number1=${call.number}`)) as Five9State;
    ends.push({
      call,
      wasHandedToAi: platformCall !== undefined,
      state: call.dialer === 'vicidial' ? stateOfVicidial(vicidial) : stateOfFive9(five9),
      isOnOtherDnc: call.dialer === 'vicidial' ? five9.dnc : vicidial.dnc,
    });
  }
  return ends;
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

async function readJournals(world: World): Promise<DayReport['journals']> {
  return {
    vicidial: (await getJson(`${world.vicidialUrl}/_sim/journal`)) as Effect[],
    five9: (await getJson(`${world.five9Url}/_sim/journal`)) as Effect[],
  };
}

/** 23:01 of the same day in Los Angeles; the demo's day lies in winter time (UTC−8). */
function nextPacific23(morning: number): number {
  const day = new Date(morning - 8 * 3_600_000).toISOString().slice(0, 10);
  return Date.parse(`${day}T23:01:00.000-08:00`);
}

async function until(what: string, withinMs: number, check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await check().catch(() => false)) return;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms for this in vain: ${what}`);
    await wait(100);
  }
}

export async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return await response.json();
}

function post(url: string, body: object): Promise<void> {
  return send('POST', url, body);
}

async function send(method: string, url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`);
}
