import type { Clock } from '../../src/domain/clock.ts';

/** What a simulator saw happen to its records: the witness for lost, double and wrong. */
export interface Effect {
  /** By the simulated clock. */
  at: string;
  /** `disposition` `log` `callback` `callback-removed` `dnc` `dnc-removed` `fields` `dialled` `hangup` `transfer` … */
  kind: string;
  /** The record: VICIdial lead_id, Five9 number1 (with campaign where it matters), a phone number for DNC. */
  record: string;
  /** Campaign or list, where it matters. */
  campaign?: string;
  /** Caller code or call id, where the request named one. */
  callKey?: string;
  value: string;
  /** Who did it: `api` (through the interface that Patchbay uses) or `dialer`, `human`, `ivr`. */
  by: 'api' | 'dialer' | 'human' | 'ivr';
  /** False when the record already held the value. */
  isChange: boolean;
}

/** What every simulator offers in the test process; over HTTP the same under `/_sim/`. */
export interface Simulator {
  url: string;
  journal(): Promise<Effect[]>;
  stop(): Promise<void>;
}

export interface SimulatorDeps {
  clock: Clock;
}
