import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import { faultOf } from './errors.ts';
import type { SoapClient } from './soap-client.ts';

/** The calls of one API user, one at a time, while this process holds the user's lease. */
export interface UserQueue {
  /** Five9 did not accept the user: nothing is sent any more, so that the account is not locked. */
  readonly isDenied: boolean;
  /** Another process has the user; not to be tried before (epoch ms). */
  readonly awayUntil: number;
  /** Calls that run or wait. */
  load(): number;
  add(call: QueuedCall): void;
  close(): Promise<void>;
}

export interface QueuedCall {
  isLive: boolean;
  isGivenUp(): boolean;
  run(client: SoapClient): Promise<void>;
  reject(error: unknown): void;
}

type Deps = Pick<ConnectorDeps, 'clock' | 'log' | 'withLease'>;

/** A lease is kept for a moment after the last call, as calls mostly come in rows. */
const lingerMs = 500;
const otherProcessMs = 1000;

/** @param giveBack takes calls that this user can't do, to be placed with another */
export function createUserQueue(
  deps: Deps,
  lease: string,
  client: SoapClient,
  giveBack: (call: QueuedCall) => void,
): UserQueue {
  const waiting: QueuedCall[] = [];
  let running = 0;
  let isDenied = false;
  let isClosing = false;
  let awayUntil = 0;
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
      const held = await deps.withLease(lease, async (signal) => {
        await drain(signal);
        return true;
      });
      if (held !== null) return;
      awayUntil = deps.clock.now() + otherProcessMs;
      for (const call of waiting.splice(0)) giveBack(call);
    } catch (error) {
      const away = new ConnectorError(
        'store_away',
        `the lease of a Five9 user could not be taken: ${messageOf(error)}`,
        {
          retryable: true,
        },
      );
      for (const call of waiting.splice(0)) call.reject(away);
    }
  }

  async function drain(leaseLost: AbortSignal): Promise<void> {
    while (!leaseLost.aborted) {
      const call = waiting.shift();
      if (call) await runOne(call);
      else if (isClosing || !(await isMoreComing(leaseLost))) break;
    }
    if (isClosing && hasSession && !isDenied && !leaseLost.aborted) {
      hasSession = false;
      await client.call('closeSession', {});
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
        isDenied = true;
        deps.log.error({ reason: error.message, hint: error.hint }, 'a Five9 API user is used no more');
        for (const other of [call, ...waiting.splice(0)]) giveBack(other);
      } else call.reject(error);
    } finally {
      running = 0;
    }
  }

  /** Waits a moment for the next call, lease in hand. */
  async function isMoreComing(leaseLost: AbortSignal): Promise<boolean> {
    wake = new AbortController();
    await deps.clock.sleep(lingerMs, AbortSignal.any([wake.signal, leaseLost]));
    return waiting.length > 0;
  }

  return {
    get isDenied() {
      return isDenied;
    },
    get awayUntil() {
      return awayUntil;
    },
    load: () => waiting.length + running,
    add(call) {
      const place = call.isLive ? waiting.findIndex((other) => !other.isLive) : -1;
      if (place < 0) waiting.push(call);
      else waiting.splice(place, 0, call);
      wake.abort();
      hold();
    },
    async close() {
      isClosing = true;
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
