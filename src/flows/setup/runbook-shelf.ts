import type { Instant } from '../../domain/call.ts';
import { type Clock, instantOf } from '../../domain/clock.ts';
import { messageOf } from '../../domain/errors.ts';
import type { Runbook } from './write-runbook.ts';

/** Keeps the runbook as it was made last: to make it takes a look at all systems, for which no page waits. */
export interface RunbookShelf {
  look(): ShelvedRunbook;
  /** Begins to make it anew, unless that goes on already. */
  make(): void;
}

export interface ShelvedRunbook {
  made: { runbook: Runbook; at: Instant } | null;
  isBeingMade: boolean;
  /** Why it could not be made the last time; empty when it could. */
  fault: string;
}

export function createRunbookShelf(clock: Clock, gather: () => Promise<Runbook>): RunbookShelf {
  let made: ShelvedRunbook['made'] = null;
  let fault = '';
  let making: Promise<void> | null = null;

  async function makeOne(): Promise<void> {
    try {
      made = { runbook: await gather(), at: instantOf(clock) };
      fault = '';
    } catch (error) {
      fault = messageOf(error);
    } finally {
      making = null;
    }
  }

  return {
    look: () => ({ made, isBeingMade: making !== null, fault }),
    make() {
      making ??= makeOne();
    },
  };
}
