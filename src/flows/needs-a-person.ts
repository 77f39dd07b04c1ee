import { type AttentionKind, attentionKinds } from '../domain/attention.ts';
import type { Instant } from '../domain/call.ts';
import type { Deps } from './deps.ts';

/** Of one kind, how many things wait for a person. */
export interface WaitingKind {
  /** An open thing's kind, or write-backs that can't go on by themselves. */
  kind: AttentionKind | 'held-write-back' | 'failed-write-back';
  count: number;
  oldestAt: Instant;
}

/** Above this nobody counts, of one kind. */
export const mostCounted = 10_000;

/** What needs a person now, by kind, the most pressing first. By indexes alone. */
export async function needsAPerson({ store }: Pick<Deps, 'store'>): Promise<readonly WaitingKind[]> {
  const waiting: WaitingKind[] = await store.countAttention(mostCounted);
  const failed = await store.countWriteBacksUpTo({ states: ['held', 'refused', 'dead'], most: mostCounted });
  for (const { state, count, oldestDueAt } of failed) {
    const kind = state === 'held' ? 'held-write-back' : 'failed-write-back';
    const known = waiting.find((each) => each.kind === kind);
    if (!known) waiting.push({ kind, count, oldestAt: oldestDueAt });
    else {
      known.count += count;
      if (oldestDueAt < known.oldestAt) known.oldestAt = oldestDueAt;
    }
  }
  return waiting.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Write-backs that are stuck come after what a person out there waits for. */
const order: readonly WaitingKind['kind'][] = attentionKinds.flatMap((kind) =>
  kind === 'forged-event' ? ['failed-write-back', 'held-write-back', kind] : [kind],
);
