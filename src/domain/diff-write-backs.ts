import type { Instant } from './call.ts';
import {
  type Aspect,
  canonicalDesired,
  type Desired,
  firstState,
  isSameValue,
  type WantedWriteBack,
  type WriteBack,
  type WriteBackState,
  type WriteBackTarget,
} from './write-back.ts';

export interface WriteBackDiff {
  /** `inDoubt`: the row that it replaces may have taken effect, or may do so yet. */
  insert: { wanted: WantedWriteBack; revision: number; inDoubt: boolean }[];
  /** Ids of waiting or shown rows that a newer wish replaces. */
  supersede: string[];
  /** Ids of waiting or shown rows that are not wanted any more. */
  cancel: string[];
  /** Waiting or shown rows whose value stands, but which may go earlier or now know their record better. */
  refresh: { id: string; dueAt: Instant; target: WriteBackTarget }[];
}

type Row = Pick<
  WriteBack,
  'id' | 'dialer' | 'aspect' | 'revision' | 'desired' | 'state' | 'dueAt' | 'target' | 'inDoubt' | 'cancelledBy'
>;

/**
 * Write-backs are the difference between what is wanted now and what was last wanted. A newer wish replaces a waiting
 * row and follows one that is under way or delivered. Pure, so the same facts always end in the same rows.
 *
 * @param now when an insert without its own time is due
 * @param listedStill numbers that another call opted out: they stay on the lists when this call's opt-out is undone
 */
export function diffWriteBacks(
  rows: readonly Row[],
  wanted: readonly WantedWriteBack[],
  now: Instant,
  listedStill: ReadonlySet<string> = new Set(),
): WriteBackDiff {
  const diff: WriteBackDiff = { insert: [], supersede: [], cancel: [], refresh: [] };
  const wishes = new Map(wanted.map((wish) => [keyOf(wish.dialer, wish.desired.aspect), wish]));
  const histories = Map.groupBy(rows, (row) => keyOf(row.dialer, row.aspect));

  for (const [key, wish] of wishes) meetWish(diff, histories.get(key) ?? [], wish, now);
  for (const [key, history] of histories) if (!wishes.has(key)) takeBack(diff, history, listedStill);
  return diff;
}

function meetWish(diff: WriteBackDiff, history: readonly Row[], wish: WantedWriteBack, now: Instant): void {
  const { waiting, effective, dropped, isUnsure } = readHistory(history);
  const text = canonicalDesired(wish.desired);
  const dueAt = wish.notBefore && wish.notBefore > now ? wish.notBefore : now;

  if (waiting && canonicalDesired(waiting.desired) === text && waiting.state === firstState(wish)) {
    const isEarlier = dueAt < waiting.dueAt;
    const isBetter = JSON.stringify(waiting.target) !== JSON.stringify(wish.target);
    if (isEarlier || isBetter) {
      diff.refresh.push({ id: waiting.id, dueAt: isEarlier ? dueAt : waiting.dueAt, target: wish.target });
    }
    return;
  }
  if (waiting) diff.supersede.push(waiting.id);
  if (dropped && isTakenBack(dropped.desired, wish.desired)) return;
  if (!isUnsure && effective && canonicalDesired(effective.desired) === text) return;
  // What was only shown may be old by the time a person has it written.
  const isLate = waiting?.state === 'shadow' && !wish.shadow;
  const inDoubt = isLate || isUnsure || (effective?.inDoubt ?? false) || mayBeThere(history, wish.desired);
  diff.insert.push({ wanted: wish, revision: nextRevision(history), inDoubt });
}

function takeBack(diff: WriteBackDiff, history: readonly Row[], listedStill: ReadonlySet<string>): void {
  const { waiting, effective, taken, dropped, isUnsure } = readHistory(history);
  if (waiting && isUndo(waiting.desired)) return;
  if (waiting) diff.cancel.push(waiting.id);
  if (dropped && isUndo(dropped.desired)) return;
  if (!taken || isUndo(taken.desired) || (effective && isUndo(effective.desired) && !waiting?.inDoubt)) return;
  const desired = undoOf(taken.desired, listedStill);
  if (!desired) return;
  diff.insert.push({
    wanted: { dialer: taken.dialer, target: taken.target, desired },
    revision: nextRevision(history),
    inDoubt: isUnsure || (effective?.inDoubt ?? false),
  });
}

/** What a person took back is not planned again; a disposition that was not even mapped is known by its outcome. */
function isTakenBack(dropped: Desired, wanted: Desired): boolean {
  if (canonicalDesired(dropped) === canonicalDesired(wanted)) return true;
  if (dropped.aspect !== 'disposition' || wanted.aspect !== 'disposition') return false;
  return dropped.disposition === '' && dropped.outcome === wanted.outcome;
}

/** What an earlier revision set may be there still: one after it may have failed, or a human came between. Look first. */
function mayBeThere(history: readonly Row[], desired: Desired): boolean {
  const went = history.filter(({ state, inDoubt }) => inDoubt || /claimed|submitted|confirmed/.test(state));
  return went.some((row) => isSameValue(row.desired, desired));
}

/** No dialer has it, and none is about to get it. */
export const replaceable: readonly WriteBackState[] = ['held', 'pending', 'shadow'];

interface History {
  /** Can still be replaced. */
  waiting: Row | undefined;
  /** The last value that went, or is going, to the dialer. */
  effective: Row | undefined;
  /** The last that the dialer may hold: a row that is refused, dead or waits counts only while it is in doubt. */
  taken: Row | undefined;
  /** The last row of all, when a person took it back. */
  dropped: Row | undefined;
  /** A row after the effective one, waiting or cancelled, may have taken effect or may do so yet. */
  isUnsure: boolean;
}

function readHistory(history: readonly Row[]): History {
  const read: History = {
    waiting: undefined,
    effective: undefined,
    taken: undefined,
    dropped: undefined,
    isUnsure: false,
  };
  for (const row of [...history].sort((a, b) => a.revision - b.revision)) {
    read.dropped = row.state === 'cancelled' && row.cancelledBy ? row : undefined;
    // The doubt of a superseded row is with the one that replaced it.
    if (row.state === 'superseded') continue;
    if (replaceable.includes(row.state) || row.state === 'cancelled') {
      if (row.inDoubt) read.isUnsure = true;
      if (read.dropped && row.inDoubt) read.taken = row;
      if (row.state === 'cancelled') continue;
      read.waiting = row;
      if (row.inDoubt) read.taken = row;
      continue;
    }
    read.isUnsure = false;
    read.effective = row;
    if ((row.state !== 'refused' && row.state !== 'dead') || row.inDoubt) read.taken = row;
  }
  return read;
}

function nextRevision(history: readonly Row[]): number {
  return Math.max(0, ...history.map((row) => row.revision)) + 1;
}

/** A disposition or a field that was written stays; a callback and a DNC entry can be taken back. */
function undoOf(desired: Desired, listedStill: ReadonlySet<string>): Desired | null {
  if (desired.aspect === 'callback') return { aspect: 'callback', at: null, note: '' };
  if (desired.aspect !== 'dnc') return null;
  const phones = desired.phones.filter((phone) => !listedStill.has(phone));
  return phones.length > 0 ? { ...desired, phones, listed: false } : null;
}

function isUndo(desired: Desired): boolean {
  return (desired.aspect === 'callback' && desired.at === null) || (desired.aspect === 'dnc' && !desired.listed);
}

function keyOf(dialer: string, aspect: Aspect): string {
  return `${dialer} ${aspect}`;
}
