import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import type { Parameters } from './parameters.ts';
import { type Row, text } from './tables.ts';

export type Login =
  | { kind: 'in'; user: Row; userName: string }
  | { kind: 'refused'; user: string; why: 'BAD' | 'LOCK' };

const triesBeforeLock = 10;
const lockMinutes = 15;

/** Checks user and password. Ten wrong passwords lock the user for 15 minutes, also for the right password. */
export async function logIn(
  { tables, time, clock }: VicidialDeps,
  parameters: Parameters,
  options: { leastLevel: number; isLocked: boolean },
): Promise<Login> {
  const name = filters.code(parameters.get('user'));
  const pass = filters.code(parameters.get('pass'));
  const user = await tables.first('SELECT * FROM vicidial_users WHERE user = ?', [name]);
  const lockedSince = time.local(clock.now() - lockMinutes * 60_000);
  const isLocked =
    user !== undefined &&
    Number(user.failed_login_count) >= triesBeforeLock &&
    text(user.last_login_date) > lockedSince;
  if (options.isLocked || isLocked) return { kind: 'refused', user: name, why: 'LOCK' };

  const isRight = user !== undefined && text(user.pass) === pass && pass !== '';
  if (isRight && text(user.active) === 'Y' && Number(user.user_level) >= options.leastLevel) {
    if (Number(user.failed_login_count) > 0)
      await tables.change('UPDATE vicidial_users SET failed_login_count = 0 WHERE user = ?', [name]);
    return { kind: 'in', user, userName: name };
  }
  // An old lock that has run out begins to count anew.
  const wasLocked = Number(user?.failed_login_count) >= triesBeforeLock;
  await tables.change(
    `UPDATE vicidial_users SET failed_login_count = ${wasLocked ? '1' : 'failed_login_count + 1'}, last_login_date = ? WHERE user = ?`,
    [time.local(), name],
  );
  return { kind: 'refused', user: name, why: 'BAD' };
}
