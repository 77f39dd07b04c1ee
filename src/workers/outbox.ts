import { setTimeout as wait } from 'node:timers/promises';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import { createBreaker } from '../flows/breaker.ts';
import { confirmReceipts, type DeliveryState, deliverWriteBacks } from '../flows/deliver-write-backs.ts';
import type { Deps } from '../flows/deps.ts';

export interface Outbox {
  start(): void;
  /** Looks at once. */
  nudge(): void;
  /** Stops claiming, and waits for what is running at most so long (machine time). */
  stop(graceMs: number): Promise<void>;
  breakerState(dialer: string): 'closed' | 'open' | 'half-open';
}

interface Loop {
  dialer: Dialer;
  state: DeliveryState;
  /** One round of it. Gives how many rows were worked on. */
  work(): Promise<number>;
  /** Ends its sleep; does nothing while it works. */
  wake(): void;
  isNudged: boolean;
}

const reviewEveryMs = 60_000;

/**
 * Two loops per dialer, so that neither a long batch nor a slow look holds up the other: one delivers, one confirms. Each
 * sleeps until a nudge or the poll interval (machine time; what is due is decided by `deps.clock`).
 */
export function createOutbox(deps: Deps, pollMs: number): Outbox {
  const stopping = new AbortController();
  const { breakerFailures: failures, breakerWaitMs: waitMs } = deps.settings.outbox;
  const newBreaker = () => createBreaker(deps.clock, { failures, waitMs });
  const loops: Loop[] = [...deps.dialers.values()].flatMap((dialer) => {
    const state: DeliveryState = { breaker: newBreaker(), confirmBreaker: newBreaker(), holds: [] };
    const rest = () => ({ dialer, state, wake: awake, isNudged: false });
    const delivering = { ...rest(), work: deliveryRound(dialer, state) };
    return dialer.confirm
      ? [delivering, { ...rest(), work: () => confirmReceipts(deps, dialer, state) }]
      : [delivering];
  });
  let running: Promise<unknown> = Promise.resolve();
  let stopListening = () => {};

  function deliveryRound(dialer: Dialer, state: DeliveryState): () => Promise<number> {
    let reviewedAt = Number.NEGATIVE_INFINITY;
    return async () => {
      if (performance.now() - reviewedAt > reviewEveryMs) {
        reviewedAt = performance.now();
        await review(deps, dialer, state);
      }
      return deliverWriteBacks(deps, dialer, state);
    };
  }

  async function run(loop: Loop): Promise<void> {
    while (!stopping.signal.aborted) {
      loop.isNudged = false;
      const count = await round(loop);
      if (count > 0 || loop.isNudged || stopping.signal.aborted) continue;
      await sleep(loop, pollMs);
    }
  }

  async function round(loop: Loop): Promise<number> {
    try {
      return await loop.work();
    } catch (error) {
      deps.log.warn(
        { dialer: loop.dialer.id, reason: messageOf(error) },
        'the outbox could not work: the store is away',
      );
      await wait(pollMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      return 0;
    }
  }

  /** By hand: each fact of each call may wake them, and a signal that ends a wait makes an error with all that is under way. */
  function sleep(loop: Loop, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, ms).unref();
      loop.wake = end;

      function end(): void {
        clearTimeout(timer);
        loop.wake = awake;
        resolve();
      }
    });
  }

  function nudge(): void {
    for (const loop of loops) {
      loop.isNudged = true;
      loop.wake();
    }
  }

  return {
    start() {
      // What a pause held back goes on at once.
      stopListening = deps.controls.onChange(nudge);
      running = Promise.all(loops.map(run));
    },
    nudge,
    async stop(graceMs) {
      stopping.abort();
      stopListening();
      for (const loop of loops) loop.wake();
      await Promise.race([running, wait(graceMs, undefined, { ref: false })]);
    },
    breakerState: (id) => loops.find((loop) => loop.dialer.id === id)?.state.breaker.state() ?? 'closed',
  };
}

function awake(): void {}

/** Asks the dialer whether it knows what we are about to write; a campaign that it contradicts waits. */
async function review(deps: Deps, dialer: Dialer, state: DeliveryState): Promise<void> {
  if (!dialer.reviewCampaigns) return;
  try {
    const holds = await dialer.reviewCampaigns();
    for (const { campaign, why, hint } of holds) {
      deps.log.error({ dialer: dialer.id, campaign, reason: why, hint }, "a campaign's write-backs are held");
    }
    state.holds = holds;
  } catch (error) {
    deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, 'the mapping could not be compared with the dialer');
  }
}
