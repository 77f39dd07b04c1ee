import { instantOf } from '../../domain/clock.ts';
import type { Dialer } from '../../domain/dialer.ts';
import { callsOfPlatform, type PlatformLoad, platformOf } from '../../domain/slots.ts';
import type { GoingQuery } from '../../store/reads/going-calls.ts';
import type { Deps } from '../deps.ts';
import { createLetInCalls } from './let-in-calls.ts';
import { createSlotPool, type SlotPool, type SlotTime } from './slot-pool.ts';

/** Holds calls to what each platform takes at once, over all processes (docs/decisions/0049-slots-are-held-in-advance.md). */
export interface Capacity {
  /** Fetches what this process may give, so that it has something should the store go away. */
  start(): Promise<void>;
  /** A slot for a call of a campaign; null when there is none within the time. A platform of unknown concurrency has any number. */
  take(dialer: Dialer, campaign: string, time: SlotTime): Promise<Slot | null>;
  /** A call is over, as this process was told. @param isStored the store knows it, else it lies on this process's disk */
  ended(correlationId: string, isStored: boolean): void;
  /** What each platform has now, by the store. */
  loads(): Promise<PlatformLoad[]>;
  /** Whether a platform has no room for a call that somebody wants to place now. False where that is not known. */
  isFull(platform: string): Promise<boolean>;
}

/** What a call holds until it is kept somewhere. */
export interface Slot {
  /** The call went where it holds the slot: to the store, or to this process's disk. */
  keep(correlationId: string, isStored: boolean): void;
  /** The call does not go to the AI after all. */
  giveBack(): void;
}

type CapacityDeps = Pick<
  Deps,
  'dialers' | 'platforms' | 'settings' | 'store' | 'gate' | 'spool' | 'clock' | 'ownProcess'
>;

/** How long a hold lasts in the store, and how long of that this process gives from it. */
const ttlMs = 5000;
const goodMs = 4000;
/** For one question to the store. */
const storeMs = 500;
/** For one of who has time: nobody is on the line. */
const patientMs = 5000;
const noSlot: Slot = { keep: () => undefined, giveBack: () => undefined };

/** @param own the service's deps, once they are put together */
export function createCapacity(own: () => CapacityDeps): Capacity {
  const pools = new Map<string, SlotPool>();

  function limitOf(platform: string): number | undefined {
    const { concurrency, keepFree = 0 } = own().platforms.get(platform) ?? {};
    return concurrency === undefined ? undefined : Math.max(0, concurrency - keepFree);
  }

  function poolOf(platform: string): SlotPool {
    const known = pools.get(platform);
    if (known) return known;
    const fresh = createSlotPool({
      async hold(wish) {
        const { gate, store, ownProcess } = own();
        const limit = limitOf(platform) ?? Number.MAX_SAFE_INTEGER;
        const input = { platform, holder: ownProcess.id, limit, ttlMs, ...wish, going: goingOf(own(), platform) };
        const answer = await gate.write(storeMs, () => store.holdSlots(input));
        return answer.kind === 'answer' ? answer.value : null;
      },
      letIn: createLetInCalls({
        most: () => limitOf(platform) ?? 0,
        longestMs: () => longestMsOf(own()),
        now: () => own().clock.now(),
      }),
      hasSpooled: () => own().spool.size() > 0,
      goodMs,
    });
    pools.set(platform, fresh);
    return fresh;
  }

  return {
    async start() {
      const limited = [...own().platforms.keys()].filter((platform) => limitOf(platform) !== undefined);
      await Promise.all(limited.map((platform) => poolOf(platform).ask()));
    },
    async take({ settings }, campaign, time) {
      const platform = platformOf(settings, campaign, [...own().platforms.keys()]);
      if (limitOf(platform) === undefined) return noSlot;
      const pool = poolOf(platform);
      const answer = await pool.take(time);
      return answer && slotOf(pool);
    },
    ended(correlationId, isStored) {
      for (const pool of pools.values()) pool.ended(correlationId, isStored);
    },
    async loads() {
      const deps = own();
      return await Promise.all(
        [...deps.platforms].map(async ([platform, { concurrency = null }]) => ({
          platform,
          going: await deps.store.goingCalls(goingOf(deps, platform)),
          concurrency,
        })),
      );
    },
    async isFull(platform) {
      const limit = limitOf(platform);
      if (limit === undefined) return false;
      const { gate, store } = own();
      const answer = await gate.read(patientMs, () => store.goingCalls(goingOf(own(), platform)));
      return answer.kind === 'answer' && answer.value >= limit;
    },
  };
}

function goingOf({ dialers, platforms, settings, clock }: CapacityDeps, platform: string): GoingQuery {
  return {
    of: callsOfPlatform(dialers.values(), platform, [...platforms.keys()]),
    now: instantOf(clock),
    longestMs: longestMsOf({ settings }),
  };
}

function longestMsOf({ settings }: Pick<CapacityDeps, 'settings'>): number {
  return settings.gate.capacity.longestCallMin * 60_000;
}

function slotOf(pool: SlotPool): Slot {
  return {
    keep: (correlationId, isStored) => (isStored ? pool.stored(correlationId) : pool.spooled(correlationId)),
    giveBack: () => pool.giveBack(),
  };
}
