const startedAt = Date.now();

/** A thousand times as fast as the machine's. */
export const fastClock = {
  now: () => startedAt + (Date.now() - startedAt) * 1000,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      setTimeout(resolve, ms / 1000);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};
