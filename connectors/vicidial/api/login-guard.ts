import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { ApiAnswer } from './api-answer.ts';
import { takeTurns } from './in-turn.ts';

/** Keeps a small text between runs. */
export interface Memory {
  read(): Promise<string>;
  write(text: string): Promise<void>;
}

/**
 * Keeps wrong log-ins from adding up: ten of them lock the user for 15 minutes, also for the right password. While nobody
 * knows whether the log-in is taken, one request goes alone; after a refusal nobody asks for longer than a lock lasts.
 */
export interface LoginGuard {
  /** Runs one request, or throws what the last refusal was. */
  pass(ask: () => Promise<ApiAnswer>, options: AskOptions): Promise<ApiAnswer>;
}

interface AskOptions {
  /** The function asks for the log-in at all. */
  proves: boolean;
  /** Who gives up waiting says nothing about the server. */
  signal?: AbortSignal | undefined;
}

/** Longer than VICIdial's lock of 15 minutes, which counts from the last wrong try: so no two tries are added up. */
const pauseMs = 16 * 60_000;
/** Fewer than the ten tries that lock: all that are under way when the password is changed over there. */
const together = 8;
/** Our own store may be away; a live call must not wait for it. */
const recallMs = 300;

/**
 * @param who changes with user and password, and tells neither: a new password is tried at once
 */
export function createLoginGuard(clock: Pick<Clock, 'now'>, memory: Memory, who: string): LoginGuard {
  let deniedUntil = 0;
  let isLocked = false;
  let isProven = false;
  let recalling: Promise<void> | null = null;
  let probing: Promise<ConnectorError | null> | null = null;
  const takeTurn = takeTurns(together);

  async function recall(): Promise<void> {
    // Without the memory, one try is what it costs.
    const kept = await Promise.race([memory.read().catch(() => ''), wait(recallMs, '', { ref: false })]);
    const [forWhom, until, locked] = kept.split(' ');
    if (forWhom !== who || !(Number(until) <= clock.now() + pauseMs)) return;
    deniedUntil = Number(until);
    isLocked = locked === 'locked';
  }

  function refuseWhilePaused(): void {
    if (clock.now() < deniedUntil) throw loginError(isLocked, deniedUntil - clock.now());
  }

  function judge(answer: ApiAnswer, { proves }: AskOptions): ApiAnswer {
    if (answer.kind !== 'login') {
      const isAsked = answer.kind !== 'unreadable' && (answer.kind !== 'denied' || answer.isFunction);
      if (isAsked && proves) isProven = true;
      return answer;
    }
    isProven = false;
    isLocked = answer.isLocked;
    deniedUntil = clock.now() + pauseMs;
    void memory.write(`${who} ${deniedUntil} ${isLocked ? 'locked' : 'wrong'}`).catch(() => undefined);
    throw loginError(isLocked, pauseMs);
  }

  /** One alone. Who waited for it gets its failure too: a server that does not answer costs one time-out, not one each. */
  async function probe(ask: () => Promise<ApiAnswer>, options: AskOptions): Promise<ApiAnswer> {
    const { promise, resolve } = Promise.withResolvers<ConnectorError | null>();
    probing = promise;
    let failure: ConnectorError | null = null;
    try {
      return judge(await ask(), options);
    } catch (thrown) {
      if (thrown instanceof ConnectorError && !options.signal?.aborted) failure = thrown;
      throw thrown;
    } finally {
      probing = null;
      resolve(failure);
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    return takeTurn(async () => {
      refuseWhilePaused();
      return await work();
    });
  }

  return {
    async pass(ask, options) {
      recalling ??= recall();
      await recalling;
      for (;;) {
        refuseWhilePaused();
        if (isProven) return await inTurn(async () => judge(await ask(), options));
        if (!probing) return await probe(ask, options);
        const failure = await probing;
        if (failure) throw notSent(failure);
      }
    },
  };
}

/** Another request's failure, for one that never left. */
export function notSent({ code, message, retryable, hint, afterMs }: ConnectorError): ConnectorError {
  return new ConnectorError(code, message, { retryable, hint, ...(afterMs !== undefined && { afterMs }) });
}

function loginError(isLocked: boolean, afterMs: number): ConnectorError {
  const message = isLocked
    ? 'VICIdial has locked the API user'
    : 'VICIdial did not accept the API user or its password';
  return new ConnectorError('dialer_denied', message, {
    retryable: true,
    afterMs,
    hint: 'Check api.user and api.pass, that the user is active, of level 8 and has Agent API Access; we ask no more for some minutes, since ten wrong tries lock the user.',
  });
}
