import { setTimeout as wait } from 'node:timers/promises';

const againMs = 500;
const withinMs = 30_000;

/** A dialer that is away takes no order to dial: it dials when it is back. */
export async function place(run: () => Promise<void>): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(againMs);
    }
  }
}
