import { hash } from 'node:crypto';
import type { EventFaults } from './options.ts';
import type { CallEvent } from './payloads.ts';

/** What becomes of one event on its way. */
export interface EventFate {
  isLost: boolean;
  isDoubled: boolean;
  lateSec: number;
}

/** By the seed, the customer and the event's name alone: so a script can foresee it, whatever else goes on. */
export function eventFate(faults: EventFaults, customer: string, event: CallEvent): EventFate {
  const draw = (what: string) => drawOf(faults.seed, `${customer.slice(-10)} ${event} ${what}`);
  return {
    isLost: draw('lost') < faults.lost,
    isDoubled: draw('doubled') < faults.doubled,
    lateSec: draw('late') < faults.late ? draw('how late') * faults.latestSec : 0,
  };
}

/** Whether somebody without the secret tells a lie about the call. */
export function isForgedAbout(faults: EventFaults, customer: string): boolean {
  return drawOf(faults.seed, `${customer.slice(-10)} forged`) < faults.forged;
}

function drawOf(seed: number, text: string): number {
  return Number.parseInt(hash('sha256', `${seed} ${text}`).slice(0, 8), 16) / 0x1_0000_0000;
}
