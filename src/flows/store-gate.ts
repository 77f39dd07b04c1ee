import { ConnectorError, messageOf } from '../domain/errors.ts';
import { createDeadlines } from './deadlines.ts';

export type StoreAnswer<T> = { kind: 'answer'; value: T } | { kind: 'away'; why: string };

/**
 * Asks the store within a time budget of the machine's clock. The answer is the store's, or `away` when it fails or takes
 * longer; it rejects only with `bad_request`. The work may still happen later: it must be harmless then.
 */
export interface StoreGate {
  read<T>(budgetMs: number, work: () => Promise<T>): Promise<StoreAnswer<T>>;
  write<T>(budgetMs: number, work: () => Promise<T>): Promise<StoreAnswer<T>>;
  /** True while reads or writes are not answered. */
  isAway(): boolean;
}

export interface StoreGateOptions {
  /** Budget while the store is known to be away: just enough to notice that it is back. (Default: 25 ms) */
  awayBudgetMs?: number;
  onChange(isAway: boolean, why: string): void;
  /** How long the store took, however it ended. */
  onAnswer?(lane: 'read' | 'write', ms: number): void;
}

/**
 * After a missed budget the next callers wait only briefly, so that a frozen database doesn't add its whole time-out to
 * every live call; the first answer brings the full budget back. Reads and writes are two lanes: a locked SQLite file
 * still answers reads, which says nothing about writes.
 */
export function createStoreGate({ awayBudgetMs = 25, onChange, onAnswer }: StoreGateOptions): StoreGate {
  const away = { read: false, write: false };
  const deadlines = createDeadlines();

  function set(lane: keyof typeof away, isAway: boolean, why: string): void {
    const before = away.read || away.write;
    away[lane] = isAway;
    const after = away.read || away.write;
    if (before !== after) onChange(after, why);
  }

  function ask<T>(lane: keyof typeof away, budgetMs: number, work: () => Promise<T>): Promise<StoreAnswer<T>> {
    const budget = Math.max(1, Math.round(away[lane] ? Math.min(budgetMs, awayBudgetMs) : budgetMs));
    const startedAt = performance.now();
    const working = work();
    // By hand: every live call asks several times, and each promise that waits for promises costs it some.
    return new Promise((resolve, reject) => {
      const end = deadlines.add(startedAt + budget, () => giveUp(`no answer within ${budget} ms`));

      function giveUp(why: string): void {
        set(lane, true, why);
        resolve({ kind: 'away', why });
      }

      working.then(
        (value) => {
          end();
          onAnswer?.(lane, performance.now() - startedAt);
          // A late answer still shows that the store is back.
          set(lane, false, '');
          resolve({ kind: 'answer', value });
        },
        (error: unknown) => {
          const isInTime = end();
          onAnswer?.(lane, performance.now() - startedAt);
          // The store lives, and can never hold this: that is the caller's matter.
          if (error instanceof ConnectorError && error.code === 'bad_request') reject(error);
          else if (isInTime) giveUp(messageOf(error));
        },
      );
    });
  }

  return {
    read: (budgetMs, work) => ask('read', budgetMs, work),
    write: (budgetMs, work) => ask('write', budgetMs, work),
    isAway: () => away.read || away.write,
  };
}
