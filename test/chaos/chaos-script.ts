import { seededRandom } from '../demo/random.ts';
import { type ScriptedCall, writeScript } from '../demo/script.ts';
import type { ChaosOptions } from './options.ts';

/** The last calls are placed before the faults are over. */
const callsShare = 0.85;

export function dayLengthSec({ minutes, rate }: Pick<ChaosOptions, 'minutes' | 'rate'>): number {
  return minutes * 60 * rate;
}

/** The demo's kinds of calls on both dialers; more of their events are doubled, out of order, late, or forged. */
export function writeChaosScript(options: ChaosOptions): ScriptedCall[] {
  const random = seededRandom(options.seed + 31);
  const script = writeScript(options.seed, {
    calls: options.calls,
    daySec: dayLengthSec(options) * callsShare,
    five9Every: 2,
    rushes: [],
  });
  return script.map((call) => {
    const events = {
      duplicate: random() < 0.4,
      reorder: random() < 0.4,
      dropStarted: random() < 0.2,
      forge: random() < 0.1,
      ...(random() < 0.25 && { delaySec: Math.round(random() * 180) }),
    };
    return { ...call, behaviour: { ...call.behaviour, events } };
  });
}

/** How many calls' events meet each fault. */
export function countEventFaults(script: readonly ScriptedCall[]): Record<string, number> {
  const count = (has: (events: ScriptedCall['behaviour']['events']) => boolean) =>
    script.filter(({ behaviour }) => has(behaviour.events)).length;
  return {
    'events-doubled': count(({ duplicate }) => duplicate),
    'events-reordered': count(({ reorder }) => reorder),
    'events-late': count(({ delaySec = 0 }) => delaySec > 0),
    'events-forged': count(({ forge }) => forge),
  };
}
