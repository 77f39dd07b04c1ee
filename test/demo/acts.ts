import type { DemoOptions } from './options.ts';
import { seededRandom } from './random.ts';
import { post } from './requests.ts';
import { dayLengthSec, type ScriptedCall } from './script.ts';
import * as site from './site.ts';
import type { World } from './world.ts';

/** Something that happens at a time of the day. */
export interface Act {
  /** Simulated seconds after the first call may come. */
  afterSec: number;
  run(): Promise<void>;
}

type Tell = (line: string) => void;

export function callActs(
  world: Pick<World, 'vicidialUrl' | 'five9Url'>,
  script: readonly ScriptedCall[],
  tell: Tell,
): Act[] {
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
          // Two carrier entries, one for each way to ask for headers.
          asksBy: Number(call.record) % 2 === 0 ? 'curl' : 'agi',
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

/** Faults of the dialers that heal by themselves after so many requests, one in each eighth of the day. */
export function faultActs(world: World, options: DemoOptions, tell: Tell): Act[] {
  const act = (eighth: number, what: string, url: string, fault: object): Act => ({
    afterSec: (eighth * dayLengthSec(options)) / 8,
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

export async function healFaults(world: World): Promise<void> {
  for (const url of [world.vicidialUrl, world.five9Url]) await post(`${url}/_sim/faults`, { kind: 'none', times: 0 });
}

/** Kills of Patchbay at random times, one after the other. */
export function killActs(world: World, options: DemoOptions, restartsMs: number[], tell: Tell): Act[] {
  const random = seededRandom(options.seed + 1000);
  let before: Promise<unknown> = Promise.resolve();
  return Array.from({ length: options.kills }, () => ({
    afterSec: Math.round(random() * dayLengthSec(options)),
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
