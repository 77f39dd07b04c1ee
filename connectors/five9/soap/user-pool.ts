import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { Five9Config } from '../config.ts';
import { faultOf } from './errors.ts';
import { refusedLogin } from './refused-logins.ts';
import { createSoapClient, type SoapClient } from './soap-client.ts';
import { createUserQueue, type QueuedCall, type Rank, type UserQueue } from './user-queue.ts';

/** A pool of API users: Five9 serves one call at a time per user. */
export interface UserPool {
  run<T>(call: PooledCall<T>): Promise<T>;
  /**
   * The same as each user, one after the other, each name once. One that was refused before is not sent again; where Five9
   * does not answer one, the others are not asked.
   */
  askEach<T>(call: PooledCall<T>): Promise<UserAnswer<T>[]>;
  /** Why no user can be used any more; empty while one can. */
  deniedWhy(): string;
  /** Refuses new calls, ends what runs, closes the sessions. */
  close(): Promise<void>;
}

/** What Five9 said to one API user. `place`: in the configuration, from 1. */
export type UserAnswer<T> = { place: number } & ({ kind: 'answer'; answer: T } | { kind: 'refused'; error: unknown });

export interface PooledCall<T> {
  /** Harmless to send again when the session was lost under it. */
  isRead: boolean;
  /** Who goes first. (Default: usual) */
  rank?: Rank;
  /** Ends the caller's wait; the request itself goes on, since Five9 still works on it. */
  signal?: AbortSignal;
  work(client: SoapClient): Promise<T>;
}

type Deps = Pick<ConnectorDeps, 'clock' | 'log' | 'newId' | 'random' | 'withLease' | 'readCursor' | 'writeCursor'>;

const sessionTries = 4;

/** One queue per user; a call goes to the user with the least work. */
export function createUserPool(deps: Deps, id: string, soap: Five9Config['soap']): UserPool {
  let isClosed = false;
  const queues = soap.users.map((user) =>
    createUserQueue(deps, `five9:${id}:${user.user}`, createSoapClient(soap, user), {
      login: refusedLogin(soap.host, user),
      giveBack: placeElsewhere,
    }),
  );

  function place(call: QueuedCall): void {
    const queue = isClosed ? closedError() : chooseQueue(queues);
    if (queue instanceof ConnectorError) call.reject(queue);
    else queue.add(call);
  }

  /** For a call that a user can't do now. False when it may as well wait there. */
  function placeElsewhere(call: QueuedCall): boolean {
    if (call.isPinned) return false;
    const isHopeless = isClosed || queues.every((queue) => queue.isDenied);
    if (!isHopeless && !queues.some((queue) => !queue.isDenied && !queue.isElsewhere)) return false;
    place(call);
    return true;
  }

  function queued<T>(call: PooledCall<T>, add: (queued: QueuedCall) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (call.signal?.aborted) return reject(tooLate());
      call.signal?.addEventListener('abort', () => reject(tooLate()), { once: true });
      add({
        rank: call.rank ?? 'usual',
        isGivenUp: () => call.signal?.aborted ?? false,
        reject,
        async run(client) {
          resolve(await inSession(deps, call, client));
        },
      });
    });
  }

  return {
    run: (call) => queued(call, place),
    async askEach<T>(call: PooledCall<T>) {
      const answers: UserAnswer<T>[] = [];
      const asked = new Set<string>();
      for (const [index, { user }] of soap.users.entries()) {
        const queue = queues[index];
        if (!queue || asked.has(user)) continue;
        asked.add(user);
        const place = index + 1;
        try {
          if (queue.isDenied || isClosed) throw isClosed ? closedError() : deniedError();
          const answer = await queued(call, (one) => queue.add({ ...one, isPinned: true }));
          answers.push({ place, kind: 'answer', answer });
        } catch (error) {
          answers.push({ place, kind: 'refused', error });
          if (error instanceof ConnectorError && error.code === 'dialer_away') break;
        }
      }
      return answers;
    },
    deniedWhy: () => (queues.every((queue) => queue.isDenied) ? deniedError().message : ''),
    async close() {
      isClosed = true;
      const results = await Promise.allSettled(queues.map((queue) => queue.close()));
      for (const result of results) {
        if (result.status === 'rejected') deps.log.debug({ reason: messageOf(result.reason) }, 'a session stays open');
      }
    },
  };
}

/** The usable user with the least work, best one that no other process has; or why there is none. */
function chooseQueue(queues: readonly UserQueue[]): UserQueue | ConnectorError {
  const usable = queues.filter((queue) => !queue.isDenied);
  const here = usable.filter((queue) => !queue.isElsewhere);
  const [first, ...others] = here.length > 0 ? here : usable;
  if (!first) return deniedError();
  let best = first;
  for (const queue of others) if (queue.load() < best.load()) best = queue;
  return best;
}

/**
 * Sends again, the user's queue held, when Five9 says that the user is busy elsewhere. A call that changes something is
 * sent again only where the fault proves that it was not begun.
 */
async function inSession<T>(deps: Deps, call: PooledCall<T>, client: SoapClient): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call.work(client);
    } catch (error) {
      const fault = faultOf(error)?.fault ?? '';
      const isLostSession = fault === 'AdminSessionClosed' || fault === 'SessionClosed';
      const isHarmless = fault === 'UserAlreadyLoggedIn' || (isLostSession && call.isRead);
      if (!isHarmless || attempt >= sessionTries || call.signal?.aborted) throw error;
      await deps.clock.sleep(200 * attempt + 300 * deps.random());
    }
  }
}

function deniedError(): ConnectorError {
  return new ConnectorError('dialer_denied', 'Five9 does not accept any of the API users', {
    hint: 'Check user and password under `soap.users`, then `npx patchbay reload`. Patchbay does not try again: Five9 locks accounts.',
  });
}

function closedError(): ConnectorError {
  return new ConnectorError('dialer_away', 'the Five9 connector is being closed', { retryable: true });
}

function tooLate(): ConnectorError {
  return new ConnectorError('dialer_away', 'Five9 did not answer within the time that the caller had', {
    retryable: true,
  });
}
