import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../domain/errors.ts';
import { completeLegs } from '../flows/complete-legs.ts';
import type { Deps } from '../flows/deps.ts';
import { drainSpool } from '../flows/drain-spool.ts';
import { loadMemory } from '../flows/load-memory.ts';
import { renewOptOuts } from '../flows/renew-opt-outs.ts';
import { replanHeld, startOfHeld } from '../flows/replan-held.ts';
import { watchOptOuts } from '../flows/watch-opt-outs.ts';
import { watchShadowOptOuts } from '../flows/watch-shadow-opt-outs.ts';
import { withLease } from './lease.ts';

export interface Housekeeping {
  start(): void;
  stop(): Promise<void>;
}

const spoolEveryMs = 250;
const memoryEveryMs = 60_000;
const optOutsEveryMs = 60_000;

/** Drains the spool as soon as the store is back, plans held write-backs anew, refreshes the memory, and watches opt-outs. */
export function createHousekeeping(deps: Deps): Housekeeping {
  const stopping = new AbortController();
  const heldPlace = startOfHeld();
  let running: Promise<unknown> = Promise.resolve();

  async function every(ms: number, what: string, work: () => Promise<unknown>): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await work();
      } catch (error) {
        deps.log.debug({ what, reason: messageOf(error) }, 'some housekeeping could not run and will be tried again');
      }
      await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  async function planAnew(): Promise<void> {
    const completed = await completeLegs(deps);
    const renewed = await renewOptOuts(deps);
    const count = renewed + (await replanHeld(deps, heldPlace));
    if (count + completed > 0) {
      deps.log.info({ count, completed }, 'held write-backs were planned anew');
      deps.nudge();
    }
  }

  async function probe(): Promise<void> {
    if (deps.gate.isAway()) {
      await deps.gate.write(2000, () => deps.store.ping());
      await deps.gate.read(2000, () => deps.store.readCursor('probe'));
    }
    if (!deps.gate.isAway()) await drainSpool(deps);
  }

  async function lookAtOptOuts(): Promise<void> {
    await watchOptOuts(deps);
    await watchShadowOptOuts(deps);
  }

  return {
    start() {
      running = Promise.all([
        every(spoolEveryMs, 'the spool', probe),
        every(memoryEveryMs, 'held write-backs', planAnew),
        every(memoryEveryMs, 'the memory', () => loadMemory(deps)),
        every(optOutsEveryMs, 'the look at opt-outs', () => withLease(deps, 'opt-outs', lookAtOptOuts)),
      ]);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
