import { ConnectorError, messageOf } from '../domain/errors.ts';

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

  function set(lane: keyof typeof away, isAway: boolean, why: string): void {
    const before = away.read || away.write;
    away[lane] = isAway;
    const after = away.read || away.write;
    if (before !== after) onChange(after, why);
  }

  async function ask<T>(lane: keyof typeof away, budgetMs: number, work: () => Promise<T>): Promise<StoreAnswer<T>> {
    const budget = Math.max(1, Math.round(away[lane] ? Math.min(budgetMs, awayBudgetMs) : budgetMs));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), budget);
    });
    const startedAt = performance.now();
    // A late answer still shows that the store is back.
    const working = work().then(
      (value) => {
        onAnswer?.(lane, performance.now() - startedAt);
        set(lane, false, '');
        return { kind: 'answer', value } as const;
      },
      (error: unknown) => {
        onAnswer?.(lane, performance.now() - startedAt);
        // The store lives, and can never hold this: that is the caller's matter.
        if (error instanceof ConnectorError && error.code === 'bad_request') throw error;
        return { kind: 'away', why: messageOf(error) } as const;
      },
    );
    const first = await Promise.race([working, late]).finally(() => clearTimeout(timer));
    working.catch(() => undefined);
    const answer = first === 'late' ? ({ kind: 'away', why: `no answer within ${budget} ms` } as const) : first;
    if (answer.kind === 'away') set(lane, true, answer.why);
    return answer;
  }

  return {
    read: (budgetMs, work) => ask('read', budgetMs, work),
    write: (budgetMs, work) => ask('write', budgetMs, work),
    isAway: () => away.read || away.write,
  };
}
