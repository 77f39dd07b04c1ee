import type { Clock } from '../../../src/domain/clock.ts';
import type { Effect } from '../simulator.ts';
import type { ServerTime } from './server-time.ts';
import type { Tables } from './tables.ts';

/** What every part of the simulated VICIdial works with. */
export interface VicidialDeps {
  clock: Clock;
  time: ServerTime;
  tables: Tables;
  journal: Journal;
  serverIp: string;
  /** Aborted when the simulator stops. */
  stopping: AbortSignal;
}

/** The witness of effects; kept in memory, in the order in which they happened. */
export interface Journal {
  note(effect: Omit<Effect, 'at'>): void;
  all(): Effect[];
}

export function createJournal(clock: Clock): Journal {
  const effects: Effect[] = [];
  return {
    note: (effect) => void effects.push({ at: new Date(clock.now()).toISOString(), ...effect }),
    all: () => effects,
  };
}
