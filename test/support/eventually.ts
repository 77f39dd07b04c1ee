import { setTimeout as wait } from 'node:timers/promises';

/** Tries again until the check stops throwing; throws its last error when the time is up. (Default: 5000 ms) */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 5000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(15);
    }
  }
}
