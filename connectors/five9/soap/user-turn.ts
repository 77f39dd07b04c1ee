import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';

/**
 * How the processes that share one API user take turns at its lease: who waits asks, and who holds it gives way. By the
 * machine's clock, as leases are: one that is set back must not keep the others waiting.
 */
export interface UserTurn {
  /** The lease is ours from now on. */
  begin(): void;
  /** Whether it is time to give the lease to another process that waits. Asks the store once in a while. */
  mustGive(): Promise<boolean>;
  /** What `mustGive` last said. */
  isAsked(): boolean;
  /** Stands aside for a moment, so that the other process gets the lease. */
  give(): Promise<void>;
  /** Tells the process that has the lease that we wait, and waits a moment. */
  ask(): Promise<void>;
  /** Ends what waits. */
  stop(): void;
}

type Deps = Pick<ConnectorDeps, 'log' | 'newId' | 'readCursor' | 'writeCursor'>;

/** So long a process keeps the lease from others that wait. */
const keepMs = 1000;
/** Who waits looks so often; who gives way stands aside for longer than that. */
const lookMs = 100;
const asideMs = 350;
/** Looks after which the operator is told what is waited for. */
const tellAfter = 15;

export function createUserTurn(deps: Deps, lease: string): UserTurn {
  const mark = `${lease}:asked`;
  const stopping = new AbortController();
  let lastMark = '';
  let lookAt = 0;
  let isAsked = false;
  let asked = 0;

  return {
    begin() {
      isAsked = false;
      asked = 0;
      lookAt = performance.now() + keepMs;
    },
    async mustGive() {
      if (isAsked || performance.now() < lookAt) return isAsked;
      lookAt = performance.now() + keepMs;
      const newest = await deps.readCursor(mark).catch(() => lastMark);
      isAsked = newest !== lastMark;
      lastMark = newest;
      return isAsked;
    },
    isAsked: () => isAsked,
    give: () => pause(asideMs, stopping.signal),
    async ask() {
      // A fresh value each time: the holder sees that somebody waits now, whatever the clocks say.
      lastMark = deps.newId();
      await deps.writeCursor(mark, lastMark);
      asked += 1;
      if (asked === tellAfter) {
        deps.log.warn(
          {},
          'another process of Patchbay uses the Five9 user: waiting for a turn. More `soap.users` help.',
        );
      }
      await pause(lookMs, stopping.signal);
    },
    stop: () => stopping.abort(),
  };
}

/** Machine milliseconds, or less when the signal is aborted. Keeps no process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
