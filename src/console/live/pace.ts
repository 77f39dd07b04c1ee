export interface Pace {
  /** Something may have become due. */
  look(): void;
}

export interface PaceOptions {
  /** Of the machine's time, the share that the work may take at most. (Default: 0.1) */
  share?: number | undefined;
  /** When the next piece is due, by `performance.now()`; undefined: there is none. */
  nextDue(): number | undefined;
  /** Does what is due first. Never rejects. */
  work(): Promise<void>;
}

/** What takes longer than half a second does not keep the machine busy: it waits, for a store that hesitates. */
const mostRestMs = 5000;

/**
 * One piece of work at a time, each followed by a rest in proportion to what it took: live calls are served by the same
 * thread, so that many open pages become slower, and calls do not.
 */
export function createPace({ share = 0.1, nextDue, work }: PaceOptions): Pace {
  let timer: NodeJS.Timeout | undefined;
  let isWorking = false;
  let restsUntil = 0;

  function look(): void {
    clearTimeout(timer);
    if (isWorking) return;
    const dueAt = nextDue();
    if (dueAt === undefined) return;
    const waitMs = Math.max(dueAt, restsUntil) - performance.now();
    timer = setTimeout(() => void run(), Math.max(0, waitMs)).unref();
  }

  async function run(): Promise<void> {
    isWorking = true;
    const startedAt = performance.now();
    try {
      await work();
    } finally {
      isWorking = false;
      const endedAt = performance.now();
      restsUntil = endedAt + Math.min(mostRestMs, (endedAt - startedAt) * (1 / share - 1));
      look();
    }
  }

  return { look };
}
