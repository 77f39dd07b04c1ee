import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import { faultOf } from './errors.ts';
import type { RefusedLogin } from './refused-logins.ts';
import type { SoapClient } from './soap-client.ts';
import { createUserTurn, pause } from './user-turn.ts';

/** The calls of one API user, one at a time, while this process holds the user's lease. */
export interface UserQueue {
  /** Five9 did not accept the user: nothing is sent any more, so that the account is not locked. */
  readonly isDenied: boolean;
  /** Another process had the user a moment ago. */
  readonly isElsewhere: boolean;
  /** Calls that run or wait. */
  load(): number;
  add(call: QueuedCall): void;
  close(): Promise<void>;
}

/** Live calls go first; lead sync and reports go last. */
export const ranks = ['live', 'usual', 'background'] as const;
export type Rank = (typeof ranks)[number];

export interface QueuedCall {
  rank: Rank;
  /** Meant for this user, and no other. */
  isPinned?: boolean;
  isGivenUp(): boolean;
  run(client: SoapClient): Promise<void>;
  reject(error: unknown): void;
}

type Deps = Pick<ConnectorDeps, 'log' | 'newId' | 'withLease' | 'readCursor' | 'writeCursor'>;

/** A lease is kept for a moment after the last call, as calls mostly come in rows. */
const lingerMs = 500;
/** How long calls wait while another process has the user. */
const patienceMs = 30_000;
/** So long other users are preferred to one that another process has. */
const elsewhereMs = 1000;

/**
 * @param giveBack takes calls that this user can't do now, to be placed with another; false when there is none
 * @param login what is known of the user's log-in
 */
export function createUserQueue(
  deps: Deps,
  lease: string,
  client: SoapClient,
  { giveBack, login }: { giveBack: (call: QueuedCall) => boolean; login: RefusedLogin },
): UserQueue {
  const turn = createUserTurn(deps, lease);
  const waiting: QueuedCall[] = [];
  let running = 0;
  let isClosing = false;
  /** Since when, and when last (machine ms), another process was seen to have the user. */
  let elsewhereSince = 0;
  let elsewhereAt = Number.NEGATIVE_INFINITY;
  let hasSession = false;
  let holding: Promise<void> | null = null;
  let wake = new AbortController();

  function hold(): void {
    holding ??= underLease().finally(() => {
      holding = null;
      if (waiting.length > 0) hold();
    });
  }

  async function underLease(): Promise<void> {
    try {
      const held = await deps.withLease(lease, async (signal, { isOurs }) => {
        elsewhereSince = 0;
        elsewhereAt = Number.NEGATIVE_INFINITY;
        await drain(signal, isOurs);
        return true;
      });
      if (held === null) await waitForTurn();
      else if (turn.isAsked()) await turn.give();
    } catch (error) {
      const why = `the lease of a Five9 user could not be taken: ${messageOf(error)}`;
      const away = new ConnectorError('store_away', why, { retryable: true });
      for (const call of waiting.splice(0)) call.reject(away);
    }
  }

  /** Calls go to another user while there is one; else they wait here, not for ever. */
  async function waitForTurn(): Promise<void> {
    elsewhereAt = performance.now();
    elsewhereSince ||= elsewhereAt;
    // While the user counts as elsewhere, no call comes back to this queue.
    for (const call of waiting.splice(0)) if (!giveBack(call)) waiting.push(call);
    if (waiting.length === 0 || isClosing) return;
    if (performance.now() - elsewhereSince < patienceMs) return turn.ask();
    elsewhereSince = 0;
    for (const call of waiting.splice(0)) call.reject(busyElsewhere());
  }

  /** Before each call it is asked whether the lease may have ended: a process that was frozen must not go on beside another. */
  async function drain(leaseLost: AbortSignal, isOurs: () => boolean): Promise<void> {
    turn.begin();
    while (isOurs() && !(await turn.mustGive()) && isOurs()) {
      const call = waiting.shift();
      if (call) await runOne(call);
      else if (isClosing || !(await isMoreComing(leaseLost))) break;
    }
    // The session goes with the lease where another process waits: Five9 allows a user one.
    if ((isClosing || turn.isAsked()) && hasSession && !login.isRefused && isOurs()) {
      hasSession = false;
      await client.call('closeSession', {}).catch((error: unknown) => {
        deps.log.debug({ reason: messageOf(error) }, 'a Five9 session stays open');
      });
    }
  }

  async function runOne(call: QueuedCall): Promise<void> {
    if (call.isGivenUp()) return;
    running = 1;
    hasSession = true;
    try {
      await call.run(client);
    } catch (error) {
      if (isLoginRefused(error)) {
        login.note();
        deps.log.error({ reason: error.message, hint: error.hint }, 'a Five9 API user is used no more');
        for (const other of [call, ...waiting.splice(0)]) if (!giveBack(other)) other.reject(error);
      } else call.reject(error);
    } finally {
      running = 0;
    }
  }

  /** Waits a moment for the next call, lease in hand. */
  async function isMoreComing(leaseLost: AbortSignal): Promise<boolean> {
    wake = new AbortController();
    await pause(lingerMs, AbortSignal.any([wake.signal, leaseLost]));
    return waiting.length > 0;
  }

  return {
    get isDenied() {
      return login.isRefused;
    },
    get isElsewhere() {
      return performance.now() < elsewhereAt + elsewhereMs;
    },
    load: () => waiting.length + running,
    add(call) {
      const place = waiting.findIndex((other) => ranks.indexOf(other.rank) > ranks.indexOf(call.rank));
      if (place < 0) waiting.push(call);
      else waiting.splice(place, 0, call);
      wake.abort();
      hold();
    },
    async close() {
      isClosing = true;
      turn.stop();
      for (const call of waiting.splice(0)) giveBack(call);
      wake.abort();
      if (hasSession) hold();
      await holding;
    },
  };
}

/** A fault about missing rights is answered to the caller: only a refused login stops the user. */
function isLoginRefused(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.code === 'dialer_denied' && faultOf(error) === null;
}

function busyElsewhere(): ConnectorError {
  return new ConnectorError('dialer_limit', 'another process of Patchbay uses every API user of this Five9', {
    retryable: true,
    afterMs: 1000,
    hint: 'Add a user under `soap.users` for each process that talks to Five9.',
  });
}
