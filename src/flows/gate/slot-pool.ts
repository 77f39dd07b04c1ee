import { createDeadlines } from '../deadlines.ts';
import type { LetInCalls } from './let-in-calls.ts';

/** The slots of one platform that this process may give to calls. */
export interface SlotPool {
  /** A slot at once, else as soon as there is one; null when there is none within the time. Who came first is served first. */
  take(time: SlotTime): Promise<'slot' | null>;
  /** The store knows the call that got a slot: it is counted there from now on. */
  stored(correlationId: string): void;
  /** The call waits on this process's disk: it keeps the slot until its end is told here, or the store knows it. */
  spooled(correlationId: string): void;
  /** The slot was not used. */
  giveBack(): void;
  /** A call is over, as this process was told: of any platform, whoever let it in. @param isStored the store knows it, and counts no slot for the call any more */
  ended(correlationId: string, isStored: boolean): void;
  /** Has the store asked at once, so that there is something to give. */
  ask(): Promise<void>;
}

export interface SlotTime {
  /** How long the store may take to answer, by the machine's clock. */
  askMs: number;
  /** How long a call waits where nothing is free. */
  waitMs: number;
}

export interface SlotPoolOptions {
  /** Asks the store for a hold; null while it is away. */
  hold(input: { given: number; free: number; wanted: number }): Promise<{ free: number } | null>;
  letIn: LetInCalls;
  /** Whether facts of this process wait on disk for the store. */
  hasSpooled(): boolean;
  /** So long this process gives from a hold, by the machine's clock: less than the store keeps it. */
  goodMs: number;
  /** How often the store is asked while calls wait. (Default: 200 ms) */
  againMs?: number;
}

interface Waiting {
  waitUntil: number;
  /** The store was asked since it came. */
  isAsked: boolean;
  resolve(answer: 'slot' | null): void;
  /** Ends its deadline. */
  end(): void;
}

/**
 * Gives slots from a hold that the store grants, so that a call waits for the store only where the hold is used up or
 * over. While the store is away nobody can be granted more: what is left is given, and the slot of each call that it let in
 * itself and whose end is told here.
 */
export function createSlotPool({ hold, letIn, hasSpooled, goodMs, againMs = 200 }: SlotPoolOptions): SlotPool {
  const deadlines = createDeadlines();
  const onDisk = new Set<string>();
  let waiting: Waiting[] = [];
  let free = 0;
  /** Given, and not known to be counted by the store. */
  let given = 0;
  let givenSinceAsked = 0;
  let goodUntil = 0;
  let isAway = false;
  let asking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function mayGive(): boolean {
    return free > 0 && (isAway || performance.now() < goodUntil);
  }

  function give(): 'slot' {
    free -= 1;
    given += 1;
    givenSinceAsked += 1;
    return 'slot';
  }

  function serve(): void {
    while (waiting.length > 0 && mayGive()) waiting[0]?.resolve(give());
  }

  function leave(one: Waiting): void {
    one.end();
    waiting = waiting.filter((other) => other !== one);
  }

  async function askOnce(): Promise<void> {
    if (onDisk.size > 0 && !hasSpooled()) {
      given -= onDisk.size;
      onDisk.clear();
    }
    const beganAt = performance.now();
    givenSinceAsked = 0;
    for (const one of waiting) one.isAsked = true;
    const granted = await hold({ given, free, wanted: waiting.length });
    isAway = granted === null;
    if (granted) {
      // What went out meanwhile came from what it had, and that was left to it.
      free = Math.max(0, granted.free - givenSinceAsked);
      goodUntil = beganAt + goodMs;
    }
    serve();
    const now = performance.now();
    for (const one of waiting) if (one.isAsked && one.waitUntil <= now) one.resolve(null);
  }

  function ask(): Promise<void> {
    clearTimeout(timer);
    asking ??= askOnce().finally(() => {
      asking = undefined;
      if (waiting.length === 0) return;
      const isNew = waiting.some(({ isAsked }) => !isAsked);
      timer = setTimeout(ask, isNew ? 0 : againMs);
      timer.unref();
    });
    return asking;
  }

  return {
    take({ askMs, waitMs }) {
      if (waiting.length === 0 && mayGive()) {
        const slot = give();
        // The next one need not wait for the store; and whether it is back shows only where it is asked.
        if (free === 0 || isAway) void ask();
        return Promise.resolve(slot);
      }
      const now = performance.now();
      return new Promise((resolve) => {
        const one: Waiting = {
          waitUntil: now + waitMs,
          isAsked: false,
          resolve(answer) {
            leave(one);
            resolve(answer);
          },
          end: deadlines.add(now + Math.max(askMs, waitMs), () => {
            // A store that takes so long may be away: what was held last is better than no answer.
            const isHanging = asking !== undefined && free > 0;
            one.resolve(isHanging || mayGive() ? give() : null);
          }),
        };
        waiting.push(one);
        void ask();
      });
    },
    stored(correlationId) {
      given -= 1;
      letIn.add(correlationId);
    },
    spooled(correlationId) {
      if (onDisk.has(correlationId)) given -= 1;
      onDisk.add(correlationId);
      letIn.add(correlationId);
    },
    giveBack() {
      given -= 1;
      free += 1;
      serve();
    },
    ended(correlationId, isStored) {
      const wasOnDisk = onDisk.delete(correlationId);
      const wasLetIn = letIn.take(correlationId);
      if (wasOnDisk) given -= 1;
      if (wasOnDisk || (isAway && wasLetIn && !isStored)) free += 1;
      serve();
      if (waiting.length > 0) void ask();
    },
    ask,
  };
}
