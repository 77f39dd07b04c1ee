import { randomBytes } from 'node:crypto';
import { messageOf } from '../../domain/errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';

/** The threads that hash are those that files and names are looked up by: guessing must leave some to live calls. */
const atOnce = 2;
const mostWaiting = 50;
/** How many times as long as a look each place rests after it: guessers from everywhere get half a processor at most. */
const restFactor = 3;

export type PasswordAnswer = 'right' | 'wrong' | 'busy';

/** Looks at passwords, two at a time. An unknown user takes as long as a known one. */
export function createPasswordCheck(deps: Pick<ConsoleDeps, 'console' | 'log'>) {
  let running = 0;
  const waiting: (() => void)[] = [];
  let nobody: Promise<string> | undefined;

  return async function checkPassword(user: string, password: string): Promise<PasswordAnswer> {
    if (running >= atOnce && waiting.length >= mostWaiting) return 'busy';
    if (running >= atOnce) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running += 1;
    const beganAt = performance.now();
    try {
      return (await isRight(user, password)) ? 'right' : 'wrong';
    } finally {
      setTimeout(giveOn, (performance.now() - beganAt) * restFactor).unref();
    }
  };

  /** Whoever waits takes the place over. */
  function giveOn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  async function isRight(user: string, password: string): Promise<boolean> {
    const { hash, verify } = await import('@node-rs/argon2');
    nobody ??= hash(randomBytes(32));
    const nobodysHash = await nobody;
    const { users } = deps.console;
    const known = Object.hasOwn(users, user) ? users[user] : undefined;
    try {
      const matches = await verify(known?.passwordHash ?? nobodysHash, password);
      return known !== undefined && matches;
    } catch (error) {
      deps.log.error(
        { reason: messageOf(error) },
        "a user's passwordHash is broken: npx patchbay console add-user makes one",
      );
      return false;
    }
  }
}
