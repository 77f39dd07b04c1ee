import { isIPv6 } from 'node:net';
import type { Instant } from '../../domain/call.ts';
import type { TryAnswer, TryCounter } from '../../domain/log-in.ts';
import type { Deps } from '../../flows/deps.ts';
import type { ConsoleSettings } from '../console-deps.ts';

/** How many times as many wrong passwords lock a user everywhere, or an address for everybody. */
const wideFactor = 10;
const dropEveryMs = 60_000;

export interface LogInTry {
  user: string;
  address: string;
  /** Names a browser in which this user was logged in before; empty otherwise. */
  browser: string;
}

type TriesDeps = Pick<Deps, 'store' | 'keyedHash'>;

/**
 * Counts wrong passwords: of a user from one address first; then, ten times as many, of a user from anywhere and of an
 * address for any user. A browser in which the user was logged in before has a count of its own and no other: nobody can
 * lock a user out of it from elsewhere. Names are hashed: somebody types a password into the field of the name.
 */
export function createTries(deps: TriesDeps, { tries, minutes }: ConsoleSettings['lockOut']) {
  const lockMs = minutes * 60_000;
  let droppedAt = 0;

  return {
    /** Counts the try as a failure, unless it is locked. `forgive` takes it back. */
    async count(attempt: LogInTry, nowMs: number): Promise<TryAnswer> {
      const { inARow, others } = keysOf(deps, attempt);
      const counters: TryCounter[] = [
        { key: inARow, limit: tries },
        ...others.map((key) => ({ key, limit: tries * wideFactor })),
      ];
      const now = new Date(nowMs).toISOString();
      if (nowMs - droppedAt > dropEveryMs) {
        droppedAt = nowMs;
        await deps.store.dropOldTries({ before: new Date(nowMs - lockMs).toISOString(), now });
      }
      return deps.store.countTry({ counters, now, lockMs });
    },
    async forgive(attempt: LogInTry, isRight: boolean): Promise<void> {
      const { inARow, others } = keysOf(deps, attempt);
      await deps.store.forgiveTry(isRight ? { inARow: [inARow], others } : { inARow: [], others: [inARow, ...others] });
    },
  };
}

/** Lets a user try again at once. Gives how many locks there were. */
export function forgetTriesOf(deps: TriesDeps, user: string, nowMs: number): Promise<number> {
  return deps.store.forgetTries({ key: userKey(deps, user), now: new Date(nowMs).toISOString() });
}

export interface UserLock {
  until: Instant;
  /** From anywhere, or only from some addresses or browsers. */
  isEverywhere: boolean;
}

/** Which of some users can not log in now, and how many addresses are locked for everybody. */
export async function locksOf(
  deps: TriesDeps,
  users: readonly string[],
  nowMs: number,
): Promise<{ users: Map<string, UserLock>; addresses: number }> {
  const locks = await deps.store.logInLocks(new Date(nowMs).toISOString());
  const found = new Map<string, UserLock>();
  for (const user of users) {
    const key = userKey(deps, user);
    const everywhere = locks.find((lock) => lock.key === key);
    const lock = everywhere ?? locks.find((each) => each.key.startsWith(`${key}:`));
    if (lock) found.set(user, { until: lock.until, isEverywhere: everywhere !== undefined });
  }
  return { users: found, addresses: locks.filter(({ key }) => key.startsWith('address:')).length };
}

/** Stands for a user in a cookie. */
export function markOfUser(deps: TriesDeps, user: string): string {
  return short(deps, `known ${user}`);
}

/** What names a browser in which this user was logged in before; empty when it is none. @param cookie as it was set */
export function knownBrowserOf(deps: TriesDeps, cookie: string, user: string): string {
  const [mark, browser = ''] = cookie.split('.');
  return mark === markOfUser(deps, user) ? browser : '';
}

function keysOf(deps: TriesDeps, { user, address, browser }: LogInTry): { inARow: string; others: string[] } {
  const ofUser = userKey(deps, user);
  if (browser) return { inARow: `${ofUser}:known:${short(deps, browser)}`, others: [] };
  const network = short(deps, `address ${networkOf(address)}`);
  return { inARow: `${ofUser}:${network}`, others: [ofUser, `address:${network}`] };
}

function userKey(deps: TriesDeps, user: string): string {
  return `user:${short(deps, `user ${user}`)}`;
}

function short(deps: TriesDeps, text: string): string {
  return Buffer.from(deps.keyedHash(`console log-in ${text}`))
    .toString('hex')
    .slice(0, 32);
}

/** One customer of a provider has a whole /64 of IPv6 to himself. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const gap = plain.includes('::') ? Array.from({ length: 8 - before.length - after.length }, () => '0') : [];
  return [...before, ...gap, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
