import type { KillAt } from '../../src/kill-at.ts';
import { seededRandom } from '../demo/random.ts';
import type { ChaosOptions } from './options.ts';

/** What a fault befalls: one of them at a time per target. */
const targets = {
  'patchbay-killed': 'patchbay',
  'disk-full': 'disk',
  'disk-nearly-full': 'disk',
  'clock-ahead': 'clock',
  'clock-behind': 'clock',
  'clock-leap': 'clock',
  'vicidial-database-killed': 'vicidial-database',
  'vicidial-database-frozen': 'vicidial-database',
  'vicidial-cut': 'vicidial',
  'vicidial-slow': 'vicidial',
  'vicidial-500': 'vicidial',
  'vicidial-half-answers': 'vicidial',
  'vicidial-answers-lost': 'vicidial',
  'five9-cut': 'five9',
  'five9-slow': 'five9',
  'five9-503': 'five9',
  'five9-half-answers': 'five9',
  'five9-answers-lost': 'five9',
  'five9-session-closed': 'five9',
  'platform-cut': 'platform',
  'platform-slow': 'platform',
  'store-locked': 'store',
  'store-killed': 'store',
  'store-frozen': 'store',
} as const;
export type FaultKind = keyof typeof targets;

/** These need a database of one kind. */
const onlyWith: Partial<Record<FaultKind, ChaosOptions['store']>> = {
  'store-locked': 'sqlite',
  'store-killed': 'mysql',
  'store-frozen': 'mysql',
};

/** Longest, in seconds of the machine; what is not here lasts up to `usualSec`. */
const mostSec: Partial<Record<FaultKind, number>> = {
  'patchbay-killed': 0,
  'clock-leap': 0,
  'five9-session-closed': 0,
  'vicidial-database-killed': 3,
  'vicidial-database-frozen': 3,
};
const usualSec = 5;
/** A target is left in peace for so long after a fault. */
const restSec = 2;

/** A fault that begins so long after the first call may come, by the machine's clock, and heals after a while. */
export interface PlannedFault {
  kind: FaultKind;
  target: (typeof targets)[FaultKind];
  atMs: number;
  forMs: number;
  /** A draw of its own, for what else there is to choose. */
  draw: number;
}

/** All faults of a run. The same options give the same plan. */
export function planFaults(options: Pick<ChaosOptions, 'seed' | 'minutes' | 'store'>): PlannedFault[] {
  const random = seededRandom(options.seed * 7919 + 17);
  const kinds = (Object.keys(targets) as FaultKind[]).filter(
    (kind) => (onlyWith[kind] ?? options.store) === options.store,
  );
  const endMs = options.minutes * 60_000 * 0.92;
  const freeAt = new Map<string, number>();
  const plan: PlannedFault[] = [];
  // Each kind once before one comes again.
  let round: FaultKind[] = [];
  for (let atMs = 1000; atMs < endMs; atMs += 500 + random() * 3000) {
    if (round.length === 0) round = shuffled(kinds, random);
    const index = round.findIndex((kind) => (freeAt.get(targets[kind]) ?? 0) <= atMs);
    const [kind] = index < 0 ? [] : round.splice(index, 1);
    if (!kind) continue;
    const target = targets[kind];
    const longest = (mostSec[kind] ?? usualSec) * 1000;
    const forMs = Math.min(endMs - atMs, longest === 0 ? 0 : 500 + random() * (longest - 500));
    freeAt.set(target, atMs + forMs + restSec * 1000);
    plan.push({ kind, target, atMs: Math.round(atMs), forMs: Math.round(forMs), draw: random() });
  }
  return plan;
}

/** Which fail points end a process, in which order, and the how manieth time that each is passed. */
export function planPoints(
  { seed, points, isTour }: Pick<ChaosOptions, 'seed' | 'points' | 'isTour'>,
  { rounds, mostNth } = isTour ? { rounds: 1, mostNth: 1 } : { rounds: 6, mostNth: 4 },
): KillAt[] {
  const random = seededRandom(seed * 104_729 + 5);
  const round = () => shuffled(points, random).map((point) => ({ point, nth: 1 + Math.floor(random() * mostNth) }));
  return Array.from({ length: rounds }, round).flat();
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}
