import { Five9Config } from '../../../connectors/five9/config.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Log } from '../../../src/domain/connector.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';

const silent = () => undefined;
export const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

export function configOf(overrides: Record<string, unknown> = {}): Five9Config {
  return Five9Config.parse({
    type: 'five9',
    domainTimeZone: 'America/New_York',
    keyField: 'number1',
    batch: { flushMs: 2000 },
    imports: { lostAfterSec: 20 },
    settle: { maxWaitSec: 0 },
    soap: { users: [{ user: 'ada@example', password: 'engine' }] },
    ...overrides,
  });
}

/** A clock that stands where it is put: a sleep ends with its signal only, or at once when it has none. */
export function standingClock(at: string): Clock & { set(at: string): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    async sleep(_ms, signal) {
      if (!signal || signal.aborted) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    set(next) {
      now = Date.parse(next);
    },
  };
}

/** Ada's call in the campaign Spring, number made up. */
export function rowOf(id: string, desired: Desired, overrides: Partial<WriteBack> = {}): WriteBack {
  return {
    id,
    correlationId: 'ada0000000000a',
    dialer: 'five9',
    aspect: desired.aspect,
    revision: 1,
    target: {
      campaign: 'Spring',
      list: '',
      leadKey: '',
      callKey: '30000000001',
      number: '2125550101',
      phone: '+12125550101',
      agent: '',
      calledAt: '2026-03-02T15:00:00.000Z',
    },
    desired,
    state: 'claimed',
    dueAt: '2026-03-02T15:05:00.000Z',
    attempts: 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    createdAt: '2026-03-02T15:05:00.000Z',
    settledAt: null,
    ...overrides,
  };
}

export const sale: Desired = { aspect: 'disposition', disposition: 'AI - Sale', outcome: 'sale' };
